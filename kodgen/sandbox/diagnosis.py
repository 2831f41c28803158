"""What `kodgen doctor` says of isolation: which level this machine gives, and what holds at it."""

import asyncio
from dataclasses import dataclass

from kodgen import config
from kodgen.errors import KodgenError
from kodgen.sandbox import cgroups, isolation
from kodgen.sandbox.interpreter import examine
from kodgen.sandbox.probing import PROBES, Report

_DELEGATION = (
    "not needed, but exact: `systemd-run --user --scope -p Delegate=yes kodgen ...` (as root "
    "without `--user`); in Docker, limit the container itself (`--memory`, `--pids-limit`)"
)


@dataclass(frozen=True, slots=True)
class Probe:
    """One thing that was tried."""

    name: str
    held: bool
    detail: str
    """What was seen."""
    advice: str = ""
    """What to do about it; empty where nothing needs to be done."""
    fatal: bool = False
    """Because of it, nothing can be verified here."""


def probe_isolation(limits: config.Sandbox | None = None) -> list[Probe]:
    """Try what this machine can give; runs an event loop of its own."""
    limits = limits or config.Sandbox()
    try:
        isolation.require_linux()
        reports = asyncio.run(_examine(limits))
    except KodgenError as error:
        return [Probe("level", held=False, detail=str(error), fatal=True)]
    return [*describe(reports), _cgroups(limits)]


async def _examine(limits: config.Sandbox) -> list[Report]:
    interpreter = await asyncio.to_thread(examine, limits.python)
    return [
        await isolation.examine(limits, level, interpreter)
        for level in isolation.candidates(limits)
    ]


def describe(reports: list[Report]) -> list[Probe]:
    """Each level in a line, then each probe at the level that would be used.

    Args:
        reports: Of the levels that may be used, the best first.
    """
    used = next((report for report in reports if not report.failures), None)
    levels = [_level(report, used) for report in reports]
    if used is None:
        reason = isolation.refusal(reports)
        return [*levels, Probe("used", held=False, detail=reason, fatal=True)]
    return [*levels, *(_probe(name, used) for name in PROBES)]


def _cgroups(limits: config.Sandbox) -> Probe:
    """Whether runs come under limits of the kernel's for all their processes together."""
    try:
        divided = cgroups.divide(limits)
    except cgroups.NoCgroups as error:
        detail = (
            f"none ({error}); in their stead: address space limited for each process, all of a "
            "run measured twenty times a second, processes limited by user"
        )
        return Probe("cgroup limits", held=False, detail=detail, advice=_DELEGATION)
    divided.close()
    return Probe("cgroup limits", held=True, detail="memory.max and pids.max for each run")


def _level(report: Report, used: Report | None) -> Probe:
    name = f"level {report.level}"
    if report.failures:
        detail = f"not here: {'; '.join(report.failures)}"
        return Probe(name, held=False, detail=detail, advice=isolation.ADVICE[report.level])
    detail = "all that it promises holds" + ("; it is used" if report is used else "")
    return Probe(name, held=True, detail=detail)


def _probe(name: str, report: Report) -> Probe:
    probe = PROBES[name]
    if report.level in probe.levels.split():
        return Probe(name, held=True, detail=probe.meaning)
    instead = (probe.instead or {}).get(report.level, "nothing stands in for it")
    return Probe(name, held=True, detail=f"not promised at this level: {instead}")
