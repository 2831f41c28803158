"""What the kernel tells about load and memory through /proc."""

from dataclasses import dataclass
from pathlib import Path

_NANOSECONDS = 1e9


def oom_kills() -> int:
    """Processes the kernel killed for want of memory since it booted; 0 where it does not say."""
    try:
        text = Path("/proc/vmstat").read_text()
    except OSError:
        return 0
    for line in text.splitlines():
        name, _, value = line.partition(" ")
        if name == "oom_kill":
            return int(value)
    return 0


@dataclass(frozen=True, slots=True)
class Load:
    """What a process and its children have had of the machine's cores."""

    cpu_seconds: float
    """Time on a core, of all together."""
    waited_seconds: float
    """Time ready to run but without a core, of the thread that waited longest."""


def load_of(pid: int) -> Load | None:
    """The load of a process and its living descendants; None where the kernel does not say.

    From the first two fields of /proc/<pid>/task/<thread>/schedstat, in nanoseconds.
    """
    used: list[int] = []
    waited: list[int] = []
    pending = [pid]
    while pending:
        for task in Path(f"/proc/{pending.pop()}/task").glob("*"):
            try:
                on_core, waiting = (task / "schedstat").read_text().split()[:2]
                used.append(int(on_core))
                waited.append(int(waiting))
                pending += [int(child) for child in (task / "children").read_text().split()]
            except (OSError, ValueError):
                continue
    if not used:
        return None
    return Load(sum(used) / _NANOSECONDS, max(waited) / _NANOSECONDS)
