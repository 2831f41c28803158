"""Pid 1 of a trial: makes the runs it is ordered to, one by one, and ends with what they left.

It takes orders from the supervisor on a SEQPACKET socket that no run inherits:

    <- an Order + [report socket]                                  for each run
    -> {"ended": status, "cpu_seconds", "peak_memory_bytes"}

and ends when that closes. How a run ended is told by this process alone, from what the kernel
tells of its children.
"""

import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import kernel
from .channel import Channel
from .confine import close_all_but
from .settings import Order, Settings
from .world import World

EXITED = 0
"""The run exited, with whatever code; 1 to 64: it was killed by that signal."""
OUT_OF_MEMORY = 100
FAULT = 101
OVERDUE = 102

_LONGEST = 65536
_TICK_MS = 50
_GRACE_SECONDS = 30
"""After the wall limit that the supervisor keeps, should the supervisor have forgotten."""
_PAGE = os.sysconf("SC_PAGE_SIZE")

Start = Callable[[Order, Channel, int], None]
"""Becomes a run, in a child, given its report channel and that channel's descriptor."""


class Init:
    """The orders and runs of one trial."""

    def __init__(self, settings: Settings, world: World, start: Start) -> None:
        self._settings = settings
        self._world = world
        self._start = start
        self._cpu_seconds = 0.0
        self._peak = 0

    def serve(self, orders: socket.socket, files: dict[str, str]) -> None:
        """Take orders until the supervisor hangs up."""
        _harden()
        self._world.enter_init()
        close_all_but(orders.fileno())
        while True:
            data, descriptors, _, _ = socket.recv_fds(orders, _LONGEST, 1)
            if not data:
                return
            (report,) = descriptors
            answer = self._run(Order(**json.loads(data)), report, files)
            orders.send(json.dumps(answer).encode())

    def _run(self, order: Order, report: int, files: dict[str, str]) -> dict[str, Any]:
        channel = Channel(socket.socket(fileno=report), order.nonce)
        try:
            self._world.furnish(files)
        except OSError as error:
            channel.send("fault", message=str(error)[:1000])
            channel.close()
            return {"ended": FAULT, "cpu_seconds": 0.0, "peak_memory_bytes": 0}
        self._cpu_seconds, self._peak = 0.0, 0
        base = resident(os.getpid())
        trial = os.fork()
        if trial == 0:
            try:
                self._start(order, channel, report)
            finally:
                os._exit(1)
        channel.close()
        status = self._await(trial, base)
        self._world.end_all()
        self._reap_all()
        return {
            "ended": status,
            "cpu_seconds": self._cpu_seconds,
            "peak_memory_bytes": self._peak,
        }

    def _await(self, trial: int, base: int) -> int:
        """Wait for the run's end, or end it; its status."""
        pidfd = os.pidfd_open(trial)
        poller = select.poll()
        poller.register(pidfd, select.POLLIN)
        deadline = time.monotonic() + self._settings.wall_seconds + _GRACE_SECONDS
        try:
            while True:
                poller.poll(_TICK_MS)
                status = self._reap(trial)
                if status is not None:
                    return status
                used = sum(max(0, resident(pid) - base) for pid in self._world.members())
                if used > self._settings.memory_bytes:
                    return OUT_OF_MEMORY
                if time.monotonic() > deadline:
                    return OVERDUE
        finally:
            os.close(pidfd)

    def _reap(self, trial: int) -> int | None:
        """Collect the dead; how the run's first process ended, or None if it has not."""
        ended = None
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return ended
            if pid == 0:
                return ended
            self._count(usage)
            if pid == trial:
                ended = os.WTERMSIG(status) if os.WIFSIGNALED(status) else EXITED

    def _reap_all(self) -> None:
        """Collect what was killed, so that its CPU time is counted."""
        while True:
            try:
                _, _, usage = os.wait4(-1, 0)
            except ChildProcessError:
                return
            self._count(usage)

    def _count(self, usage: Any) -> None:
        self._cpu_seconds += usage.ru_utime + usage.ru_stime
        self._peak = max(self._peak, usage.ru_maxrss * 1024)


def resident(pid: int) -> int:
    """Bytes of a process's own resident memory, files and shared memory left out; 0 if gone."""
    try:
        with open(f"/proc/{pid}/statm", "rb") as file:  # noqa: PTH123 - twenty times a second
            fields = file.read().split()
    except OSError:
        return 0
    return (int(fields[1]) - int(fields[2])) * _PAGE


def _harden() -> None:
    """Make this process hard to reach from a run, and first to go when memory runs out."""
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
