"""The journal: nothing written is lost, a torn tail is dropped, damage is said so."""

import json
import resource
import shutil
import signal
import subprocess
import sys

import pytest

from kodgen.engine.store.journal import Journal
from kodgen.errors import RunDirectoryError


def open_journal(path):
    return Journal(path, lambda line: line.get("key"))


class Sum:
    """Number of lines, and what their values come to."""

    def __init__(self):
        self.total = [0, 0]

    def add(self, note):
        self.total = [self.total[0] + 1, self.total[1] + note["value"]]

    def state(self):
        return self.total

    def restore(self, state):
        self.total = list(state or [0, 0])


def noted(path, tally=None, **options):
    return Journal(
        path, lambda line: line["key"], lambda line: {"value": line["value"]}, tally, **options
    )


def fill(journal, start, end):
    for number in range(start, end):
        journal.append({"key": f"key {number}", "value": number, "text": "x" * 150})


def damage(path, old, new):
    raw = path.read_bytes()
    assert raw.count(old) == 1
    path.write_bytes(raw.replace(old, new))


def test_lines_are_found_by_key_after_reopening(tmp_path):
    path = tmp_path / "journal.jsonl"
    journal = open_journal(path)
    journal.append({"key": "a", "value": "ä\n\u2028" + "x" * 200_000})
    journal.append({"value": "not indexed"})
    journal.append({"key": "b", "value": 2})
    journal.close()
    again = open_journal(path)
    assert list(again.keys()) == ["a", "b"]
    assert again.get("a")["value"].startswith("ä\n\u2028xxx")
    assert again.get("b") == {"key": "b", "value": 2}
    assert again.get("c") is None
    assert "a" in again


def test_a_later_line_replaces_an_earlier_one(tmp_path):
    path = tmp_path / "journal.jsonl"
    journal = open_journal(path)
    journal.append({"key": "a", "value": 1})
    journal.append({"key": "a", "value": 2})
    assert journal.get("a")["value"] == 2
    assert open_journal(path).get("a")["value"] == 2


@pytest.mark.parametrize("cut", [1, 5, 17])
def test_a_torn_last_line_is_dropped_and_written_over(tmp_path, cut):
    path = tmp_path / "journal.jsonl"
    journal = open_journal(path)
    journal.append({"key": "a", "value": 1})
    journal.append({"key": "b", "value": "torn"})
    journal.close()
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - cut)
    again = open_journal(path)
    assert list(again.keys()) == ["a"]
    again.append({"key": "c", "value": 3})
    again.close()
    assert [json.loads(line)["key"] for line in path.read_text().splitlines()] == ["a", "c"]


def test_damage_in_the_middle_names_file_and_line(tmp_path):
    path = tmp_path / "journal.jsonl"
    path.write_text('{"key": "a"}\n{"key": \n{"key": "c"}\n')
    with pytest.raises(RunDirectoryError, match=r"journal\.jsonl:2: not JSON.*delete this line"):
        open_journal(path)


WRITER = """
from pathlib import Path
from kodgen.engine.store.journal import Journal
journal = Journal(Path({path!r}), lambda line: line["key"])
print("ready", flush=True)
number = len(journal)
while True:
    journal.append({{"key": str(number), "value": "x" * 5000}})
    number += 1
"""


def test_sigkill_loses_no_finished_line(tmp_path):
    path = tmp_path / "journal.jsonl"
    for _ in range(3):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER.format(path=str(path))], stdout=subprocess.PIPE
        )
        assert writer.stdout.readline() == b"ready\n"
        before = path.stat().st_size
        while path.stat().st_size < before + 100_000:
            pass
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        journal = open_journal(path)
        assert list(journal.keys()) == [str(n) for n in range(len(journal))]
        journal.close()


FULL_DISK = """
from pathlib import Path
from kodgen.engine.store.journal import Journal
from kodgen.errors import RunDirectoryError
journal = Journal(Path({path!r}), lambda line: line["key"])
number = 0
try:
    while True:
        journal.append({{"key": str(number), "value": "x" * 1000}})
        number += 1
except RunDirectoryError as error:
    print(number, error)
"""


def test_a_full_disk_is_said_and_what_was_written_stays(tmp_path):
    path = tmp_path / "journal.jsonl"

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK.format(path=str(path))],
        capture_output=True,
        text=True,
        preexec_fn=limit,
        check=True,
    )
    written, _, message = done.stdout.partition(" ")
    assert "make space" in message
    journal = open_journal(path)
    assert len(journal) == int(written)
    journal.append({"key": "after", "value": "space was made"})
    assert journal.get("after")["value"] == "space was made"


def test_an_unwritable_folder_is_said(tmp_path):
    with pytest.raises(RunDirectoryError, match="can't be written"):
        open_journal(tmp_path / "missing" / "journal.jsonl")


MEMORY = """
import resource
from pathlib import Path
from kodgen.engine.store.journal import Journal
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
def write(first, last):
    for number in range(first, last):
        journal.append({{"key": f"row {{number * 7919 % 1_000_003}}" + "x" * 80, "value": 1}})
journal = Journal(Path({path!r}), lambda line: line["key"], lambda line: {{"kept": [1, 2]}})
write(0, 40_000)
before = resident()
write(40_000, 80_000)
print(resident() - before, len(journal))
"""


def test_memory_does_not_grow_with_the_number_of_lines(tmp_path):
    path = tmp_path / "journal.jsonl"
    script = MEMORY.format(path=str(path))
    done = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, check=True)
    grown, lines = map(int, done.stdout.split())
    assert lines == 80_000
    # 40,000 more keys and notes would be some 14 MB in a dictionary; SQLite's cache may fill up.
    assert grown < 4_000_000


def test_a_note_is_had_without_reading_its_line(tmp_path):
    path = tmp_path / "journal.jsonl"
    journal = noted(path)
    fill(journal, 0, 500)
    assert journal.note("key 7") == {"value": 7}
    journal.close()
    damage(path, b'"value":7,', b'"value":7;')
    again = noted(path)
    assert again.note("key 7") == {"value": 7}
    assert again.note("key 500") is None
    with pytest.raises(RunDirectoryError, match=r"journal\.jsonl:8: not JSON.*delete this line"):
        again.get("key 7")
    assert again.get("key 8")["value"] == 8
    again.close()


def test_a_line_deleted_by_hand_is_gone_and_all_others_are_found(tmp_path):
    path = tmp_path / "journal.jsonl"
    journal = noted(path)
    fill(journal, 0, 300)
    journal.close()
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:100] + lines[101:]))
    again = noted(path)
    fill(again, 300, 400)
    assert again.get("key 100") is None
    assert all(again.get(f"key {n}")["value"] == n for n in range(400) if n != 100)
    again.close()


def test_lines_without_a_summary_are_parsed_whole(tmp_path):
    path = tmp_path / "journal.jsonl"
    path.write_text('{"key": "key 1", "value": 1}\n{"value": 2, "key": "key 2"} \n')
    journal = noted(path)
    assert dict(journal.notes()) == {"key 1": {"value": 1}, "key 2": {"value": 2}}
    assert journal.get("key 2") == {"value": 2, "key": "key 2"}


def test_a_line_that_an_editor_laid_out_anew_keeps_its_summary(tmp_path):
    path = tmp_path / "journal.jsonl"
    journal = noted(path)
    fill(journal, 0, 3)
    journal.close()
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert lines[1]["kodgen"] == {"key": "key 1", "note": {"value": 1}}
    path.write_text("".join(json.dumps(line, sort_keys=True) + "\n" for line in lines))
    again = noted(path)
    assert [key for key, _ in again.notes()] == ["key 0", "key 1", "key 2"]
    assert again.note("key 1") == {"value": 1}
    assert again.get("key 1") == {"key": "key 1", "value": 1, "text": "x" * 150}


def test_text_that_looks_like_a_summary_is_none(tmp_path):
    path = tmp_path / "journal.jsonl"
    tricky = ',"kodgen":{"key":"evil","note":0}}\n'
    journal = Journal(path, lambda line: line["key"], lambda line: line["value"])
    journal.append({"key": "a", "value": tricky})
    journal.append({"value": 1, "key": tricky})
    journal.close()
    (tmp_path / "journal.jsonl.index").unlink()
    again = Journal(path, lambda line: line["key"], lambda line: line["value"])
    assert dict(again.notes()) == {"a": tricky, tricky: 1}


def test_a_line_that_kodgen_did_not_write_is_named(tmp_path):
    path = tmp_path / "journal.jsonl"
    path.write_text('{"key": "key 1", "value": 1}\n[]\n')
    with pytest.raises(RunDirectoryError, match=r"journal\.jsonl:2: not a line that kodgen wrote"):
        noted(path)


def test_read_only_changes_nothing(tmp_path):
    missing = noted(tmp_path / "missing.jsonl", read_only=True)
    assert (len(missing), missing.get("key 0"), list(tmp_path.iterdir())) == (0, None, [])
    path = tmp_path / "journal.jsonl"
    journal = noted(path)
    fill(journal, 0, 100)
    journal.close()
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"key": "torn", "va')
    for name in ("with its index", "without"):
        before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
        tally = Sum()
        lent = noted(path, tally, read_only=True)
        assert len(lent) == tally.total[0] == 100, name
        assert lent.get("key 99")["value"] == lent.note("key 99")["value"] == 99
        lent.close()
        assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before
        (tmp_path / "journal.jsonl.index").unlink(missing_ok=True)


FULL_TMPFS = """
import os, sys
from pathlib import Path
from kodgen.engine.store.journal import Journal
from kodgen.errors import RunDirectoryError
full = Path({full!r})
def opened():
    return Journal(Path({path!r}), lambda line: line["key"], lambda line: line["number"])
def check(count):
    journal = opened()
    assert len(journal) == count, (len(journal), count)
    for number in range(count):
        key = f"key {{number}}"
        assert journal.get(key)["number"] == journal.note(key) == number, number
    return journal
def write(journal, start, end):
    for number in range(start, end):
        line = {{"key": f"key {{number}}", "number": number, "text": "x" * 700}}
        journal.append(line)
        if number % 200 == 0:
            journal.sync()
"""

FULL_JOURNAL = """
(full / "filler").write_bytes(bytes(300_000))
journal = opened()
message, count = None, 0
try:
    while True:
        write(journal, count, count + 1)
        count += 1
except RunDirectoryError as error:
    message = str(error)
assert "make space" in message and "No space left" in message, message
try:
    write(journal, count, count + 1)
except RunDirectoryError:
    pass
else:
    raise AssertionError("written on a full disk")
journal = check(count)
(full / "filler").unlink()
write(journal, count, count + 100)
journal.close()
check(count + 100).close()
print("kept", count)
"""

FULL_INDEX = """
journal = opened()
write(journal, 0, 100)
(full / "filler").write_bytes(bytes(900_000 - 100_000))
try:
    with (full / "filler").open("ab") as file:
        while True:
            file.write(bytes(512)); file.flush()
except OSError:
    pass
write(journal, 100, 12_000)
for number in range(0, 12_000, 10):
    assert journal.get(f"key {{number}}")["number"] == number
assert len(journal) == 12_000
check(12_000)
(full / "filler").unlink()
journal.close()
check(12_000).close()
print("kept", 12_000)
"""


def on_a_full_disk(folder, script, size):
    """Run a script in a mount namespace of its own, where `folder` is a small file system."""
    folder.mkdir()
    journal = folder / "journal.jsonl" if script == FULL_JOURNAL else folder.parent / "j.jsonl"
    if script == FULL_INDEX:
        journal.with_name("j.jsonl.index").symlink_to(folder / "index")
    text = (FULL_TMPFS + script).format(full=str(folder), path=str(journal))
    mount = f'mount -t tmpfs -o size={size} tmpfs "$1" && exec "$2" -c "$3"'
    command = ["unshare", "-Urm", "sh", "-c", mount, "sh", str(folder), sys.executable, text]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.skipif(
    shutil.which("unshare") is None
    or subprocess.run(["unshare", "-Urm", "true"], check=False, stderr=-3).returncode != 0,
    reason="needs a mount namespace",
)
@pytest.mark.parametrize("script", [FULL_JOURNAL, FULL_INDEX], ids=["journal", "index"])
def test_a_full_file_system_loses_no_line(tmp_path, script):
    done = on_a_full_disk(tmp_path / "full", script, "900k")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("kept")
