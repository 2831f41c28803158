"""A right answer over a wrong one: the best by consensus over the nearest miss.

The hardest to tell from a right answer teaches most, so wrong ones with the highest score come
first. The margin is the difference of scores, from 0 to 1.
"""

from collections.abc import Sequence

from kodgen.preference.candidates import Candidate, Match, distinct


def matches(right: Sequence[Candidate], wrong: Sequence[Candidate], most: int) -> tuple[Match, ...]:
    """At most so many pairs, each with another rejected answer.

    The first has the best answer as chosen; the next take the other right ones in turn. A wrong
    answer that consensus puts level with a right one, or above it, makes no pair with that.
    """
    chosen = sorted(distinct(right), key=lambda one: (-one.score, one.order))
    rejected = sorted(distinct(wrong), key=lambda one: (-one.score, one.order))
    found: list[Match] = []
    for other in rejected:
        better = [one for one in chosen if one.score > other.score]
        if better and len(found) < most:
            one = better[len(found) % len(better)]
            found.append(Match(one, other, round(one.score - other.score, 6)))
    return tuple(found)
