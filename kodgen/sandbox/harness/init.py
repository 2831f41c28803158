"""Pid 1 of a trial: prepares its mounts, starts it, watches its memory, and ends with it.

When it exits, the kernel kills all that is left in the pid namespace. How the trial ended is told
by the exit status alone, which only the fork server sees.
"""

import contextlib
import os
import select
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from . import kernel
from .confine import close_all_but
from .settings import Settings

EXITED = 0
"""The trial exited, with whatever code; 1 to 64: it was killed by that signal."""
OUT_OF_MEMORY = 100
FAULT = 101
OVERDUE = 102

_TICK_MS = 50
_GRACE_SECONDS = 30
"""After the wall limit that the supervisor keeps, should the supervisor have forgotten."""
_PAGE = os.sysconf("SC_PAGE_SIZE")


def run(settings: Settings, start: Callable[[], None]) -> int:
    """Start the trial and wait for its end; the exit status for this process.

    Args:
        settings: The limits.
        start: Runs the trial, in a child; never returns.
    """
    base = resident(os.getpid())
    trial = os.fork()
    if trial == 0:
        try:
            start()
        finally:
            os._exit(1)
    pidfd = os.pidfd_open(trial)
    close_all_but(pidfd)
    poller = select.poll()
    poller.register(pidfd, select.POLLIN)
    deadline = time.monotonic() + settings.wall_seconds + _GRACE_SECONDS
    everyone = namespace_members if settings.level == "namespaces" else descendants
    while True:
        poller.poll(_TICK_MS)
        status = _reap(trial)
        if status is not None:
            break
        if sum(max(0, resident(pid) - base) for pid in everyone()) > settings.memory_bytes:
            status = OUT_OF_MEMORY
            break
        if time.monotonic() > deadline:
            status = OVERDUE
            break
    _end_all()
    return status


def _end_all() -> None:
    """Kill and reap what is left, so that its CPU time is counted."""
    if os.getpid() != 1:
        kill_descendants()
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


def _reap(trial: int) -> int | None:
    """Collect the dead; how the trial ended, or None if it has not."""
    ended = None
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if pid == 0:
            return ended
        if pid == trial:
            ended = os.WTERMSIG(status) if os.WIFSIGNALED(status) else EXITED


def resident(pid: int) -> int:
    """Bytes of a process's own resident memory, files and shared memory left out; 0 if gone."""
    try:
        fields = Path(f"/proc/{pid}/statm").read_text().split()
    except OSError:
        return 0
    return (int(fields[1]) - int(fields[2])) * _PAGE


def namespace_members() -> list[int]:
    """Every process of this pid namespace but its first, which asks."""
    names = (path.name for path in Path("/proc").iterdir())
    return [int(name) for name in names if name.isdigit() and name != "1"]


def descendants() -> list[int]:
    """Every process below this one; orphans among them, where this is their subreaper."""
    found: list[int] = []
    waiting = [os.getpid()]
    while waiting:
        parent = waiting.pop()
        for path in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                children = [int(pid) for pid in path.read_text().split()]
            except OSError:
                continue
            found += children
            waiting += children
    return found


def kill_descendants() -> None:
    """Kill and reap all below this process, until nothing is left of it."""
    while True:
        for pid in descendants():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def harden() -> None:
    """Make this process hard to reach from the trial, and first to go when memory runs out."""
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN)
    # The file belongs to root while the process is not dumpable.
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)
    try:
        Path("/proc/self/oom_score_adj").write_text("1000")
    except OSError as error:
        sys.stderr.write(f"oom_score_adj: {error}\n")
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
