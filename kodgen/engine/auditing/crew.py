"""Processes that have layers look at blocks of rows, each process at blocks of its own."""

import asyncio
import gc
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from kodgen.contamination.auditing import Looked, look
from kodgen.contamination.layer import Layer
from kodgen.contamination.row import AuditedRow
from kodgen.engine.auditing.forked import can_fork, cores, forks
from kodgen.errors import KodgenError

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

AHEAD = 2
"""Blocks for each process that are read before the first of them is done."""

B = TypeVar("B")

_LAYERS: list[Layer] = []
"""Of this process, if it is one of a crew."""


class Crew:
    """Has layers look at rows in as many processes as there are cores.

    The processes are forks of this one, so they share the layers' indexes with it: memory does
    not grow with their number. Where there is one core, or no fork, all is done here.

    Args:
        layers: That need nothing but the rows.
        processes: How many; one for each core this process may use if None.
    """

    def __init__(self, layers: Sequence[Layer], processes: int | None = None) -> None:
        self._layers = tuple(layers)
        self._pool: ProcessPoolExecutor | None = None
        wanted = cores() if processes is None else processes
        self.processes = wanted if can_fork() else 1

    def __enter__(self) -> Self:
        if self.processes > 1:
            # Collecting garbage would write to the indexes and so copy them into each process.
            gc.freeze()
            self._pool = forks(self.processes, partial(_LAYERS.extend, self._layers))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None
            gc.unfreeze()

    async def looked(
        self, blocks: Iterable[tuple[B, Sequence[AuditedRow]]]
    ) -> AsyncIterator[tuple[B, Looked]]:
        """What the layers say of each block, in the order of the blocks.

        Args:
            blocks: Rows, some thousand at most, each with whatever is to be given back.

        Raises:
            KodgenError: A process was killed.
        """
        if self._pool is None:
            for block, rows in blocks:
                yield block, look(self._layers, rows)
            return
        waiting: deque[tuple[B, Future[Looked]]] = deque()
        for block, rows in blocks:
            waiting.append((block, self._pool.submit(_look, [tuple(row) for row in rows])))
            if len(waiting) >= AHEAD * self.processes:
                first, future = waiting.popleft()
                yield first, await _result(future)
        for first, future in waiting:
            yield first, await _result(future)


async def _result(future: "Future[Looked]") -> Looked:
    try:
        return await asyncio.wrap_future(future)
    except BrokenProcessPool as error:
        raise KodgenError(
            "a process that looked at rows was killed, most likely for want of memory: free some, "
            "or audit fewer benchmarks at once"
        ) from error


def _look(told: Sequence[tuple[str | None, ...]]) -> Looked:
    # Plain tuples are pickled several times as fast.
    return look(_LAYERS, list(map(AuditedRow._make, told)))
