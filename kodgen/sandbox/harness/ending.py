"""Ends all that a process has started, where no pid namespace ends it.

Best by Landlock's signal scope: `kill(-1)` reaches exactly the processes below, in one step that
no fork escapes. Else, where a run has a user of its own, by `kill(-1)` as that user. Else one by
one, over and over, until none is left: a race that a run may draw out, though not win for good,
its number of processes being limited.
"""

import contextlib
import os
import signal

from . import kernel, landlock


class Ender:
    """Ends what this process and its children start from now on."""

    def __init__(self, uid: int | None) -> None:
        """Close the scope around this process, for good, where the kernel has scopes.

        Args:
            uid: A user that only these children run as; None if there is none.
        """
        self._uid = uid
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        self.scoped = landlock.enclose_signals() and _parent_is_out_of_reach()

    def end_all(self) -> None:
        """Kill all below this process but not reap it."""
        if self.scoped:
            with contextlib.suppress(ProcessLookupError):
                os.kill(-1, signal.SIGKILL)
        elif self._uid is not None:
            _kill_as(self._uid)
        else:
            kill_descendants()


def _parent_is_out_of_reach() -> bool:
    # Should a kernel take the rules and not hold them, kill(-1) would end everything.
    parent = os.getppid()
    if parent == 0:
        return False
    try:
        os.kill(parent, 0)
    except PermissionError:
        return True
    return False


def _kill_as(uid: int) -> None:
    """Kill all processes of a user, in one step."""
    helper = os.fork()
    if helper == 0:
        try:
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)
            # Only then does it stand for that user, and may shoot in all directions.
            if os.getresuid() == (uid, uid, uid):
                os.kill(-1, signal.SIGKILL)
        finally:
            os._exit(0)
    os.waitpid(helper, 0)


def descendants() -> list[int]:
    """Every process below this one; orphans among them, where this is their subreaper."""
    found: list[int] = []
    waiting = [os.getpid()]
    while waiting:
        parent = waiting.pop()
        children: list[int] = []
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{parent}/task"):  # noqa: PTH208 - twenty times a second
                with open(f"/proc/{parent}/task/{task}/children", "rb") as file:  # noqa: PTH123
                    children += map(int, file.read().split())
        found += children
        waiting += children
    return found


def kill_descendants() -> None:
    """Kill and reap all below this process, until nothing is left of it."""
    while pids := descendants():
        for pid in pids:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(-1, 0)
