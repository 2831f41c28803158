"""The journal: nothing written is lost, a torn tail is dropped, damage is said so."""

import json
import resource
import signal
import subprocess
import sys

import pytest

from kodgen.engine.store.journal import Journal
from kodgen.errors import RunDirectoryError


def open_journal(path):
    return Journal(path, lambda line: line.get("key"))


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


def test_memory_holds_keys_and_not_contents(tmp_path):
    path = tmp_path / "journal.jsonl"
    journal = open_journal(path)
    for number in range(2000):
        journal.append({"key": str(number), "value": "x" * 10_000})
    assert path.stat().st_size > 20_000_000
    index = sum(sys.getsizeof(key) for key in list(journal.keys()))
    assert index < 200_000
