"""Recorded pairs that passed in one process pass in two, or are found not to be portable."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kodgen.sandbox import portable

REPOSITORY = Path(__file__).resolve().parents[3]
RECORDED = REPOSITORY / ".." / "shared" / "recorded"
SAMPLE = 15
AVAILABLE = sys.stdlib_module_names | {"pytest", "solution"}

# Both processes are confined as a trial's are: by system calls and CPU time.
DRIVER = """\
import json, os, resource, socket, sys, tempfile
import pytest
from kodgen.sandbox.harness import callee, caller, kernel, seccomp
from kodgen.sandbox.harness.session import arguments
from kodgen.sandbox.harness.settings import Layout

FILTER = seccomp.Filter()

class Outcomes:
    def __init__(self):
        self.seen = []
    def pytest_runtest_logreport(self, report):
        if report.when == "call" or report.outcome != "passed":
            self.seen.append((report.nodeid.split("::")[-1], report.outcome))
    def pytest_collectreport(self, report):
        if report.failed:
            self.seen.append(("collection", "failed"))

def confine():
    null = os.open("/dev/null", os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    resource.setrlimit(resource.RLIMIT_CPU, (10, 11))
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    FILTER.install()

def tests(job, sock, folder):
    confine()
    outcomes = Outcomes()
    caller.install(sock, job["names"])
    pytest.main(arguments(Layout(folder, folder, folder)), plugins=[outcomes])
    caller.finish()
    return {"tests": outcomes.seen, **vars(caller.state)}

# What pytest imports late, imported once.
with tempfile.TemporaryDirectory() as folder:
    with open(f"{folder}/test_solution.py", "w") as file:
        file.write("def test_nothing(): pass\\n")
    pytest.main(arguments(Layout(folder, folder, folder)))
    del sys.modules["test_solution"]

for line in sys.stdin:
    job = json.loads(line)
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(f"{folder}/apart")
        for name, text in (("apart/solution.py", job["solution"]), ("test_solution.py", job["test"])):
            with open(f"{folder}/{name}", "w") as file:
                file.write(text)
        ours, theirs = socket.socketpair()
        solution = os.fork()
        if not solution:
            ours.close()
            confine()
            callee.serve(theirs, f"{folder}/apart/solution.py")
            os._exit(0)
        theirs.close()
        back, forth = os.pipe()
        pid = os.fork()
        if not pid:
            os.write(forth, json.dumps(tests(job, ours, folder)).encode())
            os._exit(0)
        ours.close()
        os.close(forth)
        with os.fdopen(back, "rb") as pipe:
            print((pipe.read() or b"null").decode(), flush=True)
        os.waitpid(pid, 0)
        os.waitpid(solution, 0)
"""


def imported(text: str) -> set[str]:
    return set(re.findall(r"^\s*(?:from|import)\s+(\w+)", text, re.MULTILINE))


def pairs() -> Iterator[dict[str, Any]]:
    """Passing pairs that their text lets be split, as the reference ran them."""
    for path in sorted(RECORDED.glob("*/*.jsonl")):
        if path.stem not in {"trials", "reasoning"}:
            continue
        for line in path.read_text().splitlines():
            row = json.loads(line)
            if row["upstream_verdict"] != "Pass" or not row.get("solution"):
                continue
            if not imported(row["solution"] + "\n" + row["test"]) <= AVAILABLE:
                continue
            test = f"from solution import *\n\n{row['test']}"
            plan = portable.plan(row["solution"], test)
            if not plan.reason:
                yield {"solution": row["solution"], "test": test, "names": plan.names}


@pytest.mark.skipif(not RECORDED.is_dir(), reason="no recorded pairs beside the repository")
def test_pairs_that_pass_in_one_process_pass_in_two() -> None:
    found = list(pairs())
    sample = found[:: max(1, len(found) // SAMPLE)][:SAMPLE]
    assert len(sample) == SAMPLE
    done = subprocess.run(
        [sys.executable, "-c", DRIVER],
        input="".join(json.dumps(pair) + "\n" for pair in sample),
        env={
            "PYTHONPATH": str(REPOSITORY),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(results) == SAMPLE
    for pair, result in zip(sample, results, strict=True):
        assert result is not None, pair["test"]
        assert result["broken"] == ""
        if not result["unportable"]:
            assert result["tests"], pair["test"]
            assert {outcome for _, outcome in result["tests"]} == {"passed"}, pair["test"]
    assert sum(not result["unportable"] for result in results) > SAMPLE * 0.8
