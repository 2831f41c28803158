"""Words of many texts as one array of numbers, in which runs are sought of all texts at once.

Equal words have equal numbers, so nothing that is there is missed by its number. Different words
share one as seldom as 64 bits chosen at random do, so whoever finds a number looks at the text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from kodgen.contamination.words.lettering import TOGETHER, of_letters, stirred
from kodgen.contamination.words.words import FOLDING, spelled

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.uint64]
    Places = npt.NDArray[np.int64]

AT_ONCE = 1 << 17
"""Bytes that are numbered at once: their arrays stay in a core's cache."""

_BASE_OF_WORDS = 0x9E3779B97F4A7C15
"""Odd, so that nothing of a number is lost where it is multiplied, modulo 2**64."""


@dataclass(frozen=True, slots=True, eq=False)
class Numbered:
    """Texts as their words' numbers."""

    words: "Numbers"
    """Of all texts, one after the other."""
    bounds: "Places"
    """Where in `words` each text begins; and the last one's end."""
    _windows: dict[int, "Numbers"] = field(default_factory=dict, repr=False)

    def windows(self, width: int) -> "Numbers":
        """`windows` of the words, made once for all who ask."""
        return windows(self.words, width, self._windows)

    def texts_at(self, places: "Places") -> "Places":
        """Of places in `words`, which text each is in."""
        import numpy as np

        return np.searchsorted(self.bounds, places, side="right") - 1

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
    return numbered_folded(list(map(spelled, texts)))


def numbered_runs(runs: Sequence[Sequence[str]]) -> Numbered:
    """Words as `words` tells them, as numbers."""
    return numbered_folded([" ".join(run).encode("utf-8", "surrogatepass") for run in runs])


def windows(words: "Numbers", width: int, known: dict[int, "Numbers"] | None = None) -> "Numbers":
    """A number for each run of `width` words, by the place it begins; equal for equal runs.

    Runs may reach from one text into the next: a text they are found in is to be looked at.

    Args:
        words: Numbers of words.
        width: One at least.
        known: Windows of other widths that are known; what is made on the way is added.
    """
    if width == 1:
        return words
    known = {} if known is None else known
    if width not in known:
        size = 1 << (width - 1).bit_length() - 1
        first, rest = (windows(words, part, known) for part in (size, width - size))
        known[width] = _followed(first, rest, size, width - size)
    return known[width]


def wholes(texts: Numbered) -> "Numbers":
    """A number for each text: equal for texts of the same words; all those without words share one.

    It is the sum of the words' numbers, each times one that its place in the text draws.
    """
    import numpy as np

    lengths = np.diff(texts.bounds)
    places = np.arange(len(texts.words)) - np.repeat(texts.bounds[:-1], lengths)
    weights = stirred((places.astype(np.uint64) + np.uint64(1)) * np.uint64(_BASE_OF_WORDS))
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(texts.words * weights)])
    return stirred(sums[texts.bounds[1:]] - sums[texts.bounds[:-1]])


def _followed(before: "Numbers", after: "Numbers", length: int, more: int) -> "Numbers":
    """Of runs of `length + more` words, by numbers of runs of `length` and of `more` words."""
    import numpy as np

    power = np.uint64(pow(_BASE_OF_WORDS, more, 2**64))
    rest = after[length:]
    numbers = before[: len(rest)] * power
    numbers += rest
    return numbers


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
    """Numbers of the words, and where in them each text ends."""
    import numpy as np

    joined = (b" " + b" ".join(texts) + b" " * TOGETHER).translate(FOLDING)
    blank = np.frombuffer(joined, np.uint8) == ord(" ")
    # A space at either end: each word has a beginning and an end.
    edges = np.flatnonzero(blank[1:] != blank[:-1])
    before, last = edges[::2], edges[1::2]
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    ends = np.searchsorted(before, np.cumsum(lengths + 1))
    return of_letters(joined, before + 1, last - before), ends
