"""The cgroup of a slot's runs, given by the supervisor as open files; none where there is none."""

import os

_LONGEST = 4096


class Group:
    """Joined by each run; the fork server itself stays outside."""

    def __init__(self, descriptors: list[int]) -> None:
        """Take what the supervisor opened.

        Args:
            descriptors: Of cgroup.procs, memory.events and, from Linux 5.14 on, cgroup.kill; or
                none.
        """
        self._join, self._events, self._kill = (*descriptors, -1, -1, -1)[:3]
        self._before = 0

    def begin(self) -> None:
        """Before a run: note what has happened so far."""
        self._before = self._oom_kills()

    def join(self) -> None:
        """In a process of a run: come under the group's limits, with all that it will start.

        Raises:
            OSError: The kernel refused.
        """
        if self._join >= 0:
            os.write(self._join, b"0")

    def struck(self) -> bool:
        """Whether the kernel killed processes of this run for want of memory."""
        return self._oom_kills() > self._before

    def end_all(self) -> None:
        """Kill every process in the group, at once."""
        if self._kill >= 0:
            os.write(self._kill, b"1")

    def _oom_kills(self) -> int:
        if self._events < 0:
            return 0
        for line in os.pread(self._events, _LONGEST, 0).splitlines():
            name, _, value = line.partition(b" ")
            if name == b"oom_kill":
                return int(value)
        return 0
