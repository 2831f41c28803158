"""Any right answer over any wrong one: the baseline that choosing has to beat.

The draw is by hash of the run's seed and the answers' ids. The margin is 1: pass against fail.
"""

from collections.abc import Sequence

from kodgen.preference.candidates import Candidate, Match, distinct
from kodgen.records import derived_seed


def matches(
    right: Sequence[Candidate], wrong: Sequence[Candidate], seed: int, most: int
) -> tuple[Match, ...]:
    """At most so many pairs, each with another rejected answer."""
    chosen = sorted(distinct(right), key=lambda one: _lot(seed, one))
    rejected = sorted(distinct(wrong), key=lambda one: _lot(seed, one))
    pairs = list(enumerate(rejected[:most])) if chosen else []
    return tuple(Match(chosen[number % len(chosen)], other, 1.0) for number, other in pairs)


def _lot(seed: int, candidate: Candidate) -> tuple[int, int]:
    return derived_seed(seed, "prefer", "random", candidate.id), candidate.order
