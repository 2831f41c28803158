"""Prints how long a trivial trial takes, and how many fit in a second: python sandbox_speed.py."""

import argparse
import asyncio
import statistics
import time

from kodgen import config
from kodgen.sandbox import Sandbox

SOLUTION = "def add(a, b):\n    return a + b\n"
TEST = "from solution import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n"


async def measure(trials: int, workers: int, *, coverage: bool) -> tuple[list[float], float]:
    """Seconds of each of `trials` run one by one, and trials per second run all together."""
    limits = config.Sandbox(workers=workers, coverage=coverage)
    async with Sandbox(limits) as sandbox:
        await asyncio.gather(*(sandbox.run(SOLUTION, TEST) for _ in range(2 * workers)))
        singles = []
        for _ in range(trials):
            begun = time.perf_counter()
            assert (await sandbox.run(SOLUTION, TEST)).passed
            singles.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        verdicts = await asyncio.gather(*(sandbox.run(SOLUTION, TEST) for _ in range(trials)))
        elapsed = time.perf_counter() - begun
        assert all(verdict.passed for verdict in verdicts)
    return singles, trials / elapsed


def main() -> None:
    """Measure with and without coverage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    for coverage in (False, True):
        singles, rate = asyncio.run(measure(options.trials, options.workers, coverage=coverage))
        cuts = statistics.quantiles((1000 * second for second in singles), n=100)
        print(
            f"coverage {'on ' if coverage else 'off'}: p50 {cuts[49]:.1f} ms, "
            f"p90 {cuts[89]:.1f} ms, p99 {cuts[98]:.1f} ms; "
            f"{rate:.0f} trials/s with {options.workers} workers"
        )


if __name__ == "__main__":
    main()
