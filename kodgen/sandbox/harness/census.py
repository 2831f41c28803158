"""How many processes and threads a user has, where all of them share one limit.

Those of runs are left out, for each of these has its part in the limit: they are known by one
system call filter more than this process has.
"""

import os
import time

_FRESH_SECONDS = 1.0


class Census:
    """Counts now and then; a run is not to pay for it each time."""

    def __init__(self, uid: int | None) -> None:
        """Start counting for a user; for None, there is nothing to count."""
        self._uid = uid
        self._count = 0
        self._next = 0.0

    def count(self) -> int:
        """Processes and threads of the user, a second ago at most."""
        now = time.monotonic()
        if self._uid is not None and now >= self._next:
            self._count = tasks_of(self._uid)
            self._next = now + _FRESH_SECONDS
        return self._count


def tasks_of(uid: int) -> int:
    """Processes and threads that a user has on this machine now, but for those of runs."""
    wanted = str(uid).encode()
    filters = _filters(_status("self"))
    count = 0
    for name in os.listdir("/proc"):  # noqa: PTH208 - between runs
        fields = _status(name) if name.isdigit() else {}
        if fields.get(b"Uid", b"").split()[:1] == [wanted] and _filters(fields) <= filters:
            count += int(fields.get(b"Threads", b"0"))
    return count


def _status(name: str) -> dict[bytes, bytes]:
    """Fields of a process's status; none if it is gone."""
    try:
        with open(f"/proc/{name}/status", "rb") as file:  # noqa: PTH123
            return dict(line.split(b":", 1) for line in file if b":" in line)
    except OSError:
        return {}


def _filters(fields: dict[bytes, bytes]) -> int:
    # Not told before Linux 5.9: then all count alike.
    return int(fields.get(b"Seccomp_filters", b"0"))
