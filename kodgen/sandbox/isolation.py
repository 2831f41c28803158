"""Isolation levels: which one this machine can give, found out by trying to break out of it."""

import os
import sys
from collections.abc import Sequence
from typing import Any

from kodgen import config
from kodgen.errors import IsolationError
from kodgen.records import Isolation
from kodgen.sandbox import probing, users
from kodgen.sandbox.forkserver import ForkServer
from kodgen.sandbox.interpreter import Interpreter
from kodgen.sandbox.probing import Report

MIB = 1024 * 1024
_OWN_PROCESSES = 3
"""Fork server, its parent and room for one more: an ordinary user's trial shares its limit."""
_SHARED_SLACK = 64
"""Processes the user may start elsewhere within a second, where they share the trial's limit."""
_PROBE_SCRATCH_MB = 16
"""Enough to see that the cap holds, and quick to fill."""

ADVICE: dict[str, str] = {
    "namespaces": (
        "for level `namespaces`: on Ubuntu 23.10 or later, as root: `sysctl -w "
        "kernel.apparmor_restrict_unprivileged_userns=0`; in Docker: `--cap-add SYS_ADMIN "
        "--security-opt seccomp=unconfined --security-opt apparmor=unconfined`; elsewhere: run as "
        "root, or allow unprivileged user namespaces (`sysctl -w user.max_user_namespaces=10000`)"
    ),
    "container": (
        "for level `container`: Linux 5.13 or later with Landlock (`landlock` in `lsm=` of the "
        "kernel's command line), a container that does not forbid its system calls (Docker does "
        "not since 20.10.10), either as an ordinary user (`docker run --user 1000`) or as root "
        "with Docker's usual capabilities, and a Python that the trials' user can read"
    ),
    "rlimits": (
        "to run with resource limits alone, and trust the code not to be hostile: "
        "`sandbox.accept_no_isolation: true` in the pipeline file, or `--i-accept-no-isolation`"
    ),
}


def settings(
    limits: config.Sandbox,
    level: Isolation,
    slot: int,
    shown: Sequence[str] = (),
    cgroup: Sequence[int] = (),
) -> dict[str, Any]:
    """What a fork server is started with; see kodgen.sandbox.harness.settings."""
    uid = users.slot_user(slot) if level != "rlimits" else None
    processes = limits.processes
    shared = uid is None and level != "namespaces"
    if shared:
        processes = processes * (limits.workers or len(os.sched_getaffinity(0))) + _SHARED_SLACK
    elif uid is None:
        processes += _OWN_PROCESSES
    return {
        "level": level,
        "uid": uid,
        "cpu_seconds": limits.cpu_seconds,
        "wall_seconds": limits.wall_limit,
        "memory_bytes": limits.memory_mb * MIB,
        "scratch_bytes": limits.scratch_mb * MIB,
        "processes": processes,
        "shared_processes": shared,
        "open_files": limits.open_files,
        "coverage": limits.coverage,
        "allow_exec": limits.allow_exec,
        "preload": list(limits.preload),
        "shown": list(shown),
        "cgroup": list(cgroup),
    }


def candidates(limits: config.Sandbox) -> list[Isolation]:
    """Levels to be tried, the best first."""
    if limits.isolation != "auto":
        return [limits.isolation]
    levels: list[Isolation] = ["namespaces", "container"]
    return [*levels, "rlimits"] if limits.accept_no_isolation else levels


async def choose(limits: config.Sandbox, interpreter: Interpreter) -> Isolation:
    """The best level of which all that it promises holds on this machine.

    Raises:
        IsolationError: There is none; the message says why each of them failed.
    """
    require_linux()
    reports = []
    for level in candidates(limits):
        report = await examine(limits, level, interpreter)
        if not report.failures:
            return level
        reports.append(report)
    raise IsolationError(refusal(reports))


def refusal(reports: Sequence[Report]) -> str:
    """What to say where no level can be had."""
    found = "; ".join(f"{report.level}: {'; '.join(report.failures)}" for report in reports)
    advice = [ADVICE[report.level] for report in reports if report.level != "rlimits"]
    return f"this machine can't isolate untrusted code: {found}. {'. '.join(advice)}. " + (
        "Verify on another machine"
        if reports[-1].level == "rlimits"
        else ADVICE["rlimits"].capitalize()
    )


def require_linux() -> None:
    """See that this is Linux.

    Raises:
        IsolationError: It is not.
    """
    if sys.platform != "linux":
        raise IsolationError(
            f"the sandbox needs Linux, and this is {sys.platform}; run kodgen in a Linux container "
            "or virtual machine"
        )


async def examine(limits: config.Sandbox, level: Isolation, interpreter: Interpreter) -> Report:
    """What of a level holds on this machine."""
    changed = {
        "cpu_seconds": 60,
        "wall_seconds": None,
        "preload": (),
        "coverage": False,
        "scratch_mb": min(limits.scratch_mb, _PROBE_SCRATCH_MB),
    }
    generous = limits.model_copy(update=changed)
    slots = users.take_slots(1)
    try:
        given = settings(generous, level, slots[0], interpreter.shown)
        server = ForkServer(interpreter.executable, given)
        return await probing.probe(server, generous, level, given)
    finally:
        users.give_back(slots)
