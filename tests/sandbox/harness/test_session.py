import json
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]

SCRIPT = """\
import socket, sys
from kodgen.sandbox.harness.channel import Channel
from kodgen.sandbox.harness.reporter import Reporter
from kodgen.sandbox.harness.session import Runner
from kodgen.sandbox.harness.settings import Layout

folder, how = sys.argv[1:]
ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
reporter = Reporter()
runner = Runner(Layout(folder, folder, folder), reporter)
assert runner.config is not None
reporter.channel = Channel(theirs, "n" * 32)
reporter.reorder = int(how) if how.isdigit() else 0
reporter.stop_at_failure = how == "stop"
runner._run_main() if how == "main" else runner.run()
theirs.shutdown(socket.SHUT_WR)
while datagram := ours.recv(65536):
    print(datagram[32:].decode())
"""

TEST = """\
import unittest
import pytest
from solution import add

@pytest.mark.parametrize("n", [1, 2])
def test_add(n):
    assert add(n, 1) == 2

@pytest.mark.xfail
def test_expected():
    assert add(1, 1) == 3

class TestUnit(unittest.TestCase):
    def test_parts(self):
        for n in (1, 2):
            with self.subTest(n=n):
                self.assertEqual(add(n, 1), 2)
"""


def messages(folder: Path, how: str) -> list[dict[str, object]]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder), how],
        env={"PYTHONPATH": str(REPOSITORY), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    said = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    for message in said:
        assert 0 <= message.pop("seconds", 0) < 60
        assert 0 <= message.pop("cpu_seconds", 0) < 60
    return said


@pytest.mark.parametrize("solution", ["def add(a, b):\n    return a + b\n", "def add(a, b:\n"])
def test_a_session_made_before_or_in_the_trial_says_the_same(tmp_path: Path, solution: str) -> None:
    (tmp_path / "solution.py").write_text(solution)
    (tmp_path / "test_solution.py").write_text(TEST)
    assert messages(tmp_path, "prebuilt") == messages(tmp_path, "main")


def test_what_is_said(tmp_path: Path) -> None:
    (tmp_path / "solution.py").write_text("def add(a, b):\n    return a + b\n")
    (tmp_path / "test_solution.py").write_text(TEST)
    collected, *tests = messages(tmp_path, "prebuilt")
    names = ["test_add[1]", "test_add[2]", "test_expected", "TestUnit::test_parts"]
    assert collected == {"kind": "collected", "names": names, "total": 4}
    assert [test["call"] for test in tests] == ["passed", "failed", "skipped", "failed"]
    assert [test["expected_failure"] for test in tests] == [False, False, True, False]
    assert [test["error"] for test in tests] == ["", "AssertionError", "", "AssertionError"]


def test_the_order_can_be_another(tmp_path: Path) -> None:
    (tmp_path / "solution.py").write_text("def add(a, b):\n    return a + b\n")
    (tmp_path / "test_solution.py").write_text(TEST)
    reversed_, shuffled = (messages(tmp_path, how)[0]["names"] for how in ("1", "2"))
    names = ["test_add[1]", "test_add[2]", "test_expected", "TestUnit::test_parts"]
    assert reversed_ == names[::-1]
    assert isinstance(shuffled, list)
    assert sorted(shuffled) == sorted(names)
    assert shuffled == messages(tmp_path, "2")[0]["names"]


def test_a_run_may_stop_at_the_first_failure(tmp_path: Path) -> None:
    (tmp_path / "solution.py").write_text("def add(a, b):\n    return a + b\n")
    (tmp_path / "test_solution.py").write_text(TEST)
    _, *tests = messages(tmp_path, "stop")
    assert [test["call"] for test in tests] == ["passed", "failed"]
