"""Runs thousands of trials in a row and watches what grows: python -m tests.perf.sandbox_soak.

Prints resident memory of this process and of its fork servers, open descriptors, processes and
zombies as it goes; kills one fork server in the middle. Exits with 1 if anything grew, a trial got
another verdict than it should, or the kill cost more than the trial that was running.
"""

import argparse
import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kodgen import config
from kodgen.records import Verdict
from kodgen.sandbox import Sandbox

MIB = 1024 * 1024
PAGE = os.sysconf("SC_PAGE_SIZE")
SAMPLES = 20
WARM = 0.2
"""Share of the trials after which memory is expected to stay."""
MOST_GROWTH_MIB = 4.0

_RIGHT = "def add(a, b):\n    return a + b\n"
_TEST = "from solution import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n"
PAIRS: list[tuple[str, str, str]] = [
    (_RIGHT, _TEST, "passed"),
    (_RIGHT.replace("+", "-"), _TEST, "failed"),
    ("import os\nos._exit(0)\n", _TEST, "tampered"),
    ("def add(a, b)\n    return a + b\n", _TEST, "error"),
    (
        "import os, threading, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(600)\n"
        "threading.Thread(target=time.sleep, args=(600,)).start()\n" + _RIGHT,
        _TEST,
        "passed",
    ),
    ("import tempfile\nLEFT = tempfile.mkdtemp()\n" + _RIGHT, _TEST, "passed"),
    (_RIGHT, _TEST.replace("== 3", "== 3 or True"), "vacuous"),
    ("class Add:\n    def __eq__(self, o):\n        return True\ndef add(a, b):\n    return Add()\n",
     _TEST, "tampered"),
]  # fmt: skip
"""Solution, test, outcome."""
EXTRA = frozenset({("error", "tampered")})
"""Outcomes that are as good as another: an early exit is either."""


@dataclass(frozen=True)
class Sight:
    """What is seen of the sandbox at one moment."""

    trials: int
    supervisor_mib: float
    servers_mib: tuple[float, ...]
    descriptors: int
    processes: int
    zombies: int


@dataclass(frozen=True)
class Soaked:
    """What came of a soak."""

    sights: list[Sight]
    wrong: list[str]
    seconds: float

    def complaints(self) -> list[str]:
        """What is not as it should be."""
        warm = [sight for sight in self.sights if sight.trials >= WARM * self.sights[-1].trials]
        first, last = warm[0], warm[-1]
        found = list(self.wrong)
        growth = last.supervisor_mib - first.supervisor_mib
        if growth > MOST_GROWTH_MIB:
            found.append(f"the supervisor grew by {growth:.1f} MiB")
        growth = max(last.servers_mib) - max(first.servers_mib)
        if growth > MOST_GROWTH_MIB:
            found.append(f"a fork server grew by {growth:.1f} MiB")
        if last.descriptors > first.descriptors:
            found.append(f"{last.descriptors - first.descriptors} descriptors more")
        if last.processes > first.processes:
            found.append(f"{last.processes - first.processes} processes more")
        if last.zombies:
            found.append(f"{last.zombies} zombies")
        return found


def below(pid: int) -> Iterator[int]:
    """All processes below one."""
    with contextlib.suppress(OSError):
        for path in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in map(int, path.read_text().split()):
                yield child
                yield from below(child)


def resident(pid: int) -> float:
    """MiB of a process; 0 if it is gone."""
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE / MIB
    return 0.0


def is_zombie(pid: int) -> bool:
    """Whether a process is dead and was not waited for."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    return False


def look(trials: int) -> Sight:
    """See what there is now, while no trial runs."""
    processes = list(below(os.getpid()))
    return Sight(
        trials=trials,
        supervisor_mib=round(resident(os.getpid()), 1),
        servers_mib=tuple(sorted(round(resident(pid), 1) for pid in processes)),
        descriptors=len(os.listdir("/proc/self/fd")),  # noqa: PTH208
        processes=len(processes),
        zombies=sum(map(is_zombie, processes)),
    )


async def soak(trials: int, workers: int, *, quiet: bool = True) -> Soaked:
    """Run that many trials, and kill a fork server when half of them are done."""
    limits = config.Sandbox(workers=workers, cpu_seconds=10)
    wrong: list[str] = []
    sights: list[Sight] = []
    begun = time.monotonic()
    async with Sandbox(limits) as sandbox:
        batch = max(1, trials // SAMPLES)
        for start in range(0, trials, batch):
            chosen = [PAIRS[number % len(PAIRS)] for number in range(start, start + batch)]
            runs = [asyncio.create_task(sandbox.run(one[0], one[1])) for one in chosen]
            if start <= trials // 2 < start + batch:
                await asyncio.wait(runs, return_when=asyncio.FIRST_COMPLETED)
                os.kill(next(_direct_children()), signal.SIGKILL)
            verdicts = await asyncio.gather(*runs)
            wrong += _wrong(chosen, verdicts)
            sights.append(look(start + batch))
            if not quiet:
                print(sights[-1], flush=True)
    left = list(below(os.getpid()))
    if left:
        wrong.append(f"{len(left)} processes are left at the end")
    return Soaked(sights, wrong, time.monotonic() - begun)


def _direct_children() -> Iterator[int]:
    for path in Path("/proc/self/task").glob("*/children"):
        yield from map(int, path.read_text().split())


def _wrong(chosen: list[tuple[str, str, str]], verdicts: list[Verdict]) -> Iterator[str]:
    for (_, _, expected), verdict in zip(chosen, verdicts, strict=True):
        if verdict.outcome != expected and tuple(sorted((verdict.outcome, expected))) not in EXTRA:
            yield f"{verdict.outcome}/{verdict.reason} instead of {expected}: {verdict.observed}"


def main() -> int:
    """Soak."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    soaked = asyncio.run(soak(options.trials, options.workers, quiet=False))
    print(f"{options.trials / soaked.seconds:.1f} trials/s")
    complaints = soaked.complaints()
    print("\n".join(complaints) or "nothing grew, and every verdict was right")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
