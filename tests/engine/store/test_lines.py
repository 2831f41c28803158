"""A file of lines: a torn last one is dropped, whatever its length, and places are told right."""

import pytest

from kodgen.engine.store.lines import CHUNK, Lines
from kodgen.errors import RunDirectoryError


def test_lines_are_read_back_from_any_one_on(tmp_path):
    path = tmp_path / "lines"
    lines = Lines(path)
    offsets = [lines.append(raw) for raw in (b"1\n", b"22\n", b"\n", b"333\n")]
    assert offsets == [0, 2, 5, 6]
    assert list(lines.scan(2)) == [(2, b"22\n"), (5, b"\n"), (6, b"333\n")]
    assert lines.read(2, 3) == b"22\n"
    assert [lines.number(offset) for offset in offsets] == [1, 2, 3, 4]
    lines.clear()
    assert (lines.end, list(lines.scan())) == (0, [])
    assert lines.append(b"4\n") == 0
    lines.close()
    assert path.read_bytes() == b"4\n"


@pytest.mark.parametrize("torn", [1, CHUNK - 1, CHUNK, 3 * CHUNK + 7])
@pytest.mark.parametrize("whole", [b"", b"1\n", b"x" * CHUNK + b"\n"])
def test_a_torn_line_of_any_length_is_dropped(tmp_path, torn, whole):
    path = tmp_path / "lines"
    path.write_bytes(whole + b"t" * torn)
    reader = Lines(path, read_only=True)
    assert (reader.end, b"".join(raw for _, raw in reader.scan())) == (len(whole), whole)
    reader.close()
    assert path.stat().st_size == len(whole) + torn
    lines = Lines(path)
    assert lines.append(b"2\n") == len(whole)
    lines.close()
    assert path.read_bytes() == whole + b"2\n"


def test_what_is_not_json_is_named_by_line(tmp_path):
    path = tmp_path / "lines"
    path.write_bytes(b"{}\n" * 1_000_000 + b"{]\n")
    lines = Lines(path)
    with pytest.raises(RunDirectoryError, match=r"lines:1000001: not JSON"):
        lines.parsed(3_000_000, lines.read(3_000_000, 3))
    assert lines.parsed(0, b"{}\n") == {}


def test_a_file_that_is_not_there_has_no_lines_to_a_reader(tmp_path):
    lines = Lines(tmp_path / "missing", read_only=True)
    assert (lines.end, list(lines.scan())) == (0, [])
    lines.close()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_its_place_is_said(tmp_path):
    with pytest.raises(RunDirectoryError, match="can't be written"):
        Lines(tmp_path)
