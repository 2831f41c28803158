"""Short runs of words sought whole in many texts at once.

A pass for each length is dear in whole texts, where `Sieve` makes do with a few lengths. Thinned
texts are short, and their runs of three numbers are a third as often there as two of the three.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kodgen.contamination.words.grouped import grouped, members
from kodgen.contamination.words.numbering import Numbered, numbered_runs, windows
from kodgen.contamination.words.numberset import NumberSet, distinct

if TYPE_CHECKING:
    from kodgen.contamination.words.numbering import Places

LONGEST = 8
"""Words of a run that are sought; of a longer one the first."""


class WholeRuns:
    """Runs of words to look for."""

    def __init__(self, runs: Sequence[Sequence[str]]) -> None:
        """Take down runs, none of them empty; a run's number is its place here."""
        import numpy as np

        sought = [run[:LONGEST] for run in runs]
        lengths = np.fromiter(map(len, sought), np.int64, len(sought))
        told = numbered_runs(sought)
        numbers = np.zeros(len(sought), np.uint64)
        for length in np.unique(lengths).tolist():
            having = lengths == length
            numbers[having] = windows(told.words, length)[told.bounds[:-1][having]]
        self._lengths = np.unique(lengths).tolist()
        # Runs of two lengths have one number as seldom as two runs of one length.
        self._known = NumberSet(numbers)
        ranks = np.searchsorted(self._known.ranked, numbers)
        self._runs, self._firsts = grouped(ranks, len(self._known.ranked))
        """By rank; and where those of each rank begin, and the end."""

    def met(self, texts: Numbered) -> tuple["Places", "Places"]:
        """Numbers of texts and of the runs that may be in each, every pair once."""
        import numpy as np

        count = len(self._known.ranked)
        found = [np.zeros(0, np.int64)]
        for length in self._lengths:
            places, ranks = self._known.found(texts.windows(length))
            found.append(texts.texts_at(places) * count + ranks)
        where, ranks = np.divmod(distinct(np.concatenate(found)), max(count, 1))
        runs, counts = members(self._firsts, ranks)
        return np.repeat(where, counts), self._runs[runs]
