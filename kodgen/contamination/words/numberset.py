"""A set of numbers that is asked of whole arrays."""

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from kodgen.contamination.words.numbering import Numbers, Places

    _Any = TypeVar("_Any", np.int64, np.uint64)

ROOM = 16
"""Entries of the table for each number, which takes two: a look lets one of eight others pass."""


class NumberSet:
    """Numbers of 64 bits that are as good as random, each with a rank.

    Most numbers asked for are not in the set, and most of these are told by one look at a table
    at their first bits, and most of the others by another look at their last bits; what is left
    is searched for.
    """

    def __init__(self, numbers: "Numbers") -> None:
        """Take down numbers; repeats count once."""
        import numpy as np

        self.ranked = distinct(numbers)
        """The numbers, ascending; a rank is a place in it."""
        bits = max((ROOM * len(self.ranked)).bit_length(), 8)
        self._shift = np.uint64(64 - bits)
        self._last = np.uint64((1 << bits) - 1)
        self._table = np.zeros(1 << bits, np.bool_)
        self._table[self.ranked >> self._shift] = True
        self._table[self.ranked & self._last] = True

    def places(self, numbers: "Numbers") -> "Places":
        """Places, ascending, of those numbers of an array that are in the set."""
        return self.found(numbers)[0]

    def found(self, numbers: "Numbers") -> tuple["Places", "Places"]:
        """The same, and the rank of each."""
        import numpy as np

        if not len(self.ranked):
            none = np.zeros(0, np.int64)
            return none, none
        # As signed numbers, which arrays take as places without making others of them.
        likely = np.flatnonzero(self._table.take((numbers >> self._shift).view(np.int64)))
        sought = numbers[likely]
        kept = self._table.take((sought & self._last).view(np.int64))
        likely, sought = likely[kept], sought[kept]
        ranks = np.minimum(np.searchsorted(self.ranked, sought), len(self.ranked) - 1)
        there = self.ranked[ranks] == sought
        return likely[there], ranks[there]


def distinct(numbers: "npt.NDArray[_Any]") -> "npt.NDArray[_Any]":
    """Numbers, ascending and each once: what `np.unique` gives in ten times as long."""
    import numpy as np

    ranked = np.sort(numbers)
    return ranked[np.flatnonzero(np.diff(ranked, prepend=~ranked[:1]))]
