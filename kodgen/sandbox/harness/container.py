"""The level `container`: no namespace of our own, but nothing of the machine's that can be touched.

Landlock leaves a run the interpreter to read and one folder to write in; the system call filter
stops what Landlock does not know. As root, each slot's runs have a user of their own; else they
share ours, and the filter refuses what that user could do to its other files and processes.

Outside stands a keeper that only waits: should the fork server be killed, it ends what is left.
"""

import os
import signal
import socket
import time
from pathlib import Path

from . import kernel, landlock, modes, root, scratch, semaphores
from .ending import Ender, descendants
from .home import Home
from .seccomp import Policy
from .settings import Layout, Settings
from .world import TOO_FULL, VANISHING, WITHIN

_SETTINGS_FILES = (
    "/etc/group",
    "/etc/host.conf",
    "/etc/hosts",
    "/etc/localtime",
    "/etc/mime.types",
    "/etc/nsswitch.conf",
    "/etc/passwd",
    "/etc/protocols",
    "/etc/services",
    "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf",
)
"""What libraries read if it is there: to be refused it is an error, where to lack it is none."""
_DEVICES = "/dev/"
_SCAN_SHARE = 10
"""To look how full a run's folder is may take one part in so many of the time."""
_STRANGE_LOSS = 8
"""Caps' worth of space that may vanish beside what is seen: other slots write there too."""


def enter(control: socket.socket, settings: Settings) -> None:
    """Go on as the child of a keeper; only that child returns."""
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
    ender = Ender(settings.uid)
    child = os.fork()
    if child == 0:
        return
    control.close()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    _, status = os.waitpid(child, 0)
    ender.end_all()
    try:
        while True:
            os.wait()
    except ChildProcessError:
        os._exit(min(255, abs(os.waitstatus_to_exitcode(status))))


class Container:
    """See `World`."""

    def __init__(self, settings: Settings) -> None:
        version = landlock.abi()
        if version < 1:
            raise OSError(
                "this kernel has no Landlock, or it is switched off: it takes Linux 5.13 with "
                "`landlock` in the kernel's list of security modules (lsm=)"
            )
        # Files are made for another user to read, whatever our own user's habit is.
        os.umask(0o022)
        self._uid = settings.uid
        self._cap = settings.scratch_bytes
        self._most_entries = max(1024, settings.scratch_bytes // 4096)
        needed = root.needed(settings.shown)
        if settings.uid is not None:
            for path in needed:
                _require_entrance(path)
        self._home = Home(settings.scratch_bytes)
        self._scratch = f"{self._home.path}/scratch"
        work, tmp = (f"{self._scratch}/{name}" for name in ("work", "tmp"))
        self.layout = Layout(f"{self._home.path}/source", work, tmp)
        for folder in (self.layout.source, self._scratch):
            Path(folder).mkdir(mode=0o755)
        self._make_folders()
        self._rules = self._allowed(needed)
        semaphores.install()
        if settings.uid is None:
            modes.forgive(self._scratch)
        self._ender = Ender(settings.uid)
        self.policy = Policy(
            allow_exec=settings.allow_exec,
            same_user=settings.uid is None,
            foreign_signals=settings.uid is not None or self._ender.scoped,
            truncation=version >= landlock.ABI_TRUNCATE,
        )
        self._free = (0, 0)
        self._seen = (0, 0)
        self._next_scan = 0.0

    def _make_folders(self) -> None:
        for folder in (self.layout.work, self.layout.tmp):
            os.mkdir(folder, 0o700)  # noqa: PTH102 - on every run's path
            if self._uid is not None:
                os.chown(folder, self._uid, self._uid)

    def _allowed(self, needed: list[str]) -> landlock.Rules:
        rules = landlock.Rules()
        for path in needed:
            device = path.startswith(_DEVICES)
            rules.allow(path, landlock.USE_DEVICE if device else landlock.READ_AND_RUN)
        rules.allow_all(_SETTINGS_FILES, landlock.READ)
        # To list processes, and no more of them than that: a run may read of itself only.
        rules.allow("/proc", landlock.READ_DIR)
        # Not the source folder itself, which may be made anew.
        rules.allow(self._home.path, landlock.READ)
        rules.allow(self._scratch, landlock.CHANGE)
        return rules

    def furnish(self) -> None:
        """Make the run's folders anew."""
        scratch.empty(self._scratch)
        self._make_folders()
        os.chmod(self.layout.source, 0o755)  # noqa: PTH101, S103
        self._free = self._seen = _free(self._scratch)
        self._next_scan = 0.0

    def place(self, files: dict[str, bytes]) -> None:
        """Write the files; the rules let no run write there."""
        root.write_sources(self.layout.source, files)

    def enter_run(self) -> None:
        """Give up the rest of the machine's files, and signals to outside."""
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        self._rules.restrict("/proc/self")

    @staticmethod
    def members() -> list[int]:
        """Every process below this one; orphans too, for it is their subreaper."""
        return descendants()

    def fullness(self) -> int:
        """Whether the run keeps to its share.

        The folder is looked through only when the file system has changed, and seldom enough. What
        a run has unlinked but holds open is not found there: it shows as space that vanishes, but
        whose it is can't be told.
        """
        now = time.monotonic()
        free = _free(self._scratch)
        if free == self._seen or now < self._next_scan:
            return WITHIN
        self._seen = free
        try:
            used, entries = scratch.usage(self._scratch, self._most_entries)
        except OSError:
            # More branches than files can be open at a time.
            return TOO_FULL
        self._next_scan = now + _SCAN_SHARE * (time.monotonic() - now)
        if used > self._cap or entries > self._most_entries:
            return TOO_FULL
        lost = self._free[0] - free[0] - used
        return VANISHING if lost > _STRANGE_LOSS * self._cap else WITHIN

    def end_all(self) -> None:
        """Kill whatever the run started."""
        self._ender.end_all()

    def close(self) -> None:
        """Remove the folder."""
        self._rules.close()
        self._home.close()


def _free(path: str) -> tuple[int, int]:
    """Free bytes and inodes of a file system."""
    system = os.statvfs(path)
    return system.f_bfree * system.f_frsize, system.f_ffree


def _require_entrance(path: str) -> None:
    """See that another user can come to a path.

    Raises:
        PermissionError: It can't; the message names the folder that is closed.
    """
    for folder in reversed(Path(os.path.realpath(path)).parents):
        if not folder.stat().st_mode & 0o001:
            raise PermissionError(
                f"{folder} can't be entered by the trials' user, and {path} lies below it: "
                f"`chmod o+x {folder}`, or keep the trials' Python elsewhere, or run kodgen as "
                "an ordinary user"
            )
