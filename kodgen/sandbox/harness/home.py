"""A fork server's own folder on a machine whose folders all others see too.

It lies in memory where there is room, for speed and so that nothing stays after a power cut. It is
locked as long as its server lives: what is found unlocked was left by one that was killed.
"""

import contextlib
import fcntl
import os
import stat
import tempfile
import time
from pathlib import Path

from . import scratch

_PREFIX = "kodgen-box-"
_IN_MEMORY = ("/dev/shm", "/tmp")  # noqa: S108 - made there by mkdtemp
_ROOM = 4
"""Times its own cap that must be free in memory: a slot is never alone there."""
_FRESH_SECONDS = 60
"""Younger ones may be about to be locked."""
_OPEN = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class Home:
    """The folder; empty at first, and readable to others, for a trial may be another user."""

    def __init__(self, cap: int) -> None:
        """Make it where there is room.

        Args:
            cap: Bytes that it may come to hold.

        Raises:
            OSError: No folder for temporary files can be written.
        """
        self._lock = -1
        base = _base(cap)
        _sweep(base)
        self.path = tempfile.mkdtemp(prefix=_PREFIX, dir=base)
        self._lock = os.open(self.path, _OPEN)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        os.fchmod(self._lock, 0o711)

    def close(self) -> None:
        """Remove it with all it holds."""
        scratch.empty(self.path)
        Path(self.path).rmdir()
        os.close(self._lock)


def _base(cap: int) -> str:
    """Where to make a folder: on a tmpfs with room, or else where temporary files go."""
    in_memory = set(_tmpfs())
    for path in _IN_MEMORY:
        if path in in_memory and os.access(path, os.W_OK | os.X_OK):
            system = os.statvfs(path)
            if system.f_bavail * system.f_frsize >= _ROOM * cap:
                return path
    return tempfile.gettempdir()


def _tmpfs() -> list[str]:
    """Where each tmpfs is mounted; see proc_pid_mountinfo(5)."""
    found = []
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        left, _, right = line.partition(" - ")
        if right.startswith("tmpfs "):
            found.append(left.split()[4])
    return found


def _sweep(base: str) -> None:
    """Remove what servers that were killed have left there."""
    with os.scandir(base) as listing:
        paths = [entry.path for entry in listing if entry.name.startswith(_PREFIX)]
    for path in paths:
        # Another server may sweep at the same time; what is not ours can't be removed anyway.
        with contextlib.suppress(OSError):
            _remove_stale(path)


def _remove_stale(path: str) -> None:
    descriptor = os.open(path, _OPEN)
    try:
        found = os.fstat(descriptor)
        old = time.time() - found.st_ctime > _FRESH_SECONDS
        if found.st_uid == os.geteuid() and stat.S_ISDIR(found.st_mode) and old:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            scratch.empty(path)
            Path(path).rmdir()
    finally:
        os.close(descriptor)
