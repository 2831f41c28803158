from pathlib import Path

from solution import write


def test_write():
    assert write("note.txt", "hello") == 5
    assert Path("note.txt").read_text() == "hello"


def test_elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert write("note.txt", "hi") == 2
    assert (tmp_path / "note.txt").exists()
