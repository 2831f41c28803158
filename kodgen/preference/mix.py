"""Weights of criteria: which one a question is tried by, and how many pairs of each stay.

Not every question can make a pair by every criterion: where all answers are right there is no
wrong one, where all are alike there is none faster. So each question draws its criterion by
weight, and where that makes no pair, the others in an order drawn by weight too: that loses the
fewest questions, and gives a rare criterion every chance. What a common criterion has more of than
its weight says, is then dropped.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from kodgen.config.posttraining import Criterion
from kodgen.records import Pair, derived_seed


def order(weights: Mapping[Criterion, float], seed: int, row: str) -> list[Criterion]:
    """Criteria in the order in which they are tried, drawn by weight without replacement.

    By exponential keys (Efraimidis and Spirakis, 2006, "Weighted random sampling with a
    reservoir"): the least of -ln(u) / weight is first with a chance of its share of the weights.
    """

    def key(criterion: Criterion) -> float:
        drawn = (derived_seed(seed, "prefer", row, criterion) + 0.5) / 2**31
        return -math.log(drawn) / weights[criterion]

    return sorted(sorted(weights), key=key)


def quotas(
    counts: Mapping[Criterion, int], weights: Mapping[Criterion, float]
) -> dict[Criterion, int]:
    """The most pairs of each criterion that are in proportion to the weights.

    A criterion without any pair has no say, as nothing could be kept else; each that has pairs
    keeps at least one.
    """
    present = {name: weights[name] for name, count in counts.items() if count and name in weights}
    if not present:
        return {}
    least = min(counts[name] / weight for name, weight in present.items())
    return {name: max(1, math.floor(least * weight + 1e-9)) for name, weight in present.items()}


def trimmed(pairs: Sequence[Pair], weights: Mapping[Criterion, float], seed: int) -> frozenset[str]:
    """Ids of the pairs that stay, so that criteria have their weights; chosen by hash."""
    counts = Counter(name for pair in pairs for name in weights if name == pair.criterion)
    left: dict[str, int] = dict(quotas(counts, weights).items())
    kept = set()
    for pair in sorted(pairs, key=lambda pair: (derived_seed(seed, "mix", pair.id), pair.id)):
        if left.get(pair.criterion, 0) > 0:
            left[pair.criterion] -= 1
            kept.add(pair.id)
    return frozenset(kept)
