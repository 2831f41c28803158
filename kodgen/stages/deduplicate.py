"""Deduplicate: keep exactly one of every set of questions that say the same."""

import json
from collections.abc import Sequence

from kodgen.config import Deduplicate
from kodgen.records import Question
from kodgen.similarity.clusters import greedy
from kodgen.similarity.embedding import open_embedder
from kodgen.similarity.neighbours import pairs_above
from kodgen.similarity.normalise import normalised
from kodgen.stages.base import Outcome, TableStage, reject

LONGEST = 4000
"""Characters beyond which a longer statement is no better: it repeats or rambles."""


class DeduplicateStage(TableStage[Question, Question]):
    """Exact copies first, then near-copies by embedding.

    The longer of two statements is kept, since it leaves less to guess; of equal ones the lower id.
    Nothing depends on the order of the input. Rejects with `exact_duplicate` or `near_duplicate`;
    the evidence is JSON: `kept_id`, the `score` against it, and the `embedder`.
    """

    name = "deduplicate"
    version = 1
    consumes = Question
    produces = Question

    def __init__(self, section: Deduplicate) -> None:
        self._section = section

    def process(self, rows: Sequence[Question]) -> Outcome[Question]:
        """Keep the best of each; kept and rejected rows are sorted by id."""
        ranked = sorted(rows, key=lambda row: (-min(len(row.text), LONGEST), row.id))
        first: dict[str, Question] = {}
        rejected = []
        for row in ranked:
            kept = first.setdefault(normalised(row.text), row)
            if kept is not row:
                evidence = _evidence(kept, 1.0, "exact")
                rejected.append(reject(self.name, row, "exact_duplicate", evidence))
        unique = list(first.values())
        if unique:
            embedder = open_embedder(self._section.embedder)
            vectors = embedder.encode([row.text for row in unique])
            pairs = zip(*pairs_above(vectors, self._section.threshold), strict=True)
            dropped = greedy(len(unique), ((int(a), int(b), float(s)) for a, b, s in pairs))
            for number, match in dropped.items():
                evidence = _evidence(unique[match.kept], match.score, embedder.name)
                rejected.append(reject(self.name, unique[number], "near_duplicate", evidence))
            unique = [row for number, row in enumerate(unique) if number not in dropped]
        return Outcome(
            kept=tuple(sorted(unique, key=lambda row: row.id)),
            rejected=tuple(sorted(rejected, key=lambda row: row.id)),
        )


def _evidence(kept: Question, score: float, embedder: str) -> str:
    return json.dumps({"kept_id": kept.id, "score": round(score, 6), "embedder": embedder})
