"""The layer of meaning: rows whose question asks for the same as a task, in whatever words.

A task and its paraphrase are close in a model's eyes; so are all short requests for common things.
Three cosines tell them apart. Two say how close a question is to a task: of the texts as they
stand (their highest over the task's views and the windows of a long question), and of their gists,
what is left without code, examples and phrases such as "Write a function that". The third says how
close the question's gist is to the nearest of some hundred exercises that everybody sets: where
that is just as close, meeting the task is no sign of anything, so it counts against. A logistic
function of their weighted sum is the score. For each model, those weights were taken that find
most labelled leaks (paraphrases, rewordings, translations) with 2 % of clean rows at most; that
limit scores 0.5, where a look is due.

Below that limit, where a solution can be run, asking costs little: `near` names the tasks to try.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from kodgen.contamination.layer import Hit
from kodgen.contamination.meaning.calibration import Calibration, calibration_of
from kodgen.contamination.meaning.commonplace import commonplace
from kodgen.contamination.meaning.meaning import Compared, Meaning
from kodgen.contamination.row import AuditedRow
from kodgen.contamination.task import BenchmarkTask
from kodgen.similarity.embedding import Embedder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Scores = npt.NDArray[np.float64]

UPSTREAM = 0.95
"""Cosine from which on KodCode's audit (arXiv:2503.02951, section 3.2) calls a question
contaminated. Whatever else is known, the score is no lower than such a cosine."""
MOST_HITS = 5
"""Tasks told of a row, the best ones: benchmarks repeat each other and themselves."""
MOST_NEAR = 2
"""Tasks of each benchmark named as near: of paraphrases that are no hits one in twenty has its own
only further down, and each costs as much again."""


class Nearest(NamedTuple):
    """The task whose text is nearest to a row's question."""

    task: BenchmarkTask
    cosine: float
    """Highest of the question and its gist with any view of the task and its gist, -1 to 1."""
    truncated: bool
    """The question is longer than the model reads at once, and was read in windows."""


@dataclass(frozen=True, slots=True)
class _Looked:
    rows: tuple[AuditedRow, ...]
    nearest: list[Mapping[str, Nearest]]
    """By benchmark; empty for a blank question."""
    hits: list[tuple[int, Hit]]
    near: list[tuple[str, ...]]
    unseen: Mapping[str, int]


class EmbeddingLayer:
    """Scores every row's question with every task, by the model's calibration.

    Rows without text count as `empty_question` in `unseen`, rows too long to be read to their end
    as `unread_end`.

    Args:
        tasks: At least one.
        embedder: Makes the vectors.
        calibration: What its cosines say; the one shipped for the model, if left out.

    Raises:
        ValueError: There are no tasks, so nothing could be called clean.
    """

    name: ClassVar[str] = "embedding"

    def __init__(
        self,
        tasks: Sequence[BenchmarkTask],
        embedder: Embedder,
        calibration: Calibration | None = None,
    ) -> None:
        if not tasks:
            raise ValueError("no benchmark tasks to compare with")
        self.unseen: Counter[str] = Counter()
        self._embedder = embedder
        self._tasks = sorted(tasks, key=lambda task: (task.benchmark, task.task_id))
        names = [task.benchmark for task in self._tasks]
        self._benchmarks = [
            slice(names.index(name), names.index(name) + names.count(name))
            for name in dict.fromkeys(names)
        ]
        self._meaning = Meaning(self._tasks, embedder)
        self._names = names
        self.calibration = (calibration or calibration_of(embedder)).fitted(self._meaning, names)
        self._last: _Looked | None = None

    def nearest(self, rows: Sequence[AuditedRow]) -> list[Nearest | None]:
        """The nearest task of every row, a hit or not; None for a row with a blank question."""
        return [
            max(found.values(), key=lambda close: close.cosine, default=None)
            for found in self.nearest_by_benchmark(rows)
        ]

    def nearest_by_benchmark(self, rows: Sequence[AuditedRow]) -> list[Mapping[str, Nearest]]:
        """The nearest task of each benchmark, by its name; nothing for a blank question."""
        return self._look(rows).nearest

    def near(self, rows: Sequence[AuditedRow]) -> list[tuple[str, ...]]:
        """Names of tasks that may well be a row's, the best of each benchmark, hits or not.

        The best comes first, of all benchmarks together.
        """
        return self._look(rows).near

    def hits(self, rows: Sequence[AuditedRow]) -> Iterator[tuple[int, Hit]]:
        """A row's best tasks that score as high as the calibration's limit for a look."""
        looked = self._look(rows)
        self.unseen.update(looked.unseen)
        yield from looked.hits

    def _look(self, rows: Sequence[AuditedRow]) -> _Looked:
        # Hits and nearest tasks are asked for one after the other, of the same rows.
        if self._last is None or self._last.rows != tuple(rows):
            self._last = self._looked(tuple(rows))
        return self._last

    def _looked(self, rows: tuple[AuditedRow, ...]) -> _Looked:
        filled = [number for number, row in enumerate(rows) if row.question.strip()]
        nearest: list[Mapping[str, Nearest]] = [{} for _ in rows]
        unseen = Counter({"empty_question": len(rows) - len(filled)})
        near: list[tuple[str, ...]] = [() for _ in rows]
        if not filled:
            return _Looked(rows, nearest, [], near, unseen)
        compared = self._meaning.compare([rows[number].question for number in filled])
        for place, number in enumerate(filled):
            question = rows[number].question
            unseen["unread_end"] += question in compared.unread
            nearest[number] = self._nearest(compared, place, question in compared.long)
        scores = self.calibration.scores(compared.signals, self._names)
        hits = list(self._hits(compared, filled, scores))
        for place, names in self._near(compared, scores):
            near[filled[place]] = names
        return _Looked(rows, nearest, hits, near, +unseen)

    def _nearest(self, compared: Compared, place: int, truncated: bool) -> Mapping[str, Nearest]:
        cosines = compared.signals.any[place]
        found: dict[str, Nearest] = {}
        for run in self._benchmarks:
            part = cosines[run]
            best = self._tasks[run.start + int(part.argmax())]
            found[best.benchmark] = Nearest(best, round(float(part.max()), 5), truncated)
        return found

    def _near(self, compared: Compared, scores: "Scores") -> Iterator[tuple[int, tuple[str, ...]]]:
        import numpy as np

        tried = self.calibration.tried
        given = self.calibration.scores(compared.signals)
        for place in np.flatnonzero((given >= tried).any(axis=1)).tolist():
            close: list[int] = []
            for run in self._benchmarks:
                own = given[place, run]
                best = np.argsort(-own, kind="stable")[:MOST_NEAR]
                close += (run.start + best[own[best] >= tried]).tolist()
            close.sort(key=lambda task: -scores[place, task])
            yield place, tuple(self._tasks[task].name for task in close)

    def _hits(
        self, compared: Compared, filled: Sequence[int], scores: "Scores"
    ) -> Iterator[tuple[int, Hit]]:
        import numpy as np

        signals = compared.signals
        scores = np.where(signals.any >= UPSTREAM, np.maximum(scores, signals.any), scores)
        for place in np.flatnonzero((scores >= self.calibration.review).any(axis=1)).tolist():
            # Stable, so that of equal scores the first tasks by name are told.
            best = np.argsort(-scores[place], kind="stable")[:MOST_HITS]
            for task in best.tolist():
                if scores[place, task] < self.calibration.review:
                    break
                yield filled[place], self._hit(compared, place, task, scores)

    def _hit(self, compared: Compared, place: int, number: int, scores: "Scores") -> Hit:
        signals, task = compared.signals, self._tasks[number]
        whole, gist = float(signals.whole[place, number]), float(signals.gist[place, number])
        return Hit(
            layer=self.name,
            benchmark=task.benchmark,
            task_id=task.task_id,
            field="question",
            view="prose" if gist > whole and "prose" in task.views else "prompt",
            score=round(float(scores[place, number]), 5),
            evidence={
                "cosine": round(float(signals.any[place, number]), 5),
                "whole": round(whole, 5),
                "gist": round(gist, 5),
                "commonplace": round(float(signals.commonplace[place]), 5),
                "exercise": commonplace()[int(signals.exercise[place])],
                "embedder": self._embedder.name,
                "calibrated": self.calibration.calibrated,
                "raised": self.calibration.raised.get(task.benchmark, 0.0),
            },
        )
