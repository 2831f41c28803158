"""Runs of words that a text shares with many others, found by a few words and then stretched."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from kodgen.contamination.numbering import Numbered, numbered_runs, windows
from kodgen.contamination.numberset import NumberSet

LEAST_WORDS = 5
"""Different words, numbers left out, of a run that tells anything: 0 0 1 0 and 1 2 3 4 5 are met
in tests of anything."""

Run = tuple[int, int, int, int]
"""Number of the indexed text, first word there, first word in the other text, words."""


class SharedRuns:
    """An index of texts, asked for runs of at least `n` words that another text holds.

    The other text is looked at in every (n - k + 1)th place only, k words at a time: a run of n
    words holds one of those places wherever it begins, so none is missed. Runs of n words that
    more than `most` owners hold, that stand inside one of `ignored`, that have fewer than
    `LEAST_WORDS` different words or import things are passed over.
    """

    def __init__(
        self,
        texts: Sequence[tuple[int, Sequence[str]]],
        n: int,
        most: int,
        ignored: Sequence[Sequence[str]],
    ) -> None:
        """Index texts, each with the number of its owner."""
        self.n = n
        self._k = (n + 1) // 2
        self._stride = n - self._k + 1
        self._texts = [text for _, text in texts]
        self.weights: list[int] = []
        """Of each text, the words that stand in runs which count."""
        passed = {window for text in ignored for window in slid(text, n)}
        self._common = _common(texts, n, most, passed)
        self._short: dict[tuple[str, ...], list[tuple[int, int]]] = {}
        self._long: dict[tuple[str, ...], list[tuple[int, int]]] = {}
        self._index(most)
        self._windows = frozenset(self._short)
        self._telling = self._numbers_of_telling()

    def sharing(self, texts: Numbered) -> list[int]:
        """Numbers, ascending, of the texts that may hold a run of `n` words that isn't common."""
        return texts.holding([self._telling.places(windows(texts.words, self.n))])

    def runs(self, text: Sequence[str]) -> Iterator[Run]:
        """The longest runs of at least `n` words shared with any indexed text, each once."""
        windows = list(slid(text, self._k, self._stride))
        met = self._windows.intersection(windows)
        if not met:
            return
        done: dict[tuple[int, int], int] = {}
        for step, window in enumerate(windows):
            if window not in met:
                continue
            place = step * self._stride
            for number, there in self._candidates(text, place, window):
                lag = (number, there - place)
                if place < done.get(lag, 0):
                    continue
                start, end = self._stretched(text, place, number, there)
                done[lag] = end
                if end - start >= self.n:
                    yield number, start + there - place, start, end - start

    def telling(self, run: Run) -> list[int]:
        """Words, counted from the run's first, that are in a run of `n` that isn't common."""
        number, there, _, length = run
        text = self._texts[number]
        covered: set[int] = set()
        for start in range(length - self.n + 1):
            window = tuple(text[there + start : there + start + self.n])
            if window not in self._common:
                covered.update(range(start, start + self.n))
        return sorted(covered)

    def _candidates(
        self, text: Sequence[str], place: int, window: tuple[str, ...]
    ) -> Iterator[tuple[int, int]]:
        found = self._short.get(window, ())
        if found:
            yield from found
        elif window in self._short:
            # So common that only the n words around it tell.
            for start in range(max(place - self._stride + 1, 0), place + 1):
                for number, there in self._long.get(tuple(text[start : start + self.n]), ()):
                    yield number, there + place - start

    def _numbers_of_telling(self) -> NumberSet:
        import numpy as np

        common = sorted(self._common)
        passed = windows(numbered_runs(common).words, self.n)[:: self.n]
        return NumberSet(np.setdiff1d(windows(numbered_runs(self._texts).words, self.n), passed))

    def _index(self, most: int) -> None:
        places: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
        for number, text in enumerate(self._texts):
            after = covered = weight = 0
            for start, run in enumerate(slid(text, self.n)):
                if run not in self._common:
                    for place in range(max(after, start), start + self._stride):
                        places[tuple(text[place : place + self._k])].append((number, place))
                    after = start + self._stride
                    weight += start + self.n - max(covered, start)
                    covered = start + self.n
            self.weights.append(weight)
        long: dict[tuple[str, ...], set[tuple[int, int]]] = defaultdict(set)
        for window, found in places.items():
            heavy = len(found) > 4 * most
            self._short[window] = [] if heavy else found
            for number, place in found if heavy else ():
                text = self._texts[number]
                first = max(place - self._stride + 1, 0)
                for start in range(first, min(place, len(text) - self.n) + 1):
                    run = tuple(text[start : start + self.n])
                    if run not in self._common:
                        long[run].add((number, start))
        self._long = {run: sorted(found) for run, found in long.items()}

    def _stretched(
        self, text: Sequence[str], place: int, number: int, there: int
    ) -> tuple[int, int]:
        other = self._texts[number]
        start, end = place, place + self._k
        lag = there - place
        while start > 0 and start + lag > 0 and text[start - 1] == other[start + lag - 1]:
            start -= 1
        while end < len(text) and end + lag < len(other) and text[end] == other[end + lag]:
            end += 1
        return start, end


def slid(text: Sequence[str], width: int, stride: int = 1) -> Iterator[tuple[str, ...]]:
    """Windows of so many words, from every so manyth place."""
    return zip(*(text[start::stride] for start in range(width)), strict=False)


def _common(
    texts: Sequence[tuple[int, Sequence[str]]], n: int, most: int, passed: set[tuple[str, ...]]
) -> set[tuple[str, ...]]:
    """Runs of `n` words that tell nothing, of those in the texts."""
    first: dict[tuple[str, ...], int] = {}
    owners: dict[tuple[str, ...], set[int]] = {}
    for owner, text in texts:
        for run in slid(text, n):
            known = first.setdefault(run, owner)
            if known != owner:
                owners.setdefault(run, {known}).add(owner)
    common = {run for run, having in owners.items() if len(having) > most}
    common.update(run for run in first if run in passed or not _tells(run))
    return common


def _tells(run: Sequence[str]) -> bool:
    """Whether a run is more than numbers, the same words again, or lines of imports."""
    if "import" in run and run.count("import") + run.count("from") > 1:
        return False
    least = min(LEAST_WORDS, len(run) // 2)
    return len({word for word in run if not word.isdigit()}) >= least
