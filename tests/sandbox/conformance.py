"""Holds the sandbox to its samples, at any isolation level: python -m tests.sandbox.conformance.

Prints, as Markdown, how many samples of each class got an acceptable verdict at each level, and
what else was found; exits with 1 if anything is wrong. With `--levels` one may name some of them.
"""

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from kodgen import config
from kodgen.records import Verdict
from kodgen.sandbox import Sandbox, users
from tests.sandbox import corpus
from tests.sandbox.corpus import Sample
from tests.sandbox.host import Host

REPOSITORY = Path(__file__).resolve().parents[2]
ORDINARY_UID = 65534
TIMES_EACH_PROBE = 2
LIMITS = {"workers": 2, "cpu_seconds": 4, "wall_seconds": 12, "memory_mb": 512}


@dataclass(frozen=True)
class Setting:
    """One way to run all samples."""

    level: str
    ordinary: bool = False
    strict: bool = False

    @property
    def conditions(self) -> list[str]:
        """What `outcomes@...` in an `expect.txt` may name, the most special first."""
        return ["strict", self.level] if self.strict else [self.level]


SETTINGS: Mapping[str, Setting] = {
    "namespaces": Setting("namespaces"),
    "namespaces, ordinary user": Setting("namespaces", ordinary=True),
    "container": Setting("container"),
    "container, ordinary user": Setting("container", ordinary=True),
    "strict": Setting("namespaces", strict=True),
}


@dataclass(frozen=True)
class Result:
    """What came of one sample."""

    name: str
    group: str
    outcomes: list[str]
    complaint: str
    seconds: float = 0.0
    """That its verdict took, or its verdicts."""
    alive: bool = False
    """Whether all of its tests passed, whatever was made of that."""


@dataclass(frozen=True)
class Report:
    """What came of all."""

    results: list[Result]
    traces: list[str]


async def run(samples: Sequence[Sample], setting: Setting, host: Host) -> list[Result]:
    """Run all samples, those that need the same settings in one sandbox."""
    groups: dict[tuple[tuple[str, str], ...], list[Sample]] = {}
    for sample in samples:
        groups.setdefault(tuple(sorted(sample.options.items())), []).append(sample)
    async with asyncio.TaskGroup() as tasks:
        runs = [tasks.create_task(_run_group(g, dict(o), setting, host)) for o, g in groups.items()]
    results = {result.name: result for task in runs for result in task.result()}
    return [results[sample.name] for sample in samples]


async def _run_group(
    samples: Sequence[Sample], options: Mapping[str, str], setting: Setting, host: Host
) -> list[Result]:
    limits = config.Sandbox(
        **{
            **LIMITS,
            "isolation": setting.level,
            "strict": setting.strict,
            **options,
        }
    )
    turns = asyncio.Semaphore(limits.workers or 1)

    async def in_turn(sample: Sample) -> Result:
        async with turns:
            return await _run_one(sandbox, sample, limits, setting, host)

    async with Sandbox(limits) as sandbox, asyncio.TaskGroup() as tasks:
        runs = [tasks.create_task(in_turn(sample)) for sample in samples]
    return [task.result() for task in runs]


async def _run_one(
    sandbox: Sandbox, sample: Sample, limits: config.Sandbox, setting: Setting, host: Host
) -> Result:
    """Run a sample; a probe twice at the same time."""
    solution, test = host.fill_in(sample.solution), host.fill_in(sample.test)
    times = TIMES_EACH_PROBE if sample.kind == "probe" else 1
    begun = time.monotonic()
    verdicts = await asyncio.gather(*(sandbox.run(solution, test) for _ in range(times)))
    complaints = [_complaint(sample, verdict, limits, setting) for verdict in verdicts]
    return Result(
        name=sample.name,
        group=sample.group,
        outcomes=[f"{verdict.outcome}/{verdict.reason}" for verdict in verdicts],
        complaint=next((complaint for complaint in complaints if complaint), ""),
        seconds=round(time.monotonic() - begun, 2),
        alive=all(v.tests and all(t.outcome == "passed" for t in v.tests) for v in verdicts),
    )


def _complaint(sample: Sample, verdict: Verdict, limits: config.Sandbox, setting: Setting) -> str:
    if verdict.isolation not in {setting.level, "not_run"}:
        return f"ran at {verdict.isolation}"
    runs = 4 + limits.reruns
    seconds = verdict.observed.wall_seconds if verdict.observed is not None else 0.0
    if seconds > runs * (limits.wall_limit + 2):
        return f"took {seconds:.1f} s, with a limit of {limits.wall_limit} s"
    return sample.complaint(verdict, setting.conditions)


def run_here(setting: Setting, names: Sequence[str] = ()) -> Report:
    """Plant canaries, run all samples as this user, and look what is left."""
    samples = [
        sample
        for sample in corpus.read_all()
        if (not names or sample.name in names)
        and (not sample.levels or sample.levels & set(setting.conditions))
    ]
    host = Host()
    try:
        results = asyncio.run(run(samples, setting, host))
        root = os.geteuid() == 0
        uids = frozenset(map(users.slot_uid, range(64))) if root else frozenset[int]()
        return Report(results, host.traces(uids))
    finally:
        host.close()


def run_apart(name: str, names: Sequence[str] = (), timeout: float = 900) -> Report:
    """Run a setting in a process of its own, whose environment and home hold canaries.

    Raises:
        RuntimeError: It did not come to its end.
    """
    setting = SETTINGS[name]
    folder = Path(tempfile.mkdtemp(prefix="kodgen-conformance-"))
    folder.chmod(0o755)
    home = folder / "home"
    home.mkdir()
    conditions = []
    if setting.ordinary:
        os.chown(home, ORDINARY_UID, ORDINARY_UID)
        conditions.append("ordinary")
    elif setting.level == "container":
        conditions.append("contained")
    arguments = ["--inside", name, *(word for one in names for word in ("--sample", one))]
    try:
        done = subprocess.run(
            [sys.executable, HERE / "under.py", __file__, *conditions, "--", *arguments],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), "HOME": str(home)},
            cwd=home,
            stdout=subprocess.PIPE,
            text=True,
            timeout=timeout,
            check=False,
        )
    finally:
        shutil.rmtree(folder)
    if done.returncode != 0:
        raise RuntimeError(f"the samples did not run to their end at {name!r}")
    found = json.loads(done.stdout)
    return Report([Result(**result) for result in found["results"]], found["traces"])


HERE = Path(__file__).parent


def table(reports: Mapping[str, Report]) -> str:
    """Markdown: how many samples of each class did as they should, at each level."""
    groups = sorted({result.group for report in reports.values() for result in report.results})
    lines = [
        f"| samples | {' | '.join(reports)} |",
        f"|---|{'---|' * len(reports)}",
    ]
    for group in groups:
        cells = []
        for report in reports.values():
            results = [result for result in report.results if result.group == group]
            good = sum(not result.complaint for result in results)
            cells.append(f"{good} of {len(results)}" if results else "-")
        lines.append(f"| {group} | {' | '.join(cells)} |")
    left = [f"{len(report.traces) or 'nothing'}" for report in reports.values()]
    lines.append(f"| left on the host | {' | '.join(left)} |")
    return "\n".join(lines)


def details(reports: Mapping[str, Report]) -> str:
    """What is wrong, one line each."""
    lines = []
    for name, report in reports.items():
        bad = [result for result in report.results if result.complaint]
        lines += [f"- {name}: {result.name}: {result.complaint}" for result in bad]
        lines += [f"- {name}: {trace}" for trace in report.traces]
    return "\n".join(lines)


def main() -> int:
    """Run the levels asked for, or `namespaces` alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--levels", nargs="+", choices=list(SETTINGS), default=["namespaces"])
    parser.add_argument("--sample", action="append", default=[], help="only samples of this name")
    parser.add_argument("--verbose", action="store_true", help="print every verdict")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        report = run_here(SETTINGS[options.inside], options.sample)
        print(json.dumps(asdict(report)))
        return 0
    reports = {name: run_apart(name, options.sample) for name in options.levels}
    print(table(reports))
    if options.verbose:
        for name, report in reports.items():
            for result in report.results:
                said = " ".join(result.outcomes)
                print(f"{name}: {result.name}: {said} in {result.seconds} s")
    wrong = details(reports)
    if wrong:
        print(f"\n{wrong}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
