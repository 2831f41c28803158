"""Compares verdicts of the same pairs under different loads: python -m tests.perf.sandbox_load.

The pairs, recorded real ones where `shared/recorded` lies beside the repository, are run with 1, 2
and 8 jobs, and with 2 jobs while other processes keep every core busy. Exits with 1 if any verdict
differs in outcome or reason, or in what any test said.
"""

import argparse
import asyncio
import contextlib
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from kodgen import config
from kodgen.records import Verdict
from kodgen.sandbox import Sandbox

RECORDED = Path(__file__).resolve().parents[2] / ".." / "shared" / "recorded"
JOBS = (1, 2, 8)
LOADED = "2 jobs, cores busy"

Pair = tuple[str, str]
Said = tuple[object, ...]


def recorded(count: int) -> list[Pair]:
    """That many of the recorded pairs, evenly from all of them; empty where there are none."""
    found: list[Pair] = []
    for path in sorted(RECORDED.glob("*/*.jsonl")):
        for line in path.read_text().splitlines():
            row = json.loads(line)
            if row.get("solution") and row.get("test"):
                found.append((row["solution"], row["test"]))
    step = max(1, len(found) // count)
    return found[::step][:count]


def burn() -> None:
    """Keep a core busy."""
    while True:
        sum(range(10_000))


@contextlib.contextmanager
def busy() -> Iterator[None]:
    """Two busy processes for each core."""
    cores = len(os.sched_getaffinity(0))
    processes = [multiprocessing.Process(target=burn, daemon=True) for _ in range(2 * cores)]
    for process in processes:
        process.start()
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.join()


async def verdicts(pairs: Sequence[Pair], limits: config.Sandbox) -> list[Verdict]:
    """The verdicts of all pairs, in their order."""
    async with Sandbox(limits) as sandbox:
        return await asyncio.gather(*(sandbox.run(*pair) for pair in pairs))


def said(verdict: Verdict) -> Said:
    """What of a verdict may not depend on load."""
    return verdict.outcome, verdict.reason, verdict.flags, verdict.coverage, verdict.tests


def compare(pairs: Sequence[Pair], limits: config.Sandbox) -> Mapping[str, list[Said]]:
    """What all pairs' verdicts said, under each load."""
    found = {}
    for jobs in JOBS:
        found[f"{jobs} jobs"] = _timed(pairs, limits, jobs, f"{jobs} jobs")
    with busy():
        found[LOADED] = _timed(pairs, limits, 2, LOADED)
    return found


def _timed(pairs: Sequence[Pair], limits: config.Sandbox, jobs: int, name: str) -> list[Said]:
    begun = time.monotonic()
    given = asyncio.run(verdicts(pairs, limits.model_copy(update={"workers": jobs})))
    print(f"{name}: {time.monotonic() - begun:.1f} s", flush=True)
    return [said(verdict) for verdict in given]


def differences(found: Mapping[str, list[Said]]) -> Iterator[str]:
    """Where the loads disagree."""
    names = list(found)
    for number, row in enumerate(zip(*found.values(), strict=True)):
        for name, one in zip(names[1:], row[1:], strict=True):
            if one != row[0]:
                yield f"pair {number}: {names[0]} {row[0][:3]}, {name} {one[:3]}"


def main() -> int:
    """Compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=300)
    parser.add_argument("--cpu-seconds", type=int, default=10)
    options = parser.parse_args()
    pairs = recorded(options.pairs)
    if not pairs:
        sys.exit(f"no recorded pairs in {RECORDED}")
    found = compare(pairs, config.Sandbox(cpu_seconds=options.cpu_seconds, memory_mb=1024))
    wrong = list(differences(found))
    outcomes = sorted({str(one[0]) for one in found[LOADED]})
    print(f"{len(pairs)} pairs, outcomes {', '.join(outcomes)}")
    print("\n".join(wrong) or "the same verdicts under every load")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
