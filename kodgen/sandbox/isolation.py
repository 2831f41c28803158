"""Isolation levels: which one this machine can give, found out by running a trial in it."""

import asyncio
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kodgen import config
from kodgen.errors import IsolationError, SandboxFault
from kodgen.records import Isolation, TestResult, Verdict
from kodgen.sandbox import procfs, testfile
from kodgen.sandbox.environ import ENVIRONMENT
from kodgen.sandbox.forkserver import ForkServer, Order
from kodgen.sandbox.interpreter import Interpreter, examine
from kodgen.sandbox.verdict import decide

MIB = 1024 * 1024
_MOST_SLOTS = 1024
_HIGH_UID = 1_000_000_000
_LOW_UID = 20_000
_OWN_PROCESSES = 3
"""Fork server, its parent and the trial's init: an ordinary user's trial shares its limit."""
_UNISOLATED_SLACK = 1024
"""Processes the user may start elsewhere meanwhile, where the limit can't be the trial's own."""

_ADVICE = (
    "On Ubuntu 23.10 or later, as root: `sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`."
    " In Docker: `--cap-add SYS_ADMIN --security-opt seccomp=unconfined --security-opt"
    " apparmor=unconfined`. Elsewhere: run as root, or allow unprivileged user namespaces."
    " To run with resource limits alone, and trust the code not to be hostile:"
    " `sandbox.accept_no_isolation: true` in the pipeline file, or `--i-accept-no-isolation`."
)

_PROBE_SOLUTION = """\
def denied(action, *arguments):
    try:
        action(*arguments)
    except PermissionError:
        return True
    return False


def status(name):
    for line in open("/proc/self/status"):
        if line.startswith(name + ":"):
            return line.split()[1]
"""

_PROBE_TEST = """\
import os, socket, sys
from solution import denied, status


def test_network():
    with socket.socket() as s:
        assert denied(s.connect, ("127.0.0.1", 9))


def test_exec():
    assert denied(os.execv, sys.executable, ["python"])


def test_privileges():
    assert os.geteuid() != 0 and status("NoNewPrivs") == "1" and int(status("CapEff"), 16) == 0


def test_filter():
    assert status("Seccomp") == "2"


def test_processes():
    assert {p for p in os.listdir("/proc") if p.isdigit()} == {"1", str(os.getpid())} != {"1"}


def test_environment():
    assert not set(os.environ) - {ALLOWED}


def only_the_way(folder):
    # Nothing is in the folder but the way to the interpreter.
    needed = [p for q in (sys.prefix, sys.base_prefix, *sys.path) for p in (q, os.path.realpath(q))]
    found = os.listdir(folder) if os.path.exists(folder) else ()
    return all(any((p + "/").startswith(f"{folder}/{name}/") for p in needed) for name in found)


def test_home():
    assert all(map(only_the_way, ("/home", "/root", "/var", "/run", "/srv", "/mnt")))
    assert not os.path.exists("/etc/shadow")


def test_read_only():
    import pytest
    with pytest.raises(OSError):
        open(os.__file__, "ab")
    with pytest.raises(OSError):
        open(__file__, "ab")


def test_scratch():
    assert os.statvfs("/tmp").f_bfree * os.statvfs("/tmp").f_bsize <= {SCRATCH}
"""

_MEANINGS = {
    "test_network": "no sockets can be opened",
    "test_exec": "no other program can be started",
    "test_privileges": "an unprivileged user without capabilities, for good",
    "test_filter": "the system call filter is on",
    "test_processes": "no process outside the trial is visible",
    "test_environment": "the environment holds nothing of ours",
    "test_home": "home folders, /var and /run are not there, but for the way to the interpreter",
    "test_read_only": "the interpreter and the test can't be changed",
    "test_scratch": "temporary files are private and capped",
}
_PROMISED_BY_RLIMITS = frozenset({"test_network", "test_exec", "test_filter", "test_environment"})


@dataclass(frozen=True, slots=True)
class Probe:
    """One thing that was tried."""

    name: str
    held: bool
    detail: str
    """What was seen."""
    advice: str = ""
    """What to do about it; empty if it held."""


def settings(
    limits: config.Sandbox, level: Isolation, slot: int, shown: Sequence[str] = ()
) -> dict[str, Any]:
    """What a fork server is started with; see kodgen.sandbox.harness.settings."""
    root = os.geteuid() == 0
    isolated = level == "namespaces"
    processes = limits.processes
    if not isolated:
        processes += procfs.tasks_of(os.getuid()) + _UNISOLATED_SLACK
    elif not root:
        processes += _OWN_PROCESSES
    return {
        "level": level,
        "uid": slot_uid(slot) if root and level != "rlimits" else None,
        "cpu_seconds": limits.cpu_seconds,
        "wall_seconds": limits.wall_limit,
        "memory_bytes": limits.memory_mb * MIB,
        "scratch_bytes": limits.scratch_mb * MIB,
        "processes": processes,
        "open_files": limits.open_files,
        "coverage": limits.coverage,
        "allow_exec": limits.allow_exec,
        "preload": list(limits.preload),
        "shown": list(shown),
    }


def slot_uid(slot: int) -> int:
    """A user id that only this slot of this process uses, so that its process limit is its own.

    Where the machine maps too few ids (rootless containers), slots of two kodgen processes share.
    """
    high = _HIGH_UID + os.getpid() % 2**20 * _MOST_SLOTS + slot
    try:
        ranges = [line.split() for line in Path("/proc/self/uid_map").read_text().splitlines()]
    except OSError:
        ranges = []
    if any(int(start) <= high < int(start) + int(count) for start, _, count in ranges):
        return high
    return _LOW_UID + slot


async def choose(limits: config.Sandbox, interpreter: Interpreter) -> Isolation:
    """The best level that this machine gives, or else the opted-in one.

    Raises:
        IsolationError: It gives none, and running without was not accepted.
    """
    _require_linux()
    if limits.isolation != "auto":
        failures = await _failures(limits, limits.isolation, interpreter)
        if not failures:
            return limits.isolation
        raise IsolationError(f"no {limits.isolation}: {failures}")
    failures = await _failures(limits, "namespaces", interpreter)
    if not failures:
        return "namespaces"
    if not limits.accept_no_isolation:
        raise IsolationError(
            f"this machine can't isolate untrusted code: {'; '.join(failures)}. {_ADVICE}"
        )
    failures = await _failures(limits, "rlimits", interpreter)
    if failures:
        raise IsolationError(
            f"not even resource limits hold on this machine: {'; '.join(failures)}; "
            "verify on another machine"
        )
    return "rlimits"


def _require_linux() -> None:
    if sys.platform != "linux":
        raise IsolationError(
            f"the sandbox needs Linux, and this is {sys.platform}; run kodgen in a Linux container "
            "or virtual machine"
        )


async def _failures(
    limits: config.Sandbox, level: Isolation, interpreter: Interpreter
) -> list[str]:
    """What a probing trial at this level found wrong; empty if all it promises holds."""
    try:
        verdict = await _probe(limits, level, interpreter)
    except SandboxFault as error:
        return [str(error)]
    if not verdict.tests:
        said = verdict.observed.message if verdict.observed is not None else ""
        return [f"a probing trial ended as {verdict.outcome}/{verdict.reason} ({said})"]
    promised = (
        _MEANINGS
        if level == "namespaces"
        else {"test_filter"}
        if level == "container"
        else _PROMISED_BY_RLIMITS
    )
    held = {test.name for test in verdict.tests if test.outcome == "passed"}
    return [
        f"it does not hold that {_MEANINGS[name]}"
        for name in _MEANINGS
        if name in promised and name not in held
    ]


async def _probe(limits: config.Sandbox, level: Isolation, interpreter: Interpreter) -> Verdict:
    changed = {"cpu_seconds": 60, "wall_seconds": None, "preload": ()}
    generous = limits.model_copy(update=changed)
    given = settings(generous, level, 0, interpreter.shown)
    server = ForkServer(interpreter.executable, given)
    try:
        await server.start()
        test = probe_test(limits)
        order = Order(("tests",))
        (transcript,), ending = await server.run(order, _PROBE_SOLUTION, test, generous.wall_limit)
        expected = testfile.read(test)
        return decide(transcript, ending, expected, generous.cpu_seconds, level)
    finally:
        await server.close()


def probe_test(limits: config.Sandbox) -> str:
    """The test file of a probing trial."""
    # pytest names the running test in the environment; the C library may add a locale.
    allowed = repr({*ENVIRONMENT, "TMPDIR", "PYTEST_CURRENT_TEST", "PYTEST_VERSION", "LC_CTYPE"})
    scratch = str(limits.scratch_mb * MIB)
    return _PROBE_TEST.replace("{ALLOWED}", allowed).replace("{SCRATCH}", scratch)


def probe_isolation() -> list[Probe]:
    """Try what this machine can give, for `kodgen doctor`; runs an event loop of its own."""
    try:
        _require_linux()
        limits = config.Sandbox()
        interpreter = examine(limits.python)
        verdict = asyncio.run(_probe(limits, "namespaces", interpreter))
    except (IsolationError, SandboxFault) as error:
        return [Probe("namespaces", held=False, detail=str(error), advice=_ADVICE)]
    ran = bool(verdict.tests)
    said = verdict.observed.message if verdict.observed is not None else ""
    first = Probe(
        "namespaces",
        held=ran,
        detail="a trial ran in namespaces of its own" if ran else f"{verdict.reason}: {said}",
        advice="" if ran else _ADVICE,
    )
    return [first, *_each(verdict.tests)]


def _each(tests: Iterable[TestResult]) -> list[Probe]:
    probes = []
    for test in tests:
        held = test.outcome == "passed"
        meaning = _MEANINGS.get(test.name, test.name)
        probes.append(
            Probe(
                test.name.removeprefix("test_"),
                held=held,
                detail=meaning if held else f"it does not hold that {meaning} ({test.error})",
                advice="" if held else "don't run untrusted code here; report this to kodgen",
            )
        )
    return probes
