"""Words of many texts as one array of numbers, in which runs are sought of all texts at once.

Equal words have equal numbers, so nothing that is there is missed by its number. Different words
share one as seldom as 64 bits chosen at random do, so whoever finds a number looks at the text.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from kodgen.contamination.words import folded

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.uint64]
    Places = npt.NDArray[np.int64]

AT_ONCE = 1 << 17
"""Bytes that are numbered at once: their arrays stay in a core's cache."""

_BASE_OF_LETTERS = 0xD1342543DE82EF95
_BASE_OF_WORDS = 0x9E3779B97F4A7C15
"""Odd, so that a power of it can be divided out of a sum, modulo 2**64."""
_STIR = 0xBF58476D1CE4E5B9


@dataclass(frozen=True, slots=True, eq=False)
class Numbered:
    """Texts as their words' numbers."""

    words: "Numbers"
    """Of all texts, one after the other."""
    bounds: "Places"
    """Where in `words` each text begins; and the last one's end."""

    def texts_at(self, places: "Places") -> "Places":
        """Of places in `words`, which text each is in."""
        import numpy as np

        return np.searchsorted(self.bounds, places, side="right") - 1

    def holding(self, places: Iterable["Places"]) -> list[int]:
        """Numbers of the texts, ascending, that any places are in."""
        import numpy as np

        texts = np.zeros(len(self.bounds), np.bool_)
        for some in places:
            texts[self.texts_at(some)] = True
        return np.flatnonzero(texts).tolist()

    def inside(self, width: int) -> "npt.NDArray[np.bool_]":
        """Of each place in `words`, whether a run of `width` words from there on is in one text."""
        import numpy as np

        inside = np.ones(len(self.words), np.bool_)
        for left in range(1, width):
            # Of a shorter text these are in the one before, and reach beyond that one's end too.
            short = self.bounds[1:] - left
            inside[short[short >= 0]] = False
        return inside

    def thinned(self, places: "Places") -> "Numbered":
        """The texts with the words at some places (ascending) alone."""
        import numpy as np

        return Numbered(self.words[places], np.searchsorted(places, self.bounds))


# A block of rows has three fields, and one layer after the other asks for each.
@lru_cache(maxsize=3)
def numbered(texts: tuple[str, ...]) -> Numbered:
    """The words that `words` tells of each text, as numbers."""
    return numbered_folded([folded(text) for text in texts])


def numbered_runs(runs: Sequence[Sequence[str]]) -> Numbered:
    """Words as `words` tells them, as numbers."""
    return numbered_folded([" ".join(run).encode("utf-8", "surrogatepass") for run in runs])


def windows(words: "Numbers", width: int) -> "Numbers":
    """A number for each run of `width` words, by the place it begins; equal for equal runs.

    Runs may reach from one text into the next: a text they are found in is to be looked at.
    """
    import numpy as np

    told, length = words, 0
    part, size = words, 1
    while size <= width:
        if width & size:
            told = _followed(told, part, length, size) if length else part
            length += size
        part = _followed(part, part, size, size)
        size *= 2
    return told if length else np.zeros(0, np.uint64)


def wholes(texts: Numbered) -> "Numbers":
    """A number for each text: equal for texts of the same words; all those without words share one.

    It is the sum of the words' numbers, each times one that its place in the text draws.
    """
    import numpy as np

    lengths = np.diff(texts.bounds)
    places = np.arange(len(texts.words)) - np.repeat(texts.bounds[:-1], lengths)
    weights = _stirred((places.astype(np.uint64) + np.uint64(1)) * np.uint64(_BASE_OF_WORDS))
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(texts.words * weights)])
    return _stirred(sums[texts.bounds[1:]] - sums[texts.bounds[:-1]])


def _stirred(numbers: "Numbers") -> "Numbers":
    """Other numbers, one for each, whose every bit depends on all bits."""
    import numpy as np

    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(_STIR)
    return numbers ^ (numbers >> np.uint64(31))


def _followed(before: "Numbers", after: "Numbers", length: int, more: int) -> "Numbers":
    """Of runs of `length + more` words, by numbers of runs of `length` and of `more` words."""
    import numpy as np

    power = np.uint64(pow(_BASE_OF_WORDS, more, 2**64))
    rest = after[length:]
    return before[: len(rest)] * power + rest


def numbered_folded(texts: Sequence[bytes]) -> Numbered:
    """The words of texts that have one space or more between them, as numbers."""
    import numpy as np

    words, bounds, count = [], [np.zeros(1, np.int64)], 0
    for some in _portions(texts):
        numbers, ends = _portion(some)
        words.append(numbers)
        bounds.append(ends + count)
        count += len(numbers)
    told = np.concatenate(words) if words else np.zeros(0, np.uint64)
    return Numbered(told, np.concatenate(bounds))


def _portions(texts: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    start = size = 0
    for number, text in enumerate(texts):
        size += len(text) + 1
        if size >= AT_ONCE:
            yield texts[start : number + 1]
            start, size = number + 1, 0
    if start < len(texts):
        yield texts[start:]


def _portion(texts: Sequence[bytes]) -> tuple["Numbers", "Places"]:
    """Numbers of the words, and where in them each text ends.

    A word's number is that of its letters as digits, which is the difference of two sums over
    all that stands before its end and before its start, shifted to where the word begins.
    """
    import numpy as np

    joined = b" " + b" ".join(texts) + b" "
    letters = np.frombuffer(joined, np.uint8)
    blank = letters == ord(" ")
    # A space at either end: each word has a beginning and an end.
    edges = np.flatnonzero(blank[1:] != blank[:-1])
    before, last = edges[::2], edges[1::2]
    powers, shifts = _powers(len(joined).bit_length())
    sums = np.cumsum(_letters().take(letters) * powers[: len(joined)])
    numbers = (sums[last] - sums[before]) * shifts[before]
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    return _stirred(numbers), np.searchsorted(before, np.cumsum(lengths + 1))


@cache
def _letters() -> "Numbers":
    """A number of its own for each byte."""
    import numpy as np

    return _stirred(np.arange(1, 257, dtype=np.uint64) * np.uint64(_BASE_OF_WORDS))


@lru_cache(maxsize=2)
def _powers(bits: int) -> tuple["Numbers", "Numbers"]:
    """Powers of the base and of its inverse, for places of up to so many bits."""
    import numpy as np

    powers = []
    for base in (_BASE_OF_LETTERS, pow(_BASE_OF_LETTERS, -1, 2**64)):
        steps = np.full(1 << bits, base, np.uint64)
        steps[0] = 1
        powers.append(np.cumprod(steps))
    return powers[0], powers[1]
