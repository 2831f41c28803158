"""Clocks that don't depend on what else the machine does, and clocks that hurry.

Tests measure how long code takes, and allow it so many seconds. On a machine that runs many
trials at once, code also waits for a core; a clock that leaves that time out lets the same test
come out the same on an idle and on a busy machine. And a clock that hurries shows what holds on
this machine only: upper bounds on elapsed time that are tight then fail, lower ones still hold.
"""

import os
import time
from collections.abc import Callable
from typing import Any

HASTE = 10
"""Seconds shown for each that passes, once `hurry` was called."""

_CLOCKS = ("time", "monotonic", "perf_counter")
_OF_THE_PROCESSOR = ("process_time", "thread_time")
_NANOSECONDS = 1_000_000_000
_SCHEDULED = "/proc/self/schedstat"
"""Second field: nanoseconds that this process's first thread was ready to run, without a core."""


def steady() -> bool:
    """From now on, the clocks of `time` stand still while this process waits for a core.

    Only those read through the module: what took a clock before keeps the true one, as do timers
    of the kernel and time-outs. Never runs backwards: what was waited has passed.

    Returns:
        Whether the kernel tells that time.
    """
    try:
        _waited()
    except (OSError, ValueError, IndexError):
        return False
    for name in _CLOCKS:
        setattr(time, f"{name}_ns", _without_waiting(getattr(time, f"{name}_ns"), 1))
        setattr(time, name, _without_waiting(getattr(time, name), _NANOSECONDS))
    return True


def _waited() -> int:
    descriptor = os.open(_SCHEDULED, os.O_RDONLY)
    try:
        return int(os.read(descriptor, 64).split()[1])
    finally:
        os.close(descriptor)


def _without_waiting(clock: Callable[[], Any], unit: int) -> Callable[[], Any]:
    waited, divide = _waited, unit != 1

    def steady_clock() -> Any:
        after = waited()
        while True:
            # Both of one moment, or the clock could run backwards.
            before, now = after, clock()
            after = waited()
            if after == before:
                return now - (after / unit if divide else after)

    return steady_clock


def hurry() -> None:
    """From now on, the clocks of `time` run `HASTE` times faster, in the sense of `steady`."""
    for name in (*_CLOCKS, *_OF_THE_PROCESSOR):
        for each in (name, f"{name}_ns"):
            if hasattr(time, each):
                setattr(time, each, _hurried(getattr(time, each)))


def _hurried(clock: Callable[[], Any]) -> Callable[[], Any]:
    begun = clock()

    def hurried_clock() -> Any:
        return begun + HASTE * (clock() - begun)

    return hurried_clock
