"""The fork server: imports once, then forks one run after another, each in a clean place.

It is the init of its runs: where pid namespaces can be had, it is pid 1 of one, and whatever a
run leaves behind becomes its child. A run is never pid 1. It speaks with the supervisor on a
control socket (SEQPACKET, JSON) that no run inherits:

    -> {"ready": ...} | {"fault": text} | {"refused": text}     once, at the start
    <- an Order + [report socket, solution memfd, test memfd]   for each run
    <- {"stop": true}                                           to end the present run
    -> {"ended": status, "cpu_seconds", "peak_memory_bytes"}    once it and all it left are gone

It ends when the control socket closes, and by the kernel's hand when its parent dies. How a run
ended is told by what the kernel says of it, never by the run.
"""

import gc
import json
import os
import platform
import re
import select
import signal
import socket
import time
from collections.abc import Callable
from typing import Any

from . import container, kernel, namespaces
from .census import Census
from .channel import Channel
from .container import Container
from .folder import Folder
from .group import Group
from .namespaces import Namespaces
from .preload import PreloadError
from .settings import Order, Settings
from .sources import Line, Sources
from .trial import SPLIT, Prepared
from .world import TOO_FULL, WITHIN, World

EXITED = 0
"""The run exited, with whatever code; 1 to 64: it was killed by that signal."""
OUT_OF_MEMORY = 100
FAULT = 101
OVERDUE = 102
OUT_OF_SPACE = 103
SPACE_VANISHING = 104

_LONGEST = 65536
_TICK_MS = 50
_GRACE_SECONDS = 30
"""After the wall limit that the supervisor keeps, should the supervisor have forgotten."""
_PATIENCE = 4
"""Wall limits that one run may last: those that run the tests three times get more than one."""
_RESIDENT = re.compile(rb"^Rss(?:Anon|Shmem):\s*(\d+) kB", re.MULTILINE)


def serve(control_fd: int, parent: int, given: dict[str, Any]) -> None:
    """Prepare, say so, and make runs until the supervisor hangs up."""
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        return
    control = socket.socket(fileno=control_fd)
    try:
        settings = Settings.read(given)
        if settings.level == "namespaces":
            namespaces.enter(control)
        elif settings.level == "container":
            container.enter(control, settings)
        server = Server(control, settings)
    except PreloadError as error:
        _say(control, {"refused": str(error)})
        return
    except (OSError, KeyError, ImportError) as error:
        _say(control, {"fault": f"{type(error).__name__}: {error}"})
        return
    _say(control, {"ready": True, **server.describe()})
    server.loop()


def _say(control: socket.socket, message: dict[str, Any]) -> None:
    control.send(json.dumps(message).encode())


_WORLDS: dict[str, Callable[[Settings], World]] = {
    "namespaces": Namespaces,
    "container": Container,
    "rlimits": Folder,
}


class Server:
    """One slot: at most one run at a time."""

    def __init__(self, control: socket.socket, settings: Settings) -> None:
        self._control = control
        self._settings = settings
        self._world = _WORLDS[settings.level](settings)
        self._group = Group(settings.cgroup)
        self._census = Census(os.getuid() if settings.shared_processes else None)
        _harden()
        self._prepared = Prepared(settings, self._world)
        # Objects that live on are kept out of collections, which would copy their pages.
        gc.collect()
        gc.freeze()
        self._base = resident(os.getpid())
        self._hung_up = False
        self._cpu_seconds = 0.0
        self._peak = 0

    def describe(self) -> dict[str, Any]:
        """What the runs are made on."""
        prebuilt = self._prepared.runner.config is not None
        return {"python": platform.python_version(), "prebuilt": prebuilt}

    def loop(self) -> None:
        """Take orders one by one."""
        try:
            while not self._hung_up:
                data, descriptors, _, _ = socket.recv_fds(self._control, _LONGEST, 3)
                if not data:
                    return
                if not descriptors:
                    # A stop that crossed the end of its run on the way.
                    continue
                report, *sources = descriptors
                order = Order(**json.loads(data))
                try:
                    answer = self._run(order, report, Sources(*sources))
                finally:
                    for descriptor in sources:
                        os.close(descriptor)
                _say(self._control, answer)
        finally:
            self._world.close()

    def _run(self, order: Order, report: int, sources: Sources) -> dict[str, Any]:
        self._cpu_seconds, self._peak = 0.0, 0
        with socket.socket(fileno=report) as sock:
            channel = Channel(sock, order.nonce)
            try:
                self._world.furnish()
                self._group.begin()
                self._prepared.others = self._census.count()
                line = self._fork_solution(order, sources) if SPLIT in order.kinds else None
                trial = os.fork()
            except OSError as error:
                channel.send("fault", message=str(error)[:1000])
                return self._end(FAULT)
            if trial == 0:
                try:
                    self._group.join()
                    self._prepared.run(order, channel, report, sources, line)
                finally:
                    os._exit(1)
            if line is not None:
                line.close()
        return self._end(self._await(trial))

    def _fork_solution(self, order: Order, sources: Sources) -> Line:
        """Start the solution's process of a split run; the tests' end of the line to it."""
        ours, theirs = Line.pair()
        if os.fork() == 0:
            try:
                self._group.join()
                self._prepared.serve(order, sources, theirs)
            finally:
                os._exit(1)
        theirs.close()
        return ours

    def _end(self, status: int) -> dict[str, Any]:
        """Leave nothing of a run, and say how it ended."""
        if status == signal.SIGKILL and self._group.struck():
            status = OUT_OF_MEMORY
        self._group.end_all()
        self._world.end_all()
        self._reap_all()
        return {
            "ended": status,
            "cpu_seconds": self._cpu_seconds,
            "peak_memory_bytes": self._peak,
        }

    def _await(self, trial: int) -> int:
        """Wait for the run's end, or end it; its status."""
        pidfd = os.pidfd_open(trial)
        poller = select.poll()
        poller.register(pidfd, select.POLLIN)
        poller.register(self._control, select.POLLIN)
        deadline = time.monotonic() + _PATIENCE * self._settings.wall_seconds + _GRACE_SECONDS
        try:
            while True:
                ready = {descriptor for descriptor, _ in poller.poll(_TICK_MS)}
                status = self._reap(trial)
                if status is not None:
                    return status
                if self._control.fileno() in ready:
                    self._hung_up = not self._control.recv(_LONGEST)
                    return signal.SIGKILL
                used = sum(max(0, resident(pid) - self._base) for pid in self._world.members())
                if used > self._settings.memory_bytes:
                    return OUT_OF_MEMORY
                fullness = self._world.fullness()
                if fullness != WITHIN:
                    return OUT_OF_SPACE if fullness == TOO_FULL else SPACE_VANISHING
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
        """Collect all that was killed: once there is no child, nothing of the run is left."""
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
    """Bytes of a process's resident memory, files left out; 0 if it is gone.

    Shared memory counts for each process that has it: better one too many than none.
    """
    try:
        with open(f"/proc/{pid}/status", "rb") as file:  # noqa: PTH123 - twenty times a second
            status = file.read()
    except OSError:
        return 0
    return sum(int(kib) for kib in _RESIDENT.findall(status)) * 1024


def _harden() -> None:
    """Make this process hard to reach from a run."""
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN)
