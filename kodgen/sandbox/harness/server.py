"""The fork server: imports once, then forks one trial after another, each into its own world.

It speaks with the supervisor on a control socket (SEQPACKET, JSON) that no trial inherits:

    -> {"ready": ...} | {"fault": text}           once, at the start
    <- {"begin": true} + [orders socket, sources memfd]  for each trial
    -> {"started": pid} + [pidfd of its init]
    -> {"ended": status}

It ends when the control socket closes, and by the kernel's hand when its parent dies.
"""

import gc
import json
import os
import platform
import select
import signal
import socket
from pathlib import Path
from typing import Any

from . import init, kernel, namespaces
from .folder import Folder
from .namespaces import Namespaces
from .settings import Settings
from .trial import Prepared
from .world import World

_LONGEST = 65536


def serve(control_fd: int, parent: int, given: dict[str, Any]) -> None:
    """Prepare, say so, and serve trials until the supervisor hangs up."""
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        return
    control = socket.socket(fileno=control_fd)
    try:
        settings = Settings.read(given)
        if settings.level == "namespaces":
            namespaces.enter(control)
        server = Server(control, settings)
    except (OSError, KeyError, ImportError) as error:
        _say(control, {"fault": f"{type(error).__name__}: {error}"})
        return
    _say(control, {"ready": True, **server.describe()})
    server.loop()


def _say(control: socket.socket, message: dict[str, Any], *descriptors: int) -> None:
    socket.send_fds(control, [json.dumps(message).encode()], list(descriptors))


class Server:
    """One slot: at most one trial at a time."""

    def __init__(self, control: socket.socket, settings: Settings) -> None:
        self._control = control
        self._settings = settings
        self._world: World = (
            Namespaces(settings) if settings.level == "namespaces" else Folder(settings)
        )
        kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
        kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        base_bytes = pages * os.sysconf("SC_PAGE_SIZE")
        self._prepared = Prepared(settings, self._world.layout, base_bytes)
        # Objects that live on are kept out of collections, which would copy their pages.
        gc.collect()
        gc.freeze()

    def describe(self) -> dict[str, Any]:
        """What the trials run on."""
        return {"python": platform.python_version(), "prebuilt": self._prepared.runner.config is not None}

    def loop(self) -> None:
        """Serve trials one by one."""
        try:
            while True:
                data, descriptors, _, _ = socket.recv_fds(self._control, _LONGEST, 2)
                if not data:
                    return
                orders, sources = descriptors
                self._trial(orders, sources)
        finally:
            self._world.close()

    def _trial(self, orders: int, sources: int) -> None:
        pid = self._world.fork()
        if pid == 0:
            status = init.FAULT
            try:
                with open(sources, "rb") as file:
                    files = json.loads(file.read())
                ordered = socket.socket(fileno=orders)
                init.Init(self._settings, self._world, self._prepared.run).serve(ordered, files)
                status = 0
            finally:
                os._exit(status)
        os.close(orders)
        os.close(sources)
        pidfd = os.pidfd_open(pid)
        _say(self._control, {"started": pid}, pidfd)
        self._await(pidfd, pid)
        os.close(pidfd)
        _, status = os.waitpid(pid, 0)
        self._world.after_trial()
        _say(self._control, {"ended": os.waitstatus_to_exitcode(status)})

    def _await(self, pidfd: int, pid: int) -> None:
        """Wait for the trial's end, or end it when the supervisor hangs up."""
        poller = select.poll()
        poller.register(pidfd, select.POLLIN)
        poller.register(self._control, select.POLLIN)
        while True:
            ready = {descriptor for descriptor, _ in poller.poll()}
            if pidfd in ready:
                return
            os.kill(pid, signal.SIGKILL)
            poller.unregister(self._control)
