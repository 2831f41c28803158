"""Decontaminate: reject questions that leak a benchmark's task, before any are solved."""

from collections.abc import Callable, Sequence
from functools import partial

from kodgen.config import Decontaminate
from kodgen.contamination.row import AuditedRow
from kodgen.contamination.task import BenchmarkTask
from kodgen.records import Question
from kodgen.similarity.embedding import HASHING, Embedder, open_embedder
from kodgen.stages.base import Outcome, TableStage, reject
from kodgen.stages.leaks import LEAK, evidence, is_leak, look_for_leaks

LAYERS = ("exact", "ngram", "literals", "embedding")
"""Those that need a question alone."""


class DecontaminateStage(TableStage[Question, Question]):
    """Writes the nearest task and its cosine into every row, and rejects those that leak one.

    Without benchmarks rows pass untouched, their similarity null: not compared is not clean.
    Rejects with `benchmark_leak`; the evidence is JSON: `task`, `score`, `status`, `layers` and
    `hits`. A blank question, near to nothing and so never `clean`, is rejected with
    `empty_question`.

    Args:
        section: Policy and embedder.
        tasks: Tasks of all benchmarks.
        opened: Opens the embedder.
    """

    name = "decontaminate"
    version = 3
    consumes = Question
    produces = Question

    def __init__(
        self,
        section: Decontaminate,
        tasks: Sequence[BenchmarkTask],
        opened: Callable[[], Embedder] | None = None,
    ) -> None:
        self._section = section
        self._tasks = tuple(tasks)
        self._opened = opened or partial(open_embedder, section.embedder)

    def beside(self) -> int | None:
        """Tasks of benchmarks."""
        return len(self._tasks) if self._section.embedder == HASHING else None

    def process(self, rows: Sequence[Question]) -> Outcome[Question]:
        """Compare every row with every task; kept and rejected rows are sorted by id."""
        ordered = sorted(rows, key=lambda row: (row.id, row.model_dump_json()))
        if not self._tasks or not ordered:
            return Outcome(kept=tuple(ordered))
        texts = [AuditedRow(row.id, row.text, subset=row.subset) for row in ordered]
        findings = look_for_leaks(texts, self._tasks, self._section, LAYERS, self._opened())
        kept, rejected = [], []
        for row, found in zip(ordered, findings, strict=True):
            if found.nearest is None or found.status == "error":
                why = "the question holds no text to compare with benchmarks"
                rejected.append(reject(self.name, row, "empty_question", why))
                continue
            compared = row.model_copy(
                update={
                    "benchmark_similarity": found.nearest.cosine,
                    "benchmark_task_id": found.nearest.task.name,
                }
            )
            if is_leak(found, self._section):
                why = evidence(found, self._section)
                rejected.append(reject(self.name, compared, LEAK, why))
            else:
                kept.append(compared)
        return Outcome(kept=tuple(kept), rejected=tuple(rejected))
