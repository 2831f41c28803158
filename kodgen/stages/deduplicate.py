"""Deduplicate: keep exactly one of every set of questions that say the same."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from kodgen.config import Deduplicate
from kodgen.records import Question, Rejected
from kodgen.similarity.embedding import HASHING, Embedder, open_embedder
from kodgen.similarity.leaders import Leaders, keep_best
from kodgen.similarity.particulars import Particulars, Reading, read
from kodgen.stages.base import Outcome, TableStage, reject

LONGEST = 4000
"""Characters beyond which a longer statement is no better: it repeats or rambles."""
ALONE = "subset"
"""The scope of a subset whose rows are compared with one another alone."""
SWEEP = (0.80, 0.85, 0.90, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99)
"""Thresholds that the stage tells the number of dropped rows for."""

Groups = dict[int, tuple[Reading, list[Question]]]
"""By what copies have in common: how the best of them reads, and all of them, best first."""


@dataclass(frozen=True, slots=True)
class Released:
    """A question of a dataset that is out already."""

    name: str
    """Which dataset and row: what evidence calls it by."""
    text: str


class DeduplicateStage(TableStage[Question, Question]):
    """Exact copies first, then near-copies by embedding that agree in their particulars.

    The longer of two statements is kept, since it leaves less to guess; of equal ones the lower id.
    Nothing depends on the order of the input. Rejects with `exact_duplicate`, `near_duplicate` or
    `released_duplicate`; the evidence is JSON: `kept_id`, the `score` against it, and the
    `embedder`. Copies of a row that was itself dropped for a near-copy are near-copies too, so that
    `kept_id` always names a row that was kept, or was released. A blank question is rejected with
    `empty_question`. Its facts say how many rows would be dropped at other thresholds.

    Args:
        section: Threshold and embedder.
        scopes: By subset, what its rows are compared with: `subset` for one another alone; rows of
            all other subsets (`all`, or not named here) are compared together.
        released: Questions that no row may repeat, whatever its subset.
        opened: Opens the embedder.
    """

    name = "deduplicate"
    version = 2
    consumes = Question
    produces = Question

    def __init__(
        self,
        section: Deduplicate,
        scopes: Mapping[str, str] | None = None,
        released: Sequence[Released] = (),
        opened: Callable[[], Embedder] | None = None,
    ) -> None:
        self._section = section
        self._alone = {name for name, scope in (scopes or {}).items() if scope == ALONE}
        self._released = tuple(row for row in released if row.text.strip())
        self._opened = opened or partial(open_embedder, section.embedder)

    def beside(self) -> int | None:
        """Questions that are released already."""
        return len(self._released) if self._section.embedder == HASHING else None

    def process(self, rows: Sequence[Question]) -> Outcome[Question]:
        """Keep the best of each; kept and rejected rows are sorted by id."""
        rejected = [
            reject(self.name, row, "empty_question", "the question holds no text")
            for row in rows
            if not row.text.strip()
        ]
        parts: dict[str, Groups] = {}
        for row in sorted(rows, key=_priority):
            if row.text.strip():
                part = parts.setdefault(row.subset if row.subset in self._alone else "", {})
                reading = read(row.text)
                part.setdefault(reading.copy, (reading, []))[1].append(row)
        deciding = _Deciding(self._section, self._released, lru_cache(1)(self._opened))
        for _, part in sorted(parts.items()):
            deciding.decide(part)
        rejected += deciding.rejected
        return Outcome(
            kept=tuple(sorted(deciding.kept, key=lambda row: row.id)),
            rejected=tuple(sorted(rejected, key=lambda row: (row.id, row.row))),
            facts={
                "threshold": self._section.threshold,
                "released_rows": len(self._released),
                "dropped_at": {f"{level:g}": n for level, n in sorted(deciding.dropped.items())},
            },
        )


class _Deciding:
    """The rows of one scope after the other."""

    def __init__(
        self, section: Deduplicate, released: Sequence[Released], opened: Callable[[], Embedder]
    ) -> None:
        self._threshold = section.threshold
        self._released = released
        self._opened = opened
        self._readings = [read(row.text) for row in released]
        copies = zip(self._readings, released, strict=True)
        self._copies = {reading.copy: row for reading, row in reversed([*copies])}
        self.dropped = dict.fromkeys((section.threshold, *SWEEP), 0)
        """Rows dropped at each threshold."""
        self.kept: list[Question] = []
        self.rejected: list[Rejected] = []

    def decide(self, part: Groups) -> None:
        """Decide on groups of copies, the best group and the best of each group first."""
        groups, readings = [], [*self._readings]
        for key, (reading, group) in part.items():
            if key in self._copies:
                why = _evidence(self._copies[key].name, 1.0, "exact")
                self._drop(group, "released_duplicate", why)
                self._count(len(group))
            else:
                groups.append(group)
                readings.append(reading)
                self._count(len(group) - 1)
        # One row alone has nothing to be near to.
        if len(groups) + len(self._released) > 1:
            self._decide_near(groups, Particulars(readings))
        else:
            for group in groups:
                self._keep(group)

    def _decide_near(self, groups: Sequence[Sequence[Question]], particulars: Particulars) -> None:
        released = len(self._released)
        texts = [row.text for row in self._released] + [group[0].text for group in groups]
        embedder = self._opened()
        leaders: Leaders = keep_best(
            embedder.encode(texts),
            self._threshold,
            sweep=SWEEP,
            alike=particulars.alike,
            settled=released,
        )
        for number, group in enumerate(groups, released):
            match = leaders.matches.get(number)
            if match is None:
                self._keep(group)
            elif match.kept < released:
                name = self._released[match.kept].name
                why = _evidence(name, match.score, embedder.name)
                self._drop(group, "released_duplicate", why)
            else:
                name = groups[match.kept - released][0].id
                self._drop(group, "near_duplicate", _evidence(name, match.score, embedder.name))
            for level, dropped in leaders.dropped_at.items():
                if dropped[number]:
                    self.dropped[level] += 1

    def _count(self, rows: int) -> None:
        """Count rows that are dropped at every threshold."""
        for level in self.dropped:
            self.dropped[level] += rows

    def _keep(self, group: Sequence[Question]) -> None:
        best, *others = group
        self.kept.append(best)
        self._drop(others, "exact_duplicate", _evidence(best.id, 1.0, "exact"))

    def _drop(self, rows: Sequence[Question], reason: str, why: str) -> None:
        self.rejected += [reject(DeduplicateStage.name, row, reason, why) for row in rows]


def _priority(row: Question) -> tuple[int, str, str]:
    """Sorts the better question first; total, even over rows that share an id by mistake."""
    return -min(len(row.text), LONGEST), row.id, row.model_dump_json()


def _evidence(kept: str, score: float, embedder: str) -> str:
    return json.dumps({"kept_id": kept, "score": round(score, 6), "embedder": embedder})
