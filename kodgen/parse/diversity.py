"""Chooses, of several right answers to one question, those that differ most."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from kodgen.parse.approach import approach
from kodgen.parse.tree_distance import tree_distance

NEAR = 0.2
"""Tree distance below which two answers are one, whatever constructs they use.

Taken, as `NEAR_ALIKE`, from 104 pairs of right answers that a reasoning model gave to the same 44
questions: half of the pairs are within 0.1, and all that were read below 0.2 are one program with
a line written otherwise (`x if x > y` for `max(x, y)`, a guard more)."""
NEAR_ALIKE = 0.35
"""The same for two answers that use the same constructs: below it a helper was moved or an
expression split in two; above it loops run over something else."""


@dataclass(frozen=True, slots=True)
class Apart:
    """How two answers differ."""

    tree: float
    """Distance of their trees, 0 to 1."""
    approach: float
    """Jaccard distance of their constructs, 0 to 1."""

    @property
    def total(self) -> float:
        """Mean of both, 0 to 1."""
        return (self.tree + self.approach) / 2

    @property
    def near(self) -> bool:
        """Whether they are one answer, told twice."""
        return self.tree < (NEAR if self.approach else NEAR_ALIKE)

    def __str__(self) -> str:
        """In words, as evidence."""
        return f"tree distance {self.tree:.2f} and approach distance {self.approach:.2f}"


def apart(one: str, other: str) -> Apart:
    """How two pieces of code differ; the same in both directions."""
    a, b = approach(one), approach(other)
    jaccard = 1 - len(a & b) / len(a | b) if a | b else 0.0
    return Apart(tree_distance(one, other), jaccard)


def most_different(codes: Sequence[str], keep: int) -> tuple[int, ...]:
    """Which of the codes to keep, no two of them near, in their own order.

    Greedy for the largest least distance: the pair farthest apart, then always the one whose
    nearest kept one is farthest. That is within a factor 2 of the best for distances that keep to
    the triangle inequality (Ravi, Rosenkrantz, Tayi: Heuristic and Special Case Algorithms for
    Dispersion Problems, Operations Research 42, 1994). Of equals the first is taken, and the first
    alone where all are near.
    """
    if not codes or keep < 1:
        return ()
    between = {
        pair: apart(codes[pair[0]], codes[pair[1]]) for pair in combinations(range(len(codes)), 2)
    }
    far = [pair for pair, found in between.items() if not found.near]
    if keep == 1 or not far:
        return (0,)
    first = max(far, key=lambda pair: (between[pair].total, -pair[0], -pair[1]))
    chosen: set[int] = set(first)
    while len(chosen) < keep:
        left = {
            n: [between[(n, m) if n < m else (m, n)] for m in chosen]
            for n in range(len(codes))
            if n not in chosen
        }
        apt = [n for n, found in left.items() if not any(one.near for one in found)]
        if not apt:
            break
        chosen.add(max(apt, key=lambda n: (min(one.total for one in left[n]), -n)))
    return tuple(sorted(chosen))
