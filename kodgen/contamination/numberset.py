"""A set of numbers that is asked of whole arrays."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kodgen.contamination.numbering import Numbers, Places

ROOM = 16
"""Entries of the table for each number: one of so many others has to be looked up."""


class NumberSet:
    """Numbers of 64 bits that are as good as random, each with a rank.

    Most numbers asked for are not in the set, and most of these are told by one look at a table
    of their first bits; the rest are searched for.
    """

    def __init__(self, numbers: "Numbers") -> None:
        """Take down numbers; repeats count once."""
        import numpy as np

        # `np.unique` makes a set of all numbers first, and takes ten times as long.
        ranked = np.sort(numbers)
        self.ranked = ranked[np.flatnonzero(np.diff(ranked, prepend=~ranked[:1]))]
        """The numbers, ascending; a rank is a place in it."""
        bits = max((ROOM * len(self.ranked)).bit_length(), 8)
        self._shift = np.uint64(64 - bits)
        self._table = np.zeros(1 << bits, np.bool_)
        self._table[self.ranked >> self._shift] = True

    def places(self, numbers: "Numbers") -> "Places":
        """Places, ascending, of those numbers of an array that are in the set."""
        return self.found(numbers)[0]

    def found(self, numbers: "Numbers") -> tuple["Places", "Places"]:
        """The same, and the rank of each."""
        import numpy as np

        if not len(self.ranked):
            none = np.zeros(0, np.int64)
            return none, none
        likely = np.flatnonzero(self._table[numbers >> self._shift])
        sought = numbers[likely]
        ranks = np.minimum(np.searchsorted(self.ranked, sought), len(self.ranked) - 1)
        there = self.ranked[ranks] == sought
        return likely[there], ranks[there]
