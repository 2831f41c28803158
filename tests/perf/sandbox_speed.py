"""Cold pytest against the sandbox, on the same pairs, cores and machine, in one run.

    python tests/perf/sandbox_speed.py PAIRS.jsonl... [--python PYTHON] [--pairs 200] [--jobs 2] [--rounds 3]

Each line of PAIRS has `solution` and `test`. Cold is `pytest --cov=solution` in a folder for each
pair, as many at a time as `--jobs`. Bare is a new interpreter that imports the same two files and
calls the tests, without pytest. All run under `--python`: a small environment that has pytest,
pytest-cov and little else, for each package with a pytest plugin makes cold pytest slower. Rounds of all contestants take
turns, and the median round counts, so that a machine with other things to do harms all alike.
"""

import argparse
import asyncio
import concurrent.futures
import contextlib
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from kodgen import config
from kodgen.sandbox import Sandbox

COLD_LIMIT = 30
"""Seconds, as in the reference's own script."""

BARE = """\
import inspect, test_solution
for name, test in list(vars(test_solution).items()):
    if name.startswith("test") and inspect.isfunction(test):
        try:
            test()
        except Exception:
            pass
"""

Pair = tuple[str, str]


def read_pairs(files: list[Path], most: int) -> list[Pair]:
    """The first pairs that were not recorded as running into a time limit."""
    pairs = []
    for file in files:
        for line in file.read_text().splitlines():
            row = json.loads(line)
            timed_out = "Timed Out" in (row.get("upstream_verdict") or "")
            if row.get("solution") and row.get("test") and not timed_out:
                pairs.append((row["solution"], row["test"]))
    step = max(1, len(pairs) // most)
    return pairs[::step][:most]


def spent() -> float:
    """CPU seconds of all that this process has waited for, and of itself."""
    kinds = (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)
    usages = [resource.getrusage(kind) for kind in kinds]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def in_folders(pairs: list[Pair], command: list[str], jobs: int) -> list[float]:
    """Run a command in a folder for each pair; seconds of each."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}

    def one(pair: Pair) -> float:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "solution.py").write_text(pair[0])
            Path(folder, "test_solution.py").write_text(pair[1])
            begun = time.perf_counter()
            with contextlib.suppress(subprocess.TimeoutExpired):
                subprocess.run(
                    command, cwd=folder, env=environment, capture_output=True,
                    timeout=COLD_LIMIT, check=False, stdin=subprocess.DEVNULL,
                )  # fmt: skip
            return time.perf_counter() - begun

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(one, pairs))


def in_sandbox(pairs: list[Pair], limits: config.Sandbox) -> tuple[list[float], float, float]:
    """Seconds of each pair, of all together, and CPU seconds of all, once the sandbox is up."""

    async def one(sandbox: Sandbox, pair: Pair) -> float:
        begun = time.perf_counter()
        await sandbox.run(*pair)
        return time.perf_counter() - begun

    async def all_of_them() -> tuple[list[float], float, float]:
        places = asyncio.Semaphore(limits.workers or 1)

        async def placed(pair: Pair) -> float:
            async with places:
                return await one(sandbox, pair)

        async with Sandbox(limits) as sandbox:
            await asyncio.gather(*(placed(pair) for pair in pairs[:4]))
            begun, cpu = time.perf_counter(), _machine_cpu()
            singles = await asyncio.gather(*(placed(pair) for pair in pairs))
            return singles, time.perf_counter() - begun, _machine_cpu() - cpu

    return asyncio.run(all_of_them())


def _machine_cpu() -> float:
    """CPU seconds of this process and all its descendants: fork servers count what they reaped."""
    ticks = os.sysconf("SC_CLK_TCK")
    total = sum(
        usage.ru_utime + usage.ru_stime for usage in [resource.getrusage(resource.RUSAGE_SELF)]
    )
    for pid in _descendants(os.getpid()):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += sum(int(field) for field in fields[11:15]) / ticks
    return total


def _descendants(pid: int) -> Iterator[int]:
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            yield int(child)
            yield from _descendants(int(child))


def by_command(pairs: list[Pair], jobs: int, python: str) -> float:
    """Seconds of `kodgen verify` as a whole, its start included."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "pairs.jsonl")
        rows = [json.dumps({"solution": s, "test": t}) for s, t in pairs]
        source.write_text("\n".join(rows) + "\n")
        command = [sys.executable, "-m", "kodgen", "verify", str(source)]
        begun = time.perf_counter()
        subprocess.run(
            [*command, "-o", f"{folder}/out.jsonl", "--jobs", str(jobs), "--python", python],
            check=True, capture_output=True,
        )  # fmt: skip
        return time.perf_counter() - begun


def show(name: str, seconds: list[list[float]], walls: list[float], cpu: list[float]) -> None:
    """One line of the table: the median round, and percentiles over all."""
    cuts = statistics.quantiles((1000 * s for one in seconds for s in one), n=100)
    count = len(seconds[0])
    print(
        f"{name:<34} {count / statistics.median(walls):>8.1f} pairs/s   "
        f"p50 {cuts[49]:>6.1f}  p90 {cuts[89]:>6.1f}  p99 {cuts[98]:>7.1f} ms   "
        f"CPU {1000 * statistics.median(cpu) / count:>6.1f} ms a pair"
    )


def main() -> None:
    """Measure, and print a table with ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--python", type=Path, default=Path(sys.executable))
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    pairs = read_pairs(options.files, options.pairs)
    python = str(options.python)
    cold = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--cov=solution"]
    sandboxes = {
        "sandbox, isolation only": {"coverage": False, "control": False, "stubs": False},
        "sandbox, with coverage": {"control": False, "stubs": False},
        "sandbox, control and stubs": {"coverage": False},
        "sandbox, all on": {},
    }
    contestants: dict[str, Callable[[], tuple[list[float], float, float]]] = {
        "cold pytest --cov": lambda: _outside(pairs, cold, options.jobs),
        "bare fork and exec": lambda: _outside(pairs, [python, "-c", BARE], options.jobs),
    }
    for name, switched in sandboxes.items():
        limits = config.Sandbox(workers=options.jobs, python=python, **switched)  # type: ignore[arg-type]
        contestants[name] = lambda limits=limits: in_sandbox(pairs, limits)  # type: ignore[misc]
    rounds: dict[str, list[tuple[list[float], float, float]]] = {name: [] for name in contestants}
    commands = []
    for _ in range(options.rounds):
        for name, contestant in contestants.items():
            rounds[name].append(contestant())
        commands.append(by_command(pairs, options.jobs, python))
    print(f"{len(pairs)} pairs, {options.jobs} at a time, median of {options.rounds} rounds\n")
    for name, seen in rounds.items():
        show(name, [s for s, _, _ in seen], [w for _, w, _ in seen], [c for _, _, c in seen])
    wall = {name: statistics.median(w for _, w, _ in seen) for name, seen in rounds.items()}
    cpu = {name: statistics.median(c for _, _, c in seen) for name, seen in rounds.items()}
    command = statistics.median(commands)
    print(f"{'kodgen verify, its start included':<34} {len(pairs) / command:>8.1f} pairs/s\n")
    print(
        f"all on, against cold:          {wall['cold pytest --cov'] / wall['sandbox, all on']:.1f} x"
    )
    only = "sandbox, isolation only"
    print(f"isolation only, against cold:  {wall['cold pytest --cov'] / wall[only]:.1f} x")
    print(f"CPU of isolation only, against bare: {cpu[only] / cpu['bare fork and exec']:.2f} x")
    print(f"the whole command, against cold: {wall['cold pytest --cov'] / command:.1f} x")


def _outside(pairs: list[Pair], command: list[str], jobs: int) -> tuple[list[float], float, float]:
    begun, cpu = time.perf_counter(), spent()
    seconds = in_folders(pairs, command, jobs)
    return seconds, time.perf_counter() - begun, spent() - cpu


if __name__ == "__main__":
    main()
