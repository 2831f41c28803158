"""Recheck: a second look for benchmark leaks, at rows as they are exported."""

from collections.abc import Sequence

from kodgen.config import Decontaminate
from kodgen.contamination.row import AuditedRow
from kodgen.contamination.task import BenchmarkTask
from kodgen.records import Triplet
from kodgen.stages.base import Outcome, TableStage, reject
from kodgen.stages.leaks import LEAK, evidence, is_leak, look_for_leaks

LAYERS = ("exact", "ngram", "structure", "literals")
"""Those that a solution or tests can tell more to; what a question means was looked at before."""


class RecheckStage(TableStage[Triplet, Triplet]):
    """Rejects verified rows whose question, solution or tests leak a benchmark's task.

    A question that leads to no task may still be answered by a benchmark's solution, or tested
    with its tests. Rejects with `benchmark_leak`, evidence as in `decontaminate`.

    Args:
        section: Policy.
        tasks: Tasks of all benchmarks.
    """

    name = "recheck"
    version = 2
    consumes = Triplet
    produces = Triplet

    def __init__(self, section: Decontaminate, tasks: Sequence[BenchmarkTask]) -> None:
        self._section = section
        self._tasks = tuple(tasks)

    def beside(self) -> int | None:
        """Tasks of benchmarks."""
        return len(self._tasks)

    def process(self, rows: Sequence[Triplet]) -> Outcome[Triplet]:
        """Look at every row; they stay in the order in which they come, that of their trials."""
        if not self._tasks or not rows:
            return Outcome(kept=tuple(rows))
        whole = [
            AuditedRow(row.id, row.question, row.solution, row.test, row.subset) for row in rows
        ]
        findings = look_for_leaks(whole, self._tasks, self._section, LAYERS)
        kept, rejected = [], []
        for row, found in zip(rows, findings, strict=True):
            if is_leak(found, self._section):
                why = evidence(found, self._section)
                rejected.append(reject(self.name, row, LEAK, why))
            else:
                kept.append(row)
        return Outcome(kept=tuple(kept), rejected=tuple(rejected))
