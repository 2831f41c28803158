"""Which runs of words tell anything of the text that they are from."""

from collections.abc import Sequence
from string import ascii_lowercase
from typing import TYPE_CHECKING

from kodgen.contamination.words.numbering import Numbered, numbered_folded, windows
from kodgen.contamination.words.numberset import NumberSet
from kodgen.contamination.words.words import folded

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from kodgen.contamination.words.numbering import Numbers, Places

_LETTERS = ascii_lowercase.encode()
LEAST_WORDS = 5
"""Different words, numbers left out, of a run that tells anything: 0 0 1 0 and 1 2 3 4 5 are met
in tests of anything."""


def telling(
    said: Sequence[bytes], told: Numbered, n: int, ignored: Sequence[str]
) -> "npt.NDArray[np.bool_]":
    """Of each place in texts, whether the `n` words from there on tell anything.

    They don't where the text ends before them, where they stand inside one of `ignored`, where
    they are lines of imports, or fewer than `LEAST_WORDS` different words but for numbers.

    Args:
        said: The texts as `folded` gives them.
        told: The same as numbers.
        n: Words of a run.
        ignored: Texts inside of which runs tell nothing.
    """
    import numpy as np

    tells = told.inside(n)
    count = max(len(told.words) - n + 1, 0)
    imports, froms = (_equal(told.words, [word]) for word in (b"import", b"from"))
    importing = _sums(imports, n)
    tells[:count] &= (importing == 0) | (importing + _sums(froms, n) == 1)
    numbers = [word for word in _digits(said) if word.decode("utf-8", "surrogatepass").isdigit()]
    different = _different(told.words, ~_equal(told.words, numbers), n)
    tells[:count] &= different >= min(LEAST_WORDS, n // 2)
    phrases = numbered_folded([folded(text) for text in ignored])
    passed = NumberSet(windows(phrases.words, n)[np.flatnonzero(phrases.inside(n))])
    tells[passed.places(windows(told.words, n))] = False
    return tells


def _digits(said: Sequence[bytes]) -> set[bytes]:
    """Words of some texts without their letters: all numbers, and others, which are no words."""
    found = set[bytes]()
    for text in said:
        # What is left is a tenth of the text.
        found.update(text.translate(None, _LETTERS).split())
    return found


def _equal(told: "Numbers", words: Sequence[bytes]) -> "npt.NDArray[np.bool_]":
    """Of each word told, whether it is one of some words."""
    import numpy as np

    equal = np.zeros(len(told), np.bool_)
    equal[NumberSet(numbered_folded(words).words).places(told)] = True
    return equal


def _sums(chosen: "npt.NDArray[np.bool_]", n: int) -> "Places":
    """How many of each `n` places in a row are chosen."""
    import numpy as np

    sums = np.concatenate([[0], np.cumsum(chosen)])
    counts: Places = sums[n:] - sums[:-n]
    return counts


def _different(told: "Numbers", chosen: "npt.NDArray[np.bool_]", n: int) -> "Places":
    """How many different words there are among the chosen ones of each `n` in a row."""
    import numpy as np

    # How far back the same word stands: it is the run's first if the run begins after that.
    back = np.full(len(told), n)
    for steps in range(n - 1, 0, -1):
        back[steps:][told[steps:] == told[:-steps]] = steps
    last = np.flatnonzero(chosen)
    first = np.maximum(last - back[last] + 1, 0)
    size = len(told) + 1
    counts = np.cumsum(np.bincount(first, minlength=size) - np.bincount(last + 1, minlength=size))
    return counts[: max(len(told) - n + 1, 0)]
