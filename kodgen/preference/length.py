"""The shorter of two right answers over the longer one.

Length is in characters of the text that is trained on: tokens differ from tokenizer to tokenizer,
and not every server counts them. The margin is the ratio of both lengths.
"""

from collections.abc import Sequence

from kodgen.preference.candidates import Candidate, Match, distinct


def matches(right: Sequence[Candidate], longer: float, most: int) -> tuple[Match, ...]:
    """At most so many pairs, the largest ratio first.

    Args:
        right: Answers that are right.
        longer: Times that the rejected one has to be as long as the chosen one.
        most: Pairs wanted.
    """
    candidates = sorted(distinct(right), key=lambda one: (len(one.text), one.order))
    found = [
        Match(short, long, round(len(long.text) / len(short.text), 2))
        for short in candidates
        for long in candidates
        if len(long.text) >= longer * len(short.text)
    ]
    found.sort(key=lambda match: (-match.margin, match.chosen.order, match.rejected.order))
    return tuple(found[:most])
