"""The index: whatever becomes of it, the journal's lines, notes and sums are the same."""

import shutil
import sqlite3

import pytest

from kodgen.engine.store.journal import Journal

LINES = 120


class Sum:
    """What the notes of all lines come to, and how many lines told theirs in this process."""

    def __init__(self):
        self.total = self.told = 0

    def add(self, note):
        self.total += note
        self.told += 1

    def state(self):
        return self.total

    def restore(self, state):
        self.total = state or 0


def opened(path, tally=None):
    return Journal(path, lambda line: line["key"], lambda line: line["number"], tally or Sum())


def write(path, start=0, end=LINES):
    """Lines of different lengths; every third one replaces an earlier one."""
    journal = opened(path)
    for number in range(start, end):
        key = f"key {number // 2 if number % 3 == 0 else number}"
        journal.append({"key": key, "number": number, "text": "ä" * (number % 17)})
    journal.close()


def contents(path):
    """All there is to know of a journal."""
    tally = Sum()
    journal = opened(path, tally)
    found = [(key, note, journal.get(key)) for key, note in journal.notes()]
    assert len(journal) == len(found)
    journal.close()
    return tally.total, found


def without_index(path, folder):
    """The same of the same lines, the index made anew."""
    folder.mkdir(exist_ok=True)
    copy = folder / "alone.jsonl"
    shutil.copy(path, copy)
    copy.with_name("alone.jsonl.index").unlink(missing_ok=True)
    return contents(copy)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "journal.jsonl"
    write(path)
    return path


def index_of(path):
    return path.with_name(path.name + ".index")


def test_only_what_came_after_the_index_is_read(path, tmp_path):
    old = index_of(path).read_bytes()
    write(path, LINES, LINES + 30)
    index_of(path).write_bytes(old)
    tally = Sum()
    journal = opened(path, tally)
    assert (tally.told, tally.total) == (30, sum(range(LINES + 30)))
    journal.close()
    assert contents(path) == without_index(path, tmp_path / "other")
    tally = Sum()
    opened(path, tally).close()
    assert tally.told == 0


def test_a_kill_at_any_byte_leaves_every_whole_line(path, tmp_path):
    whole, index = path.read_bytes(), index_of(path).read_bytes()
    cut = tmp_path / "cut" / "journal.jsonl"
    cut.parent.mkdir()
    size = len(whole)
    for end in [*range(0, size, 997), *range(size - 120, size - 3, 9), *range(size - 3, size)]:
        cut.write_bytes(whole[:end])
        index_of(cut).write_bytes(index)
        expected = without_index(cut, tmp_path / "other")
        assert contents(cut) == expected, end
        assert cut.read_bytes() == whole[: whole.rfind(b"\n", 0, end) + 1]


def test_an_index_of_any_age_serves(tmp_path):
    path, ages = tmp_path / "journal.jsonl", []
    for start in range(0, LINES, 10):
        write(path, start, start + 10)
        ages.append(index_of(path).read_bytes())
    expected = without_index(path, tmp_path / "other")
    for index in ages:
        index_of(path).write_bytes(index)
        assert contents(path) == expected


def garbage(index):
    index.write_bytes(b"no database at all" * 500)


def truncated(index):
    index.write_bytes(index.read_bytes()[:5000])


def overwritten(index):
    raw = bytearray(index.read_bytes())
    raw[4096:-100] = b"\xa5" * (len(raw) - 4196)
    index.write_bytes(raw)


def empty(index):
    index.write_bytes(b"")


def of_something_else(index):
    index.unlink()
    base = sqlite3.connect(index)
    base.execute("CREATE TABLE line (a TEXT)")
    base.commit()
    base.close()


def of_another_version(index):
    base = sqlite3.connect(index)
    base.execute("PRAGMA user_version = 99")
    base.commit()
    base.close()


def of_another_journal(index):
    other = index.with_name("other.jsonl")
    write(other, 5, 90)
    index.write_bytes(index_of(other).read_bytes())


def of_one_with_the_same_beginning(index):
    other = index.with_name("other.jsonl")
    write(other, 0, LINES // 2)
    write(other, LINES - 1, LINES)
    index.write_bytes(index_of(other).read_bytes())


def without_a_cover(index):
    base = sqlite3.connect(index)
    base.execute("DELETE FROM cover")
    base.execute("INSERT INTO line VALUES ('ghost', 0, 10, '1')")
    base.commit()
    base.close()


def torn_log(index):
    index.with_name(index.name + "-wal").write_bytes(b"\x37\x7f\x06\x82" + b"\0" * 3000)


BROKEN = [
    garbage,
    truncated,
    overwritten,
    empty,
    of_something_else,
    of_another_version,
    of_another_journal,
    of_one_with_the_same_beginning,
    without_a_cover,
    torn_log,
]


@pytest.mark.parametrize("harm", BROKEN, ids=[harm.__name__ for harm in BROKEN])
def test_an_index_that_is_none_of_this_journal_is_made_anew(path, tmp_path, harm):
    expected = contents(path)
    harm(index_of(path))
    assert contents(path) == expected
    tally = Sum()
    opened(path, tally).close()
    assert tally.told == 0, "and serves the next time"
    write(path, LINES, LINES + 9)
    assert contents(path) == without_index(path, tmp_path / "other")


@pytest.mark.parametrize("harm", BROKEN, ids=[harm.__name__ for harm in BROKEN])
def test_a_reader_does_without_a_broken_index(path, harm):
    expected = contents(path)
    harm(index_of(path))
    tally = Sum()
    journal = Journal(
        path, lambda line: line["key"], lambda line: line["number"], tally, read_only=True
    )
    found = [(key, note, journal.get(key)) for key, note in journal.notes()]
    assert (tally.total, found) == expected


def test_an_index_that_breaks_while_in_use_is_made_anew(path):
    expected = contents(path)
    journal = opened(path)
    overwritten(index_of(path))
    assert [(key, journal.note(key), journal.get(key)) for key, *_ in expected[1]] == expected[1]
    assert index_of(path).read_bytes().count(b"\xa5") < 100, "the broken file was replaced"
    journal.append({"key": "more", "number": 1000, "text": ""})
    journal.close()
    total, lines = contents(path)
    assert (total, lines[:-1]) == (expected[0] + 1000, expected[1])


def test_where_no_index_can_be_written_nothing_is_lost(tmp_path, caplog):
    path = tmp_path / "journal.jsonl"
    index_of(path).mkdir()
    (index_of(path) / "in the way").touch()
    write(path)
    assert "no line is lost" in caplog.text
    assert contents(path) == without_index(path, tmp_path / "other")
    write(path, LINES, LINES + 9)
    assert contents(path) == without_index(path, tmp_path / "other")


def test_a_second_opener_leaves_the_first_one_s_index_alone(path, tmp_path):
    first = opened(path)
    first.append({"key": "first", "number": 1000})
    second = opened(path)
    assert second.note("first") == 1000
    second.close()
    first.append({"key": "later", "number": 2000})
    first.close()
    assert contents(path) == without_index(path, tmp_path / "other")
