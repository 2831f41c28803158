"""Runs of words sought in many texts at once, so that few texts have to be looked at one by one."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from kodgen.contamination.words.grouped import grouped, members
from kodgen.contamination.words.numbering import Numbered, numbered, numbered_runs, windows
from kodgen.contamination.words.numberset import NumberSet, distinct
from kodgen.contamination.words.spans import slid
from kodgen.contamination.words.words import words

if TYPE_CHECKING:
    from kodgen.contamination.words.numbering import Places

WIDTHS = (8, 4, 2, 1)
"""Words of the windows by which runs are sought: a run by one of the widest that it holds."""


class _Sought(NamedTuple):
    width: int
    windows: NumberSet
    firsts: "Places"
    """By a window's rank, where in `runs` the runs sought by it begin; and the end."""
    runs: "Places"


class Sieve:
    """Runs of words to look for, each by one window of it.

    A text that holds a run holds all windows of it, so the rarest of the widest is enough to look
    for; no text is missed. In the few texts that hold a window, the run itself is looked for.
    """

    def __init__(self, runs: Sequence[Sequence[str]]) -> None:
        """Take down runs to look for, none of them empty; a run's number is its place here."""
        by_width: dict[int, list[int]] = defaultdict(list)
        for number, run in enumerate(runs):
            by_width[next(width for width in WIDTHS if width <= len(run))].append(number)
        self._sought = [
            _sought(width, numbers, [runs[number] for number in numbers])
            for width, numbers in sorted(by_width.items())
        ]
        self._runs = [f" {' '.join(run)} " for run in runs]

    def holding(self, texts: tuple[str, ...]) -> list[int]:
        """Numbers, ascending, of the texts that hold a run."""
        where, which = self.met(numbered(texts))
        likely: dict[int, list[int]] = defaultdict(list)
        for text, run in zip(where.tolist(), which.tolist(), strict=True):
            likely[text].append(run)
        return [text for text in sorted(likely) if self._holds(texts[text], likely[text])]

    def met(self, texts: Numbered) -> tuple["Places", "Places"]:
        """Numbers of texts and of the runs that may be in each, every pair once."""
        import numpy as np

        where, which = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for sought in self._sought:
            places, ranks = sought.windows.found(texts.windows(sought.width))
            # What is in a text many times is told once.
            windows_there = len(sought.windows.ranked)
            pairs = distinct(texts.texts_at(places) * windows_there + ranks)
            holding, ranks = np.divmod(pairs, windows_there)
            runs, counts = members(sought.firsts, ranks)
            which.append(sought.runs[runs])
            where.append(np.repeat(holding, counts))
        return np.concatenate(where), np.concatenate(which)

    def _holds(self, text: str, runs: Sequence[int]) -> bool:
        told = f" {' '.join(words(text))} "
        return any(self._runs[run] in told for run in runs)


def _sought(width: int, numbers: Sequence[int], runs: Sequence[Sequence[str]]) -> _Sought:
    import numpy as np

    seen = Counter(window for run in runs for window in set(slid(run, width)))
    # Ties go to the longer words, then to the alphabet.
    rarest = [
        min(slid(run, width), key=lambda one: (seen[one], -sum(map(len, one)), one)) for run in runs
    ]
    told = windows(numbered_runs(rarest).words, width)[::width]
    known = NumberSet(told)
    ranks = np.searchsorted(known.ranked, told)
    order, firsts = grouped(ranks, len(known.ranked))
    return _Sought(width, known, firsts, np.asarray(numbers, np.int64)[order])
