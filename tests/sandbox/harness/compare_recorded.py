"""Compares coverage of recorded pairs that end with coverage.py's: `compare_recorded.py FOLDER [--every N]`.

Each pair's tests run under pytest in a process of their own, twice. Prints JSON: how many pairs
have the `same` numbers, which `differ`, and of which a run was `endless` for its limits.
"""

import argparse
import json
import os
import resource
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT), str(ROOT / "kodgen" / "sandbox")]
sys.dont_write_bytecode = True

import coverage  # noqa: E402
import pytest  # noqa: E402
from harness.measure import Coverage  # noqa: E402

CPU_SECONDS = 5


def recorded(folder: Path) -> Iterator[tuple[str, str, str]]:
    for path in sorted(folder.glob("*/trials.jsonl")) + sorted(folder.glob("*/reasoning.jsonl")):
        with path.open() as file:
            for number, line in enumerate(file, 1):
                row = json.loads(line)
                timed_out = "Timed Out" in (row["upstream_verdict"] or "")
                if row["solution"] and row["test"] and not timed_out:
                    yield f"{path.parent.name}/{path.name}:{number}", row["solution"], row["test"]


class Bench:
    def __init__(self, folder: Path) -> None:
        self._solution = folder / "solution.py"
        self._test = folder / "test_solution.py"
        fixed = ["-p", "no:cacheprovider", "-p", "no:terminal", "-c", "/dev/null", "--noconftest"]
        self._arguments = [*fixed, "--rootdir", str(folder), "--assert=plain", str(self._test)]
        self._ours = Coverage(str(self._solution))

    def place(self, solution: str, test: str) -> None:
        self._solution.write_text(solution)
        self._test.write_text(test)

    def theirs(self) -> tuple[int, int] | None:
        measured = coverage.Coverage(
            data_file=None, include=[str(self._solution)], config_file=False, messages=False
        )
        measured.start()
        pytest.main(self._arguments)
        measured.stop()
        try:
            _, statements, _, missing, _ = measured.analysis2(str(self._solution))
        except coverage.exceptions.NotPython:
            return None
        return len(statements) - len(missing), len(statements)

    def ours(self) -> tuple[int, int] | None:
        self._ours.start()
        pytest.main(self._arguments)
        return self._ours.stop()


def apart(measure: Callable[[], object]) -> str | None:
    """What a function returns in a child, as JSON; None if it did not end."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
            signal.alarm(4 * CPU_SECONDS)
            null = os.open("/dev/null", os.O_RDWR)
            for stream in range(3):
                os.dup2(null, stream)
            os.write(writing, json.dumps(measure()).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read().decode()
    os.waitpid(child, 0)
    return told or None


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=1)
    given = parser.parse_args()
    same, differ, endless = 0, [], []
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        for name, solution, test in list(recorded(given.folder))[:: given.every]:
            bench.place(solution, test)
            told = apart(bench.theirs), apart(bench.ours)
            if None in told:
                endless.append(name)
            elif told[0] == told[1]:
                same += 1
            else:
                differ.append([name, *told])
    print(json.dumps({"same": same, "differ": differ, "endless": endless}))


if __name__ == "__main__":
    main()
