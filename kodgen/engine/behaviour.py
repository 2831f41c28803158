"""Runs rows' solutions against benchmarks' tests in the sandbox of this machine, many at a time."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Self

from kodgen import config
from kodgen.contamination.compared import Compared
from kodgen.contamination.layers.behaviour import (
    allowed,
    blind,
    compared,
    decided,
    limits_of,
    passed,
    reference_run,
    runs,
)
from kodgen.contamination.row import AuditedRow
from kodgen.contamination.task import BenchmarkTask

if TYPE_CHECKING:
    from kodgen.records import Verdict

AT_ONCE_PER_WORKER = 2
"""Pairs in the sandbox's hands: one runs, the next is there when it ends."""


@dataclass(frozen=True, slots=True)
class _Reference:
    """What a task's reference solution says of its tests."""

    wrong: str
    """Why they can't be used here; empty if they can."""
    seconds: float
    """CPU time that they may take with another solution."""


class Behaviours:
    """Compares rows with tasks by running them; made once for all blocks of rows.

    Whether a task's tests pass for its own reference solution is found out once. Where they
    don't (they need a network, a package or files that are not there), a row's failure would say
    nothing of the row: it is `reference_fails`.

    Args:
        limits: What a trial may use.
    """

    def __init__(self, limits: config.Sandbox) -> None:
        self._limits = limits_of(limits)
        self._stack = AsyncExitStack()
        self._references: dict[str, asyncio.Task[_Reference]] = {}

    async def __aenter__(self) -> Self:
        """Start the sandbox.

        Raises:
            ConfigError: There is no such interpreter or module.
            IsolationError: This machine can't isolate and limits alone were not accepted.
            SandboxFault: The sandbox does not come up.
        """
        from kodgen.sandbox import Sandbox

        self._sandbox = await self._stack.enter_async_context(Sandbox(self._limits))
        self._room = asyncio.Semaphore(AT_ONCE_PER_WORKER * self._sandbox.workers)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def compare(
        self,
        pairs: Sequence[tuple[AuditedRow, BenchmarkTask]],
        after_pair: Callable[[], None] = lambda: None,
    ) -> list[Compared]:
        """What running says of each pair, in their order; the sandbox's faults are among it.

        Args:
            pairs: Rows and the tasks to compare them with.
            after_pair: Called after each.
        """

        async def one(row: AuditedRow, task: BenchmarkTask) -> Compared:
            async with self._room:
                found = await self._pair(row, task)
            after_pair()
            return found

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(row, task)) for row, task in pairs]
        return [task.result() for task in tasks]

    async def _pair(self, row: AuditedRow, task: BenchmarkTask) -> Compared:
        wanted = runs(row, task)
        if isinstance(wanted, str):
            return Compared(unseen=wanted)
        reference = await self._reference(task)
        if reference.wrong:
            return Compared(unseen=reference.wrong)
        verdicts: list[Verdict] = []
        for run in wanted:
            test = run.test(reference.seconds)
            verdicts.append(await self._sandbox.run(run.solution, test))
            if decided(verdicts):
                break
        return compared(wanted, verdicts, task)

    async def _reference(self, task: BenchmarkTask) -> _Reference:
        if task.name not in self._references:
            self._references[task.name] = asyncio.create_task(self._check(task))
        return await self._references[task.name]

    async def _check(self, task: BenchmarkTask) -> _Reference:
        run = reference_run(task)
        if run is None:
            return _Reference("", allowed(None))
        verdict = await self._sandbox.run(run.solution, run.test(allowed(None)))
        if passed(verdict) is not None:
            return _Reference("", allowed(verdict))
        return _Reference(f"reference_{blind(verdict) or 'fails'}", 0.0)


async def run_behaviour(
    pairs: Sequence[tuple[AuditedRow, BenchmarkTask]], limits: config.Sandbox
) -> list[Compared]:
    """What running says of each pair of a row and a task, in their order.

    Raises:
        KodgenError: As starting `Behaviours` does.
    """
    async with Behaviours(limits) as behaviours:
        return await behaviours.compare(pairs)
