"""Processes of this machine, as tests look for them. One that ends meanwhile is one that is not there."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

_PROC = Path("/proc")


def descendants(pid: int) -> list[int]:
    """All processes below one, itself included."""
    children: dict[int, list[int]] = {}
    for each in _all():
        children.setdefault(parent(each), []).append(each)
    found = [pid]
    for one in found:
        found.extend(children.get(one, ()))
    return found


def named(name: str, *, part: bool = False) -> list[int]:
    """Processes that call themselves this, or something that has it as a part."""
    names = ((pid, _read(pid, "comm").strip()) for pid in _all())
    return [pid for pid, found in names if found == name or (part and name in found)]


def command(pid: int) -> str:
    """A process's command line; empty once it is gone, its parent having noticed or not."""
    return _read(pid, "cmdline").replace("\0", " ")


def parent(pid: int) -> int:
    """The process that it is a child of; 0 once it is gone."""
    fields = _fields(pid)
    return int(fields[1]) if fields else 0


def is_dead(pid: int) -> bool:
    """Whether a process has ended; one that nobody has waited for yet has."""
    fields = _fields(pid)
    return not fields or fields[0] in "ZX"


def kill_all(process: subprocess.Popen[str]) -> list[int]:
    """SIGKILL a command and everything below it, workers too, at one moment; their pids."""
    pids = descendants(process.pid)
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()
    if process.stdout is not None:
        process.stdout.close()
    return pids


def _all() -> Iterator[int]:
    return (int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit())


def _fields(pid: int) -> list[str]:
    """What `stat` says after the name, which may itself have spaces and brackets."""
    return _read(pid, "stat").rpartition(")")[2].split()


def _read(pid: int, file: str) -> str:
    try:
        return (_PROC / str(pid) / file).read_bytes().decode(errors="replace")
    except OSError:
        return ""
