"""The level `namespaces`: each trial in a pid namespace of its own, each run with its own mounts.

The fork server is itself pid 1 of a pid namespace, in a small read-only root; so all trials die
with it, however it dies.
"""

import contextlib
import os
import signal
import socket
import sys

from . import kernel, root
from .settings import ISOLATED, Settings


def enter(control: socket.socket) -> None:
    """Go on as pid 1 of a pid namespace of our own; only that child returns.

    A process may come back from a trial's new pid namespace to one it has rights over: as an
    ordinary user, to this one only.
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


class Namespaces:
    """See `World`."""

    layout = ISOLATED

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._furnished = False
        self._pids = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        _unshare_network()
        root.build(os.getuid() if settings.uid is None else settings.uid)

    def fork(self) -> int:
        """Fork into a new pid namespace."""
        kernel.unshare(kernel.CLONE_NEWPID)
        try:
            pid = os.fork()
        except OSError:
            kernel.setns(self._pids, kernel.CLONE_NEWPID)
            raise
        if pid:
            kernel.setns(self._pids, kernel.CLONE_NEWPID)
        return pid

    def enter_init(self) -> None:
        """Leave the fork server's mounts; an init is pid 1 already."""
        root.enter_trial()

    def furnish(self, files: dict[str, str]) -> None:
        """Mount a run's private folders over the common root."""
        if self._furnished:
            root.clear()
        root.furnish(self._settings.scratch_bytes, self._settings.uid, files)
        self._furnished = True

    @staticmethod
    def members() -> list[int]:
        """Every process of this pid namespace but its first, which asks."""
        return [int(name) for name in os.listdir("/proc") if name.isdigit() and name != "1"]  # noqa: PTH208 - twenty times a second

    @staticmethod
    def end_all() -> None:
        """Kill all but this process, pid 1."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)

    def after_trial(self) -> None:
        """The namespace is gone, and its mounts with it."""

    def close(self) -> None:
        """All mounts go with this process."""


def _unshare_network() -> None:
    # A second wall behind the system call filter, once for all trials: a network namespace
    # each would wait on a lock that the whole machine shares.
    try:
        kernel.unshare(kernel.CLONE_NEWNET)
    except OSError as error:
        sys.stderr.write(f"no network namespace of our own: {error}\n")

