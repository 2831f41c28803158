"""Words that two texts have in the same order, so that a reader sees what they have in common."""

from kodgen.contamination.words.words import merged, word_spans, words

RUN = 4
"""Words in a row: shorter runs are of any text (`a list of`)."""
MOST_WORDS = 4000
"""Of a text that are compared."""
MOST_RANGES = 200


def alike(one: str, other: str) -> tuple[list[list[int]], list[list[int]]]:
    """Ranges of characters in both texts whose words, `RUN` and more in a row, are the other's too.

    This is for the eye, and says nothing of a leak.
    """
    mine, theirs = words(one)[:MOST_WORDS], words(other)[:MOST_WORDS]
    common = set(_runs(mine)) & set(_runs(theirs))
    return _ranges(one, mine, common), _ranges(other, theirs, common)


def _runs(told: list[str]) -> list[tuple[str, ...]]:
    return [tuple(told[at : at + RUN]) for at in range(len(told) - RUN + 1)]


def _ranges(text: str, told: list[str], common: set[tuple[str, ...]]) -> list[list[int]]:
    places = {
        at + step for at, run in enumerate(_runs(told)) if run in common for step in range(RUN)
    }
    return merged(sorted(places), word_spans(text), MOST_RANGES) if places else []
