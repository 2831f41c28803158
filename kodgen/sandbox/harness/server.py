"""The fork server: imports once, then forks one trial after another, each into its own world.

It speaks with the supervisor on a control socket (SEQPACKET, JSON) that no trial inherits:

    -> {"ready": ...} | {"fault": text}          once, at the start
    <- {"nonce"} + [report socket, sources memfd]  for each trial
    -> {"started": pid} + [pidfd of its init]
    -> {"ended": status, "cpu_seconds", "peak_memory_bytes"}

It ends when the control socket closes, and by the kernel's hand when its parent dies.
"""

import gc
import json
import os
import platform
import select
import shutil
import signal
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

from . import init, kernel, root
from .channel import Channel
from .settings import ISOLATED, Layout, Settings
from .trial import Prepared

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
            _enter_namespaces(control)
        server = Server(control, settings)
    except (OSError, KeyError, ImportError) as error:
        _say(control, {"fault": f"{type(error).__name__}: {error}"})
        return
    _say(control, {"ready": True, **server.describe()})
    server.loop()


def _enter_namespaces(control: socket.socket) -> None:
    """Go on as pid 1 of a pid namespace of our own; only that child returns.

    A process may come back from a trial's new pid namespace to one it has rights over: as an
    ordinary user, to this one only. And all trials die with it, however it dies.
    """
    if os.geteuid() != 0:
        root.enter_user_namespace()
    kernel.unshare(kernel.CLONE_NEWPID)
    child = os.fork()
    if child:
        control.close()
        _, status = os.waitpid(child, 0)
        os._exit(min(255, abs(os.waitstatus_to_exitcode(status))))
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)


def _say(control: socket.socket, message: dict[str, Any], *descriptors: int) -> None:
    socket.send_fds(control, [json.dumps(message).encode()], list(descriptors))


def _make_folders(layout: Layout) -> None:
    for folder in (layout.source, layout.work, layout.tmp):
        Path(folder).mkdir(parents=True, mode=0o700)


class Server:
    """One slot: at most one trial at a time."""

    def __init__(self, control: socket.socket, settings: Settings) -> None:
        self._control = control
        self._settings = settings
        self._pids = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        isolated = settings.level == "namespaces"
        if isolated:
            self._unshare_network()
            root.build(os.getuid() if settings.uid is None else settings.uid)
            layout = ISOLATED
        else:
            home = Path(tempfile.mkdtemp(prefix="kodgen-trial-"))
            layout = Layout(*(str(home / name) for name in ("source", "work", "tmp")))
            _make_folders(layout)
        self._home = None if isolated else str(Path(layout.work).parent)
        self._layout = layout
        kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
        kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        self._prepared = Prepared(settings, layout, pages * os.sysconf("SC_PAGE_SIZE"))
        # Objects that live on are kept out of collections, which would copy their pages.
        gc.collect()
        gc.freeze()

    @staticmethod
    def _unshare_network() -> None:
        # A second wall behind the system call filter, once for all trials: a network namespace
        # each would wait on a lock that the whole machine shares.
        try:
            kernel.unshare(kernel.CLONE_NEWNET)
        except OSError as error:
            sys.stderr.write(f"no network namespace of our own: {error}\n")

    def describe(self) -> dict[str, Any]:
        """What the trials run on."""
        return {"python": platform.python_version(), "prebuilt": self._prepared.runner.prebuilt}

    def loop(self) -> None:
        """Serve trials one by one."""
        try:
            while True:
                data, descriptors, _, _ = socket.recv_fds(self._control, _LONGEST, 2)
                if not data:
                    return
                report, sources = descriptors
                self._trial(json.loads(data)["nonce"], report, sources)
        finally:
            if self._home is not None:
                shutil.rmtree(self._home, ignore_errors=True)

    def _trial(self, nonce: str, report: int, sources: int) -> None:
        pid = self._fork()
        if pid == 0:
            status = init.FAULT
            try:
                status = self._init(nonce, report, sources)
            finally:
                os._exit(status)
        os.close(report)
        os.close(sources)
        pidfd = os.pidfd_open(pid)
        _say(self._control, {"started": pid}, pidfd)
        self._await(pidfd, pid)
        os.close(pidfd)
        _, status, usage = os.wait4(pid, 0)
        if self._home is not None:
            init.kill_descendants()
        _say(
            self._control,
            {
                "ended": os.waitstatus_to_exitcode(status),
                "cpu_seconds": usage.ru_utime + usage.ru_stime,
                "peak_memory_bytes": usage.ru_maxrss * 1024,
            },
        )

    def _fork(self) -> int:
        """Fork, into a new pid namespace if isolated; 0 in the child."""
        if self._home is not None:
            return os.fork()
        kernel.unshare(kernel.CLONE_NEWPID)
        try:
            pid = os.fork()
        except OSError:
            kernel.setns(self._pids, kernel.CLONE_NEWPID)
            raise
        if pid:
            kernel.setns(self._pids, kernel.CLONE_NEWPID)
        return pid

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

    def _init(self, nonce: str, report: int, sources: int) -> int:
        channel = Channel(socket.socket(fileno=report), nonce)
        try:
            init.harden()
            with open(sources, "rb") as file:
                files = json.loads(file.read())
            self._place(files)
        except OSError as error:
            channel.claim()
            channel.send("fault", message=str(error)[:1000])
            return init.FAULT

        def start() -> None:
            self._prepared.run(channel, report)

        return init.run(self._settings, start)

    def _place(self, files: dict[str, str]) -> None:
        """Make the trial's folders and write its files."""
        if self._home is None:
            root.enter_trial_mounts(self._settings.scratch_bytes, self._settings.uid, files)
            return
        kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
        shutil.rmtree(self._home, ignore_errors=True)
        _make_folders(self._layout)
        root.write_sources(self._layout.source, files)
