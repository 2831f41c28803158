"""Layer: so many words in a row that a task holds too."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import ClassVar

from kodgen.contamination.layer import Hit
from kodgen.contamination.row import FIELDS, AuditedRow
from kodgen.contamination.task import BenchmarkTask
from kodgen.contamination.words.boilerplate import BOILERPLATE
from kodgen.contamination.words.numbering import numbered
from kodgen.contamination.words.sieve import Sieve
from kodgen.contamination.words.spans import Met, SharedRuns
from kodgen.contamination.words.words import merged, word_spans, words

WORDS = 10
"""The best single setting on HumanEval's paraphrases and translations: runs of 8 words flag ten
times as many clean rows, and a third of MBPP's statements have no 13 words."""
MOST_TASKS = 10
"""Tasks that may hold a run before it counts as common; GPT-3's audit drew the line there too."""
LEAST_WORDS = 5
"""Words of a statement below which a row that holds all of it shows nothing."""
LEAST_OF_CODE = 0.5
"""Coverage from which on what is shared with a solution or with tests is reported. Below it, of
2,600 clean rows every eighth shared an idiom such as two nested loops; above it, every
hundredth had the same short solution."""
MOST_SPANS = 20
"""Ranges of characters that a hit's evidence shows on each side."""

_SIGNATURE = "signature"
_CODE = frozenset({"solution", "tests"})


class NgramLayer:
    """Compares every field of a row with statements, solutions and tests.

    The score is the share of a view's words that stand in runs of `n` words which the field
    holds as well; runs that tell nothing are left out on both sides of that fraction. A statement
    of fewer than `n` words scores 1 where the question holds it whole, from `LEAST_WORDS` on.
    Signatures aren't looked for alone.
    """

    name: ClassVar[str] = "ngram"

    def __init__(self, tasks: Sequence[BenchmarkTask], n: int = WORDS) -> None:
        """Index the tasks' texts.

        Args:
            tasks: Tasks to look for.
            n: Words of the shortest run that counts.
        """
        self.n = n
        self.unseen: Counter[str] = Counter()
        views = [
            (number, view, text)
            for number, task in enumerate(tasks)
            for view, text in _texts(task)
            if text.strip()
        ]
        self._views = [(tasks[number], view, text) for number, view, text in views]
        told = [(number, text) for number, _, text in views]
        self._shared = SharedRuns(told, n, MOST_TASKS, BOILERPLATE)
        # A text of hardly anything that counts isn't found by that little.
        self._sizes = [
            max(weight, (length + 1) // 2)
            for weight, length in zip(self._shared.weights, self._shared.lengths, strict=True)
        ]
        self._short: dict[str, list[int]] = defaultdict(list)
        for number, length in enumerate(self._shared.lengths):
            _, view, text = self._views[number]
            if view not in _CODE and LEAST_WORDS <= length < n:
                self._short[" ".join(words(text))].append(number)
        self._short_ones = Sieve([text.split() for text in self._short])

    def hits(self, rows: Sequence[AuditedRow]) -> Iterator[tuple[int, Hit]]:
        """See `Layer.hits`; there is no row that this layer can't look at."""
        found: list[tuple[int, int, str, Met | None]] = []
        for order, field in enumerate(FIELDS):
            texts = tuple(getattr(row, field) or "" for row in rows)
            likely: dict[int, Met | None] = {
                met.text: met for met in self._shared.met(numbered(texts))
            }
            if field == "question":
                for number in self._short_ones.holding(texts):
                    likely.setdefault(number, None)
            found += [(number, order, texts[number], met) for number, met in likely.items()]
        # By row, and then in the order of the fields.
        for number, order, text, met in sorted(found, key=lambda one: one[:2]):
            for hit in self._field_hits(FIELDS[order], text, met):
                yield number, hit

    def _field_hits(self, field: str, text: str, met: Met | None) -> Iterator[Hit]:
        here: dict[int, Sequence[int]] = {}
        there: dict[int, Sequence[int]] = {}
        for view, in_view, in_row in self._shared.shared(text, met) if met else ():
            there[view], here[view] = in_view, in_row
        if field == "question":
            for view, start in self._whole(words(text)):
                length = self._shared.lengths[view]
                there[view], here[view] = range(length), range(start, start + length)
        best: dict[str, tuple[float, int]] = {}
        for view in sorted(there):
            task, name = self._views[view][0].name, self._views[view][1]
            score = min(len(there[view]) / self._sizes[view], 1.0)
            if name in _CODE and score < LEAST_OF_CODE:
                continue
            if task not in best or score > best[task][0]:
                best[task] = (score, view)
        if best:
            places = word_spans(text)
            for task in sorted(best):
                score, view = best[task]
                yield self._hit(field, view, score, places, here[view], there[view])

    def _whole(self, told: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Short statements that are in the text, each with its first word's place."""
        joined = f" {' '.join(told)} "
        for text in sorted(self._short):
            at = joined.find(f" {text} ")
            if at >= 0:
                for view in self._short[text]:
                    yield view, joined.count(" ", 0, at)

    def _hit(
        self,
        field: str,
        view: int,
        score: float,
        places: list[tuple[int, int]],
        here: Sequence[int],
        there: Sequence[int],
    ) -> Hit:
        task, name, text = self._views[view]
        return Hit(
            layer=self.name,
            benchmark=task.benchmark,
            task_id=task.task_id,
            field=field,
            view=name,
            score=score,
            evidence={
                "n": self.n,
                "words": len(there),
                "row_spans": merged(here, places, MOST_SPANS),
                "task_spans": merged(there, word_spans(text), MOST_SPANS),
            },
        )


def _texts(task: BenchmarkTask) -> Iterator[tuple[str, str]]:
    for view, text in task.views.items():
        if view != _SIGNATURE:
            yield view, text
    for view, part in (("solution", task.solution), ("tests", task.tests)):
        if part and view not in task.views:
            yield view, part
