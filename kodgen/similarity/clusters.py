"""Which of a set of near-duplicates stay: greedy, best first.

Rows are visited in priority order; a row that matches a kept row is dropped and names it. Kept
rows never match each other, every dropped row matches the kept row it names, and a chain A~B~C in
which A and C differ keeps both, which joining all connected rows into one cluster would not.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Match:
    """The kept row that a dropped row matches best, and how well."""

    kept: int
    score: float


def greedy(count: int, pairs: Iterable[tuple[int, int, float]]) -> dict[int, Match]:
    """Decide which rows are dropped.

    Args:
        count: Number of rows, numbered in priority order: 0 is the best.
        pairs: All matching pairs `(row, row, score)`, in any order.

    Returns:
        The dropped rows, each with the kept row it matches best (of equal scores the better row).
    """
    better: dict[int, list[tuple[int, float]]] = {}
    for one, other, score in pairs:
        better.setdefault(max(one, other), []).append((min(one, other), score))
    dropped: dict[int, Match] = {}
    for row in range(count):
        matches = [(kept, score) for kept, score in better.get(row, ()) if kept not in dropped]
        if matches:
            kept, score = min(matches, key=lambda match: (-match[1], match[0]))
            dropped[row] = Match(kept, score)
    return dropped
