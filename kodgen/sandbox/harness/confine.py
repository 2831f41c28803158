"""What a trial gives up before any untrusted code runs."""

import os
import resource
import signal

from . import kernel
from .seccomp import Filter
from .settings import Settings


def become_trial(settings: Settings, filter_: Filter, base_bytes: int) -> None:
    """Take on the limits of a trial; irreversible.

    Args:
        settings: The limits.
        filter_: The system call filter, put on last.
        base_bytes: Address space that the fork server had at birth; a trial's own comes on top.
    """
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if settings.uid is not None:
        os.setgroups([])
        os.setresgid(settings.uid, settings.uid, settings.uid)
        os.setresuid(settings.uid, settings.uid, settings.uid)
        # The kernel forgets the death signal when the user changes.
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    _limit(settings, base_bytes)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    kernel.drop_capabilities()
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    filter_.install()


def _limit(settings: Settings, base_bytes: int) -> None:
    # SIGXCPU at the limit says what happened; who ignores it is killed a second later.
    _set(resource.RLIMIT_CPU, settings.cpu_seconds, settings.cpu_seconds + 1)
    _set(resource.RLIMIT_AS, base_bytes + settings.memory_bytes)
    _set(resource.RLIMIT_FSIZE, settings.scratch_bytes)
    _set(resource.RLIMIT_NOFILE, settings.open_files)
    _set(resource.RLIMIT_MEMLOCK, 0)
    # One byte, not zero: a pipe in core_pattern ignores zero but takes one as "no dump"
    # (the kernel's guard against a crashing handler, fs/coredump.c).
    _set(resource.RLIMIT_CORE, 1)
    _set(resource.RLIMIT_NPROC, settings.processes)


def _set(kind: int, soft: int, hard: int | None = None) -> None:
    ceiling = resource.getrlimit(kind)[1]
    wanted = soft if hard is None else hard
    if ceiling != resource.RLIM_INFINITY:
        soft, wanted = min(soft, ceiling), min(wanted, ceiling)
    resource.setrlimit(kind, (soft, wanted))


def close_all_but(*kept: int) -> None:
    """Point the standard streams at /dev/null and close every other descriptor but `kept`."""
    null = os.open("/dev/null", os.O_RDWR)
    for stream in range(3):
        os.dup2(null, stream)
    low = 3
    for descriptor in sorted(kept):
        os.closerange(low, descriptor)
        low = descriptor + 1
    os.closerange(low, os.sysconf("SC_OPEN_MAX"))
