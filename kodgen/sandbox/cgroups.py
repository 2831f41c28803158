"""cgroup v2 limits on the runs of each slot, where a part of the tree is ours to divide.

A run joins its slot's group before it is confined, by a descriptor that it is given open; the fork
server stays outside, so that what ends the group spares it. Nothing is taken that was not given:
as root, only a group marked as delegated or the root of a container's own tree; as another user,
only what this user may write. Rules: Documentation/admin-guide/cgroup-v2.rst of the kernel.
"""

import contextlib
import fcntl
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from kodgen import config
from kodgen.errors import SandboxFault

MIB = 1024 * 1024

MOUNTINFO = Path("/proc/self/mountinfo")
MEMBERSHIP = Path("/proc/self/cgroup")
_WANTED = ("memory", "pids")
_EVENTS = "memory.events"
_PREFIX = "kodgen-"
_SLOT = "slot-"
_OWN = "own"
"""Where this process moves to if it has to make room: a group that holds processes itself has no
limits to give to others."""
_DELEGATED = ("trusted.delegate", "user.delegate")
"""What systemd marks a delegated group with (systemd's CGROUP_DELEGATION.md)."""


class NoCgroups(Exception):
    """There is no part of the tree to divide; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A slot's group, as open files that may be passed on."""

    join: int
    """To write `0` to, by a process that joins."""
    kill: int
    """To write `1` to, which kills all in the group; -1 before Linux 5.14."""
    events: int
    """To read what befell the group, from its beginning."""

    @property
    def descriptors(self) -> tuple[int, ...]:
        """Those to be passed on, as kodgen.sandbox.harness.group takes them."""
        return tuple(fd for fd in (self.join, self.events, self.kill) if fd >= 0)

    def close(self) -> None:
        """Close them."""
        for descriptor in self.descriptors:
            os.close(descriptor)


def divide(limits: config.Sandbox) -> "Cgroups":
    """Make groups for runs with these limits.

    Raises:
        NoCgroups: There is nothing to divide.
    """
    # Temporary files in memory count as memory.
    return Cgroups((limits.memory_mb + limits.scratch_mb) * MIB, limits.processes)


class Cgroups:
    """A group of our own in the tree, and one below it for each slot."""

    def __init__(self, memory_bytes: int, processes: int) -> None:
        """Make it.

        Args:
            memory_bytes: Of all processes of a run together, files in memory included.
            processes: Processes and threads of a run.

        Raises:
            NoCgroups: There is nothing to divide.
        """
        self._limits = {
            "memory.max": str(memory_bytes),
            "memory.swap.max": "0",
            "memory.oom.group": "1",
            "pids.max": str(processes),
        }
        delegated = _delegated()
        _sweep(delegated)
        self._lock = -1
        self._top = delegated / f"{_PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
        try:
            make_group(self._top)
            self._lock = os.open(self._top, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            _make_room(delegated, self._top)
            _enable(delegated)
            _enable(self._top)
        except OSError as error:
            self.close()
            raise NoCgroups(f"{delegated} can't be divided: {error}") from error

    def slot(self, number: int) -> Opened:
        """A slot's group, made and opened.

        Raises:
            SandboxFault: The kernel refused; the message names the file.
        """
        try:
            return self._slot(number)
        except OSError as error:
            raise SandboxFault(f"no cgroup for a slot: {error}") from error

    def _slot(self, number: int) -> Opened:
        folder = self._top / f"{_SLOT}{number}"
        make_group(folder)
        for name, value in self._limits.items():
            # Without swap in the kernel there is no such file, and nothing to limit.
            if name != "memory.swap.max" or (folder / name).exists():
                (folder / name).write_text(value)
        return open_group(folder)

    def close(self) -> None:
        """Remove all, once the fork servers have ended; what this process is in stays."""
        _remove(self._top)
        if self._lock >= 0:
            os.close(self._lock)


def make_group(folder: Path) -> None:
    """Make a group; its files are the kernel's to add."""
    folder.mkdir()


def open_group(folder: Path) -> Opened:
    """Open what joins, kills and observes a group.

    Raises:
        OSError: There is no such file.
    """
    kill = folder / "cgroup.kill"
    return Opened(
        join=os.open(folder / "cgroup.procs", os.O_WRONLY | os.O_CLOEXEC),
        kill=os.open(kill, os.O_WRONLY | os.O_CLOEXEC) if kill.exists() else -1,
        events=os.open(folder / _EVENTS, os.O_RDONLY | os.O_CLOEXEC),
    )


def _delegated() -> Path:
    """The nearest group above this process that it may divide.

    Raises:
        NoCgroups: There is none.
    """
    mount, root = _mounted()
    path = _membership()
    if path != root and not path.startswith(root.rstrip("/") + "/"):
        raise NoCgroups(f"this process is in a cgroup ({path}) that can't be seen from here")
    own = mount / path.removeprefix(root).lstrip("/")
    whole = own if path != root else mount
    reasons = []
    for folder in (whole, *whole.parents):
        reason = _unfit(folder, mount)
        if not reason:
            return folder
        reasons.append(reason)
        if folder == mount:
            break
    raise NoCgroups("; ".join(reasons))


def _mounted() -> tuple[Path, str]:
    """Where the tree of version 2 is mounted, and which part of it; see proc_pid_mountinfo(5)."""
    for line in MOUNTINFO.read_text().splitlines():
        left, _, right = line.partition(" - ")
        if right.startswith("cgroup2 "):
            fields = left.split()
            return Path(fields[4]), fields[3]
    raise NoCgroups("no cgroup tree of version 2 is mounted")


def _membership() -> str:
    for line in MEMBERSHIP.read_text().splitlines():
        if line.startswith("0::"):
            return line.removeprefix("0::")
    raise NoCgroups("this process is in no cgroup of version 2")


def _unfit(folder: Path, mount: Path) -> str:
    """Why a group can't be divided by us; empty if it can."""
    try:
        there = (folder / "cgroup.controllers").read_text().split()
        enabled = (folder / "cgroup.subtree_control").read_text().split()
        members = (folder / "cgroup.procs").read_text().split()
    except OSError as error:
        return f"{folder} can't be read ({error.strerror})"
    missing = [name for name in _WANTED if name not in there]
    if missing:
        return f"{folder} has no controller for {' and '.join(missing)}"
    needed = (folder, folder / "cgroup.procs", folder / "cgroup.subtree_control")
    if not all(os.access(path, os.W_OK) for path in needed):
        return f"{folder} is not ours to write"
    if os.geteuid() == 0 and folder != mount and not _marked(folder):
        return f"{folder} is not delegated"
    divided = all(name in enabled for name in _WANTED)
    others = [pid for pid in members if pid != str(os.getpid())]
    if not divided and others and folder.resolve() != _true_root(mount):
        return f"{folder} holds other processes ({len(others)} of them) beside this one"
    return ""


def _true_root(mount: Path) -> Path | None:
    """The root of the whole machine's tree, which alone may hold processes and be divided."""
    # It alone has no cgroup.type.
    return mount.resolve() if not (mount / "cgroup.type").exists() else None


def _marked(folder: Path) -> bool:
    for name in _DELEGATED:
        with contextlib.suppress(OSError):
            if os.getxattr(folder, name) == b"1":
                return True
    return False


def _make_room(delegated: Path, top: Path) -> None:
    """Move this process, alone in its group, to a group below."""
    enabled = (delegated / "cgroup.subtree_control").read_text().split()
    members = (delegated / "cgroup.procs").read_text().split()
    if all(name in enabled for name in _WANTED) or members != [str(os.getpid())]:
        return
    own = top / _OWN
    make_group(own)
    (own / "cgroup.procs").write_text(str(os.getpid()))


def _enable(folder: Path) -> None:
    enabled = (folder / "cgroup.subtree_control").read_text().split()
    if missing := [f"+{name}" for name in _WANTED if name not in enabled]:
        (folder / "cgroup.subtree_control").write_text(" ".join(missing))


def _sweep(delegated: Path) -> None:
    """Remove what was left by processes that were killed: it is locked by nobody."""
    for top in delegated.glob(f"{_PREFIX}*-*/"):
        with contextlib.suppress(OSError):
            lock = os.open(top, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(top)
            finally:
                os.close(lock)


def _remove(top: Path) -> None:
    """End what runs in slots, and remove every group that is empty then."""
    for slot in top.glob(f"{_SLOT}*/"):
        with contextlib.suppress(OSError), (slot / "cgroup.kill").open("r+") as file:
            file.write("1")
    for folder in (*top.glob("*/"), top):
        with contextlib.suppress(OSError):
            folder.rmdir()
