"""Which user a slot's trials run as."""

import itertools
import os
import threading
from collections.abc import Iterable
from pathlib import Path

_MOST_SLOTS = 1024
_HIGH_UID = 1_000_000_000
_LOW_UID = 20_000
_NEEDED = (0, 1, 3, 5, 6, 7)
"""CHOWN, DAC_OVERRIDE, FOWNER, KILL, SETGID and SETUID: to run and to clear up as someone else."""


_lock = threading.Lock()
_taken: set[int] = set()


def take_slots(count: int) -> list[int]:
    """Numbers of slots that no other sandbox of this process has; to be given back."""
    with _lock:
        free = itertools.filterfalse(_taken.__contains__, itertools.count())
        slots = list(itertools.islice(free, count))
        _taken.update(slots)
    return slots


def give_back(slots: Iterable[int]) -> None:
    """Let others have these slots."""
    with _lock:
        _taken.difference_update(slots)


def slot_user(slot: int) -> int | None:
    """A user that only this slot has, where this process may become another; else None."""
    uid = slot_uid(slot)
    if os.geteuid() != 0 or not _capable() or not (_mapped("uid", uid) and _mapped("gid", uid)):
        return None
    return uid


def slot_uid(slot: int) -> int:
    """A user id that only this slot of this process uses, so that its process limit is its own.

    Where the machine maps too few ids (rootless containers), slots of two kodgen processes share.
    """
    high = _HIGH_UID + os.getpid() % 2**20 * _MOST_SLOTS + slot
    return high if _mapped("uid", high) and _mapped("gid", high) else _LOW_UID + slot


def _mapped(kind: str, number: int) -> bool:
    """Whether an id exists in our user namespace; see user_namespaces(7)."""
    try:
        lines = Path(f"/proc/self/{kind}_map").read_text().splitlines()
    except OSError:
        return False
    ranges = [(int(line.split()[0]), int(line.split()[2])) for line in lines]
    return any(start <= number < start + count for start, count in ranges)


def _capable() -> bool:
    """Whether this process has the capabilities it takes (containers may have dropped them)."""
    status = Path("/proc/self/status").read_text().splitlines()
    mask = next((int(line.split()[1], 16) for line in status if line.startswith("CapEff:")), 0)
    return all(mask >> number & 1 for number in _NEEDED)
