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
assert runner.prebuilt
reporter.channel = Channel(theirs, "n" * 32)
runner.run() if how == "prebuilt" else runner._run_main()
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
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


@pytest.mark.parametrize("solution", ["def add(a, b):\n    return a + b\n", "def add(a, b:\n"])
def test_a_session_made_before_or_in_the_trial_says_the_same(tmp_path: Path, solution: str) -> None:
    (tmp_path / "solution.py").write_text(solution)
    (tmp_path / "test_solution.py").write_text(TEST)
    assert messages(tmp_path, "prebuilt") == messages(tmp_path, "main")


def test_what_is_said(tmp_path: Path) -> None:
    (tmp_path / "solution.py").write_text("def add(a, b):\n    return a + b\n")
    (tmp_path / "test_solution.py").write_text(TEST)
    collected, *phases = messages(tmp_path, "prebuilt")
    names = ["test_add[1]", "test_add[2]", "test_expected", "TestUnit::test_parts"]
    assert collected == {"kind": "collected", "names": names, "total": 4}
    calls = [phase for phase in phases if phase["when"] == "call"]
    assert [phase["outcome"] for phase in calls] == ["passed", "failed", "skipped", "failed"]
    assert [phase["expected_failure"] for phase in calls] == [False, False, True, False]
    assert [phase["error"] for phase in calls] == ["", "AssertionError", "", "AssertionError"]
