"""What each isolation level promises, as things to be tried, and a trial that tries them."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kodgen import config
from kodgen.errors import SandboxFault
from kodgen.records import Isolation
from kodgen.sandbox import testfile
from kodgen.sandbox.environ import ENVIRONMENT
from kodgen.sandbox.forkserver import ForkServer, Order
from kodgen.sandbox.verdict import decide

_TEST = Path(__file__).with_name("containment.py")
_ALSO_IN_THE_ENVIRONMENT = ("TMPDIR", "PYTEST_CURRENT_TEST", "PYTEST_VERSION", "LC_CTYPE")
"""pytest names the running test and itself; the C library may add a locale."""
_SHARED_FOLDERS = ("/tmp", "/dev/shm", "/var/tmp")  # noqa: S108 - planted in by mkstemp

_MOST_OTHERS = 100_000
"""More processes than any user has beside."""

_FILL = """\
import time

def fill():
    for number in range(10_000):
        with open(f"{number}", "wb") as file:
            file.write(bytes(2**20))
        time.sleep(0.001)
"""
_FILL_TEST = "from solution import fill\n\n\ndef test_fill():\n    fill()\n"


@dataclass(frozen=True, slots=True)
class Probe:
    """One thing that is tried."""

    meaning: str
    """What holds if it is contained."""
    levels: str = "namespaces container rlimits"
    """Which promise it."""
    instead: Mapping[str, str] | None = None
    """By level that does not promise it: what stands in its place."""


_NOT_TRUSTED = {"rlimits": "nothing: the code is trusted not to"}
_ISOLATED = "namespaces container"

PROBES: Mapping[str, Probe] = {
    "network": Probe("nothing can be connected to, listened on or sent to, of any family"),
    "io_uring": Probe("no way round the system call filter"),
    "exec": Probe("no other program can be started, unless that is allowed"),
    "filter": Probe("the system call filter is on"),
    "privileges": Probe(
        "an unprivileged user without capabilities, for good", _ISOLATED, _NOT_TRUSTED
    ),
    "namespaces": Probe("no namespaces and mounts of its own"),
    "kernel": Probe("no keyrings, bpf, performance counters or page fault handlers"),
    "ipc": Probe("no System V or POSIX objects that would stay"),
    "visible": Probe(
        "no process outside the trial is seen",
        "namespaces",
        {
            "container": "their numbers are seen; none can be read, signalled or traced",
            "rlimits": "all are seen",
        },
    ),
    "signals": Probe("no process outside the trial is signalled", _ISOLATED, _NOT_TRUSTED),
    "tracing": Probe(
        "no process outside is traced, and its memory and environment not read",
        _ISOLATED,
        {"rlimits": "kodgen's own processes can't be; others of the same user may"},
    ),
    "environment": Probe("the environment holds nothing of ours"),
    "files_read": Probe(
        "home folders, secrets and temporary files can't be read", _ISOLATED, _NOT_TRUSTED
    ),
    "files_written": Probe(
        "nothing outside the trial's own folder can be written, cut, renamed or given other modes",
        _ISOLATED,
        _NOT_TRUSTED,
    ),
    "read_only": Probe("the interpreter and the test can't be changed", _ISOLATED, _NOT_TRUSTED),
    "devices": Probe("no devices but null, zero, full and random", _ISOLATED, _NOT_TRUSTED),
    "scratch": Probe(
        "temporary files are in a file system of its own, of limited size",
        "namespaces",
        {
            "container": "the folder is looked at while a run lasts; see `full`",
            "rlimits": "each file is limited in size",
        },
    ),
    "full": Probe(
        "who fills the temporary folder is stopped",
        "container",
        {
            "namespaces": "its file system is full then; see `scratch`",
            "rlimits": "each file is limited in size",
        },
    ),
    "processes": Probe(
        "processes and threads are limited",
        _ISOLATED,
        {"rlimits": "as root there is no such limit; else it is shared with all of the user's"},
    ),
    "memory": Probe("the memory of each process is limited, and watched together"),
    "file_size": Probe("files are limited in size"),
    "limits": Probe("CPU time and open files are limited, and no limit can be raised"),
}


@dataclass(frozen=True, slots=True)
class Report:
    """What was found of one level."""

    level: Isolation
    fault: str
    """Why it can't be had at all; empty if a probing trial ran."""
    broken: Mapping[str, str]
    """What was not contained, and what was seen: by name of the probe."""

    @property
    def failures(self) -> list[str]:
        """Why this level is not to be used; empty if all that it promises holds."""
        if self.fault:
            return [self.fault]
        return [
            f"it does not hold that {probe.meaning} ({name}: {self.broken[name]})"
            for name, probe in PROBES.items()
            if name in self.broken and self.level in probe.levels.split()
        ]


async def probe(
    server: ForkServer, limits: config.Sandbox, level: Isolation, settings: Mapping[str, Any]
) -> Report:
    """Try everything at one level.

    Args:
        server: Not started yet; it is closed in the end.
        limits: Those it makes its runs with.
        level: At which it does.
        settings: What it was given, of which the probes check that it came to pass.
    """
    try:
        await server.start()
        with _planted() as planted:
            fault, broken = await _attempt(server, limits, level, _given(level, settings, planted))
        if level == "container" and not fault:
            broken |= await _fill(server, limits)
    except SandboxFault as error:
        fault, broken = str(error), {}
    finally:
        await server.close()
    return Report(level, fault, broken)


async def _attempt(
    server: ForkServer, limits: config.Sandbox, level: Isolation, given: Mapping[str, Any]
) -> tuple[str, dict[str, str]]:
    test = _TEST.read_text(encoding="utf-8")
    solution = f"GIVEN = {dict(given)!r}\n"
    (transcript,), ending = await server.run(Order(("tests",)), solution, test, limits.wall_limit)
    verdict = decide(transcript, ending, testfile.read(test), limits.cpu_seconds, level)
    if not verdict.tests or not transcript.finished:
        said = verdict.observed.message if verdict.observed is not None else ""
        return f"a probing trial ended as {verdict.outcome}/{verdict.reason} ({said})", {}
    held = {result.name for result in verdict.tests if result.outcome == "passed"}
    errors = {result.name: result.error for result in verdict.tests}
    tried = (name for name in PROBES if name != "full")
    return "", {
        name: errors.get(f"test_{name}") or "it was not tried"
        for name in tried
        if f"test_{name}" not in held
    }


async def _fill(server: ForkServer, limits: config.Sandbox) -> dict[str, str]:
    order = Order(("tests",))
    _, ending = await server.run(order, _FILL, _FILL_TEST, limits.wall_limit)
    return {} if ending.out_of_space else {"full": ending.fault or "it was not stopped"}


def _given(level: Isolation, settings: Mapping[str, Any], planted: list[str]) -> dict[str, Any]:
    return {
        "own_processes": level == "namespaces",
        "shared_folders": level != "namespaces",
        "allow_exec": settings["allow_exec"],
        "environment": [*ENVIRONMENT, *_ALSO_IN_THE_ENVIRONMENT],
        "planted": planted,
        "processes": settings["processes"] + (_MOST_OTHERS if settings["shared_processes"] else 0),
        "memory_bytes": settings["memory_bytes"],
        "scratch_bytes": settings["scratch_bytes"],
    }


@contextmanager
def _planted() -> Iterator[list[str]]:
    """Files that anyone may read and write, where everyone's temporary files are."""
    paths = []
    try:
        for folder in _SHARED_FOLDERS:
            if os.access(folder, os.W_OK | os.X_OK):
                descriptor, path = tempfile.mkstemp(prefix="kodgen-probe-", dir=folder)
                paths.append(path)
                os.fchmod(descriptor, 0o666)
                os.write(descriptor, b"not for trials")
                os.close(descriptor)
        yield paths
    finally:
        for path in paths:
            Path(path).unlink(missing_ok=True)
