"""Layers that are too costly for every row: they look at some, after all others."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import TYPE_CHECKING, ClassVar, Self

from kodgen.config import ContaminationPolicy
from kodgen.contamination.auditing import Finding, with_more
from kodgen.contamination.compared import Compared
from kodgen.contamination.row import AuditedRow
from kodgen.contamination.summary import LayerRun
from kodgen.contamination.tally import Tally
from kodgen.contamination.task import BenchmarkTask

if TYPE_CHECKING:
    from kodgen.contamination.layer import Hit

IN_DOUBT, SETTLED = "review", "contaminated"

Pairs = Sequence[tuple[AuditedRow, BenchmarkTask]]


class DoubtLayer(ABC):
    """Compares rows with the tasks that they may leak.

    Args:
        tasks: Of all benchmarks.
        policy: What hits mean.
        why_not: Why it is not to look at anything; empty if it is.
    """

    name: ClassVar[str]

    def __init__(
        self, tasks: Sequence[BenchmarkTask], policy: ContaminationPolicy, why_not: str
    ) -> None:
        self._tasks = {task.name: task for task in tasks}
        self._policy = policy
        self._why_not = why_not
        self._stack = AsyncExitStack()
        self.forget()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    def forget(self) -> None:
        """Count from nothing again."""
        self._unseen: Counter[str] = Counter()
        self._looked_at = self._in_doubt = 0

    @abstractmethod
    def candidates(self, found: Finding) -> Sequence[BenchmarkTask] | str:
        """Tasks to compare a row with, that is not contaminated.

        Those of a row in doubt; or why there are none, as a reason code. Other rows may have some.
        """

    @abstractmethod
    async def compare(self, pairs: Pairs) -> Sequence[Compared] | str:
        """What is to be said of each pair; or in words, why nothing of any."""

    async def look(self, findings: Sequence[Finding]) -> list[Finding]:
        """The findings, with what this layer says of those that it looks at."""
        wanted: list[tuple[int, AuditedRow, BenchmarkTask]] = []
        for number, found in enumerate(findings):
            if self._why_not or found.decision.status == SETTLED:
                continue
            self._in_doubt += found.decision.status == IN_DOUBT
            tasks = self.candidates(found)
            if isinstance(tasks, str):
                self._could_not_look(found, tasks)
            else:
                wanted += [(number, found.row, task) for task in tasks]
        if not wanted:
            return list(findings)
        said = await self.compare([(row, task) for _, row, task in wanted])
        if isinstance(said, str):
            self._why_not = said
            return list(findings)
        by_row: dict[int, list[Compared]] = {}
        for (number, _, _), one in zip(wanted, said, strict=True):
            by_row.setdefault(number, []).append(one)
        result = list(findings)
        for number, of_row in by_row.items():
            hits: list[Hit] = [one.hit for one in of_row if one.hit is not None]
            if hits or not all(one.unseen for one in of_row):
                self._looked_at += 1
            else:
                self._could_not_look(findings[number], of_row[0].unseen)
            result[number] = with_more(findings[number], hits, self._policy)
        return result

    def _could_not_look(self, found: Finding, reason: str) -> None:
        """Only of a row in doubt is anything missed by that."""
        if found.decision.status == IN_DOUBT:
            self._unseen[reason] += 1

    def layer_run(self, tally: Tally) -> LayerRun:
        """What became of it."""
        why = self._why_not
        if not why and not self._looked_at:
            told = ", ".join(f"{count:,} {reason}" for reason, count in self._unseen.items())
            why = (
                f"none of the {self._in_doubt:,} rows to review could be looked at ({told})"
                if self._in_doubt
                else "no row is in doubt, so there was nothing to look at"
            )
        return LayerRun(
            layer=self.name,
            ran=self._looked_at > 0,
            why_not=why,
            looked_at=self._looked_at,
            unseen=dict(sorted(self._unseen.items())),
            **tally.by_layer(self.name),
        )
