"""Things that are made at once, each in a process forked for it."""

import copyreg
import gc
import io
import multiprocessing
import os
import pickle
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, TypeVar

from kodgen.errors import KodgenError

T = TypeVar("T")

_WORKS: list[Callable[[], Any]] = []
_SHARED: list[Any] = []
_ENDING = (signal.SIGINT, signal.SIGTERM)


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def can_fork() -> bool:
    """Whether processes can begin as copies of this one."""
    return "fork" in multiprocessing.get_all_start_methods()


def made(
    works: Sequence[Callable[[], T]], shared: Sequence[object] = (), processes: int | None = None
) -> list[T]:
    """What works give, in their order; as many at a time as there are cores.

    A fork sees all that this process has. What it makes comes back pickled, but for what is
    `shared`, which stays this process's own, so that a thousand tasks are not copied by everything
    that refers to them. This process works as well: forks begin with the first works, this one
    with the last, and what it makes need not come from anywhere. With one core, or without forks,
    all is made here.

    Args:
        works: The longest first, but for the last, which is made here.
        shared: What may be referred to by what is made; no others of their types may.
        processes: How many; one for each core if None.

    Raises:
        KodgenError: A process was killed; or what a work raised.
    """
    count = min(cores() if processes is None else processes, len(works))
    if count < 2 or not can_fork():
        return [work() for work in works]
    _WORKS[:], _SHARED[:] = works, shared
    try:
        pool = forks(count - 1, gc.disable)
        try:
            told = [pool.submit(_told, number) for number in range(len(works) - 1)]
            here = [works[-1]()]
            # From the end, and while there is one that no fork has begun with.
            while len(here) < len(works) and told[-len(here)].cancel():
                here.append(works[-1 - len(here)]())
            # What our own forks have told, so it is to be trusted.
            apart = [pickle.loads(one.result()) for one in told[: len(works) - len(here)]]  # noqa: S301
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
        return [*apart, *reversed(here)]
    except BrokenProcessPool as error:
        raise KodgenError(
            "a process that read benchmarks was killed, most likely for want of memory: free some, "
            "or name fewer benchmarks at once"
        ) from error
    finally:
        _WORKS.clear()
        _SHARED.clear()


def forks(count: int, begin: Callable[[], object]) -> ProcessPoolExecutor:
    """So many forks of this process as it is now, each of which has begun with `begin`.

    They heed this process alone: an interrupt goes to all processes at once, and a request to end
    would reach them in handlers of this one. Ray's writes to a log, whose lock a thread may have
    held that no fork has.
    """
    pool = ProcessPoolExecutor(
        count, multiprocessing.get_context("fork"), initializer=_begin, initargs=(begin,)
    )
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        # Forks are made when there is something to do.
        pool.submit(int)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return pool


def _begin(begin: Callable[[], object]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    begin()


@contextmanager
def uncollected() -> Iterator[None]:
    """While something large is made that stays, garbage is not looked for among its parts.

    Looking through millions of parts again and again takes a third of the time of making them.
    """
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def _told(number: int) -> bytes:
    told = io.BytesIO()
    pickler = pickle.Pickler(told, pickle.HIGHEST_PROTOCOL)
    places = {id(one): place for place, one in enumerate(_SHARED)}
    pickler.dispatch_table = {
        **copyreg.dispatch_table,
        **{kind: lambda one: (_shared, (places[id(one)],)) for kind in set(map(type, _SHARED))},
    }
    pickler.dump(_WORKS[number]())
    return told.getvalue()


def _shared(place: int) -> Any:
    return _SHARED[place]
