"""The level `namespaces`: a fork server and its runs in namespaces of their own.

The fork server is pid 1, in a small read-only root; so all its runs die with it, however it dies,
and `kill(-1)` ends whatever a run left, at once and for sure. Each run gets its own mounts for
all that can be written. No namespace is made for each run: that costs more than the run itself.
"""

import contextlib
import os
import signal
import socket
import sys

from . import kernel, root
from .seccomp import Policy
from .settings import ISOLATED, Settings
from .world import WITHIN


def enter(control: socket.socket) -> None:
    """Go on as pid 1 of a pid namespace of our own; only that child returns."""
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
        self.policy = Policy(allow_exec=settings.allow_exec)
        self._furnished = False
        _unshare_network()
        root.build(os.getuid() if settings.uid is None else settings.uid, settings.shown)
        self._put_back = root.covered(settings.shown)

    def furnish(self) -> None:
        """Mount a run's private folders over the common root."""
        if self._furnished:
            root.clear()
        root.furnish(self._settings.scratch_bytes, self._settings.uid, self._put_back)
        self._furnished = True

    @staticmethod
    def place(files: dict[str, bytes]) -> None:
        """Write the files where nothing can be written afterwards."""
        root.place(files)

    def enter_run(self) -> None:
        """A run is where its fork server is."""

    @staticmethod
    def fullness() -> int:
        """Its file systems are its own, and as large as its share."""
        return WITHIN

    @staticmethod
    def members() -> list[int]:
        """Every process of this pid namespace but its first, which asks."""
        return [int(name) for name in os.listdir("/proc") if name.isdigit() and name != "1"]  # noqa: PTH208 - twenty times a second

    @staticmethod
    def end_all() -> None:
        """Kill all but this process, pid 1."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)

    def close(self) -> None:
        """All mounts go with this process."""


def _unshare_network() -> None:
    # A second wall behind the system call filter, once for all runs: a network namespace each
    # would wait on a lock that the whole machine shares.
    try:
        kernel.unshare(kernel.CLONE_NEWNET)
    except OSError as error:
        sys.stderr.write(f"no network namespace of our own: {error}\n")
