"""Runs solutions against the tests of the tasks that their rows may leak.

Those of rows in doubt, and of rows near to a task in meaning that no layer doubts: what was said in
other words altogether is told by what it does.
"""

from collections.abc import Sequence
from typing import ClassVar

from kodgen import config
from kodgen.config import ContaminationPolicy
from kodgen.contamination.auditing import Finding
from kodgen.contamination.behaviour.owncode import code_of
from kodgen.contamination.compared import Compared
from kodgen.contamination.layers.behaviour import NAME, tasks_to_run
from kodgen.contamination.task import BenchmarkTask
from kodgen.engine.auditing.doubts import DoubtLayer, Pairs
from kodgen.engine.behaviour import Behaviours
from kodgen.errors import KodgenError


class Trying(DoubtLayer):
    """The layer of behaviour; its sandbox is started once a row needs it.

    Args:
        tasks: Of all benchmarks.
        policy: What hits mean.
        limits: What a trial may use.
        left_out: Why nothing is to be run; None if it is.
    """

    name: ClassVar[str] = NAME

    def __init__(
        self,
        tasks: Sequence[BenchmarkTask],
        policy: ContaminationPolicy,
        limits: config.Sandbox,
        left_out: str | None = None,
    ) -> None:
        why_not = left_out or ""
        if not why_not and not any(task.tests and task.entry_point for task in tasks):
            why_not = "no benchmark has tests that can be run"
        super().__init__(tasks, policy, why_not)
        self._limits = limits
        self._behaviours: Behaviours | None = None

    def candidates(self, found: Finding) -> Sequence[BenchmarkTask] | str:
        """Tasks with tests, for a row with code: a solution, or functions in its question."""
        names = [*(hit.task for hit in found.hits), *found.near]
        if not names or code_of(found.row) is None:
            return "no_solution"
        return tasks_to_run(names, self._tasks) or "no_task_tests"

    async def compare(self, pairs: Pairs) -> Sequence[Compared] | str:
        """Run them; where the sandbox does not start, why."""
        if self._behaviours is None:
            try:
                self._behaviours = await self._stack.enter_async_context(Behaviours(self._limits))
            except KodgenError as error:
                return f"the sandbox does not start: {error}"
        return await self._behaviours.compare(pairs)
