"""Runs of words that a text shares with many others, told by the numbers of their windows."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

from kodgen.contamination.words.grouped import members
from kodgen.contamination.words.numbering import Numbered, numbered_folded, windows
from kodgen.contamination.words.numberset import NumberSet
from kodgen.contamination.words.telling import telling
from kodgen.contamination.words.words import folded, words

if TYPE_CHECKING:
    from kodgen.contamination.words.numbering import Numbers, Places


class Met(NamedTuple):
    """Windows of one text that are known, or seem so by their numbers."""

    text: int
    places: list[int]
    """First words, ascending."""
    ranks: list[int]
    """Which of the known windows each is."""


class SharedRuns:
    """An index of texts, asked for the runs of `n` words of them that other texts hold.

    Runs that tell nothing (`telling`) are passed over. A longer run is told by the runs of `n`
    words in it: what they cover together is all that counts.

    Windows met are compared word by word, so a number that two runs share gives no hit. It could
    only make the two count as one held by many: 2**-64 a pair, 1e-7 for a million of them.
    """

    def __init__(
        self, texts: Sequence[tuple[int, str]], n: int, most: int, ignored: Sequence[str]
    ) -> None:
        """Index texts.

        Args:
            texts: Each with the number of its owner.
            n: Words of a run.
            most: Owners that may hold a run that tells anything.
            ignored: Texts inside of which a run tells nothing.
        """
        import numpy as np

        self.n = n
        self._texts = [text for _, text in texts]
        said = [folded(text) for text in self._texts]
        told = numbered_folded(said)
        self.lengths: list[int] = np.diff(told.bounds).tolist()
        """Of each text, its words."""
        runs = windows(told.words, n)
        places = np.flatnonzero(telling(said, told, n, ignored))
        owners = np.fromiter((owner for owner, _ in texts), np.int64, len(texts))
        places, firsts = _rare(places, runs[places], owners[told.texts_at(places)], most)
        self._known = NumberSet(runs[places[firsts[:-1]]])
        self._bounds = told.bounds
        self._places = places.astype(np.int32)
        self._firsts = firsts.astype(np.int32)
        """By a known run's rank, where in `_places` its places begin; and the end."""
        self.weights = self._weights(told)
        """Of each text, the words that stand in runs which count."""

    def met(self, texts: Numbered) -> Iterator[Met]:
        """Of texts that seem to hold runs which count, in order."""
        import numpy as np

        places, ranks = self._known.found(texts.windows(self.n))
        where = texts.texts_at(places)
        inside = np.flatnonzero(places + self.n <= texts.bounds[where + 1])
        places, ranks, where = places[inside], ranks[inside], where[inside]
        starts = np.flatnonzero(np.diff(where, prepend=-1)).tolist()
        for start, end in pairwise([*starts, len(where)]):
            text = int(where[start])
            own = places[start:end] - texts.bounds[text]
            yield Met(text, own.tolist(), ranks[start:end].tolist())

    def shared(self, text: str, met: Met) -> Iterator[tuple[int, list[int], list[int]]]:
        """Indexed texts that share runs with the text met, ascending.

        Returns:
            Of each its number, its words in shared runs, and the text's own, ascending.
        """
        told = words(text)
        having: dict[tuple[int, tuple[str, ...]], list[int]] = defaultdict(list)
        for place, rank in zip(met.places, met.ranks, strict=True):
            having[rank, tuple(told[place : place + self.n])].append(place)
        indexed: dict[int, list[str]] = {}
        there: dict[int, list[int]] = defaultdict(list)
        here: dict[int, set[int]] = defaultdict(set)
        for standing, ((_, run), places) in zip(
            self._standing([rank for rank, _ in having]), having.items(), strict=True
        ):
            before = -1
            for number, place in standing:
                if number not in indexed:
                    indexed[number] = words(self._texts[number])
                # Different runs may share a number.
                if tuple(indexed[number][place : place + self.n]) == run:
                    there[number].append(place)
                    if number != before:
                        here[number].update(places)
                        before = number
        for number in sorted(there):
            yield number, covered(there[number], self.n), covered(here[number], self.n)

    def _standing(self, ranks: Sequence[int]) -> Iterator[list[tuple[int, int]]]:
        """Where each of some known runs stands: numbers of texts and of words."""
        import numpy as np

        found, counts = members(self._firsts, np.array(ranks, np.int64))
        texts = np.searchsorted(self._bounds, self._places[found], side="right") - 1
        places = self._places[found] - self._bounds[texts]
        all_of_them = zip(texts.tolist(), places.tolist(), strict=True)
        return (list(islice(all_of_them, count)) for count in counts.tolist())

    def _weights(self, told: Numbered) -> list[int]:
        import numpy as np

        edges = np.zeros(len(told.words) + 1, np.int32)
        edges[self._places] += 1
        edges[self._places + self.n] -= 1
        sums = np.concatenate([[0], np.cumsum(np.cumsum(edges[:-1]) > 0)])
        weights: list[int] = np.diff(sums[told.bounds]).tolist()
        return weights


def _rare(
    places: "Places", runs: "Numbers", owners: "Places", most: int
) -> tuple["Places", "Places"]:
    """Places of the runs that at most so many owners hold, run by run and runs ascending.

    Returns:
        The places, and where among them those of each run begin; and the end.
    """
    import numpy as np

    order = np.lexsort((owners, runs))
    places, runs, owners = places[order], runs[order], owners[order]
    new_run = np.diff(runs, prepend=~runs[:1]) != 0
    firsts = np.flatnonzero(new_run)
    new_owner = new_run | (np.diff(owners, prepend=-1) != 0)
    sizes = np.diff(firsts, append=len(places))
    held = np.diff(np.concatenate([[0], np.cumsum(new_owner)])[np.append(firsts, len(places))])
    rare = held <= most
    return places[np.repeat(rare, sizes)], np.concatenate([[0], np.cumsum(sizes[rare])])


def covered(starts: Iterable[int], width: int) -> list[int]:
    """Places, ascending, in ranges of one width."""
    places: list[int] = []
    after = 0
    for start in sorted(starts):
        places.extend(range(max(start, after), start + width))
        after = start + width
    return places


def slid(text: Sequence[str], width: int) -> Iterator[tuple[str, ...]]:
    """Windows of so many words, from every place."""
    return zip(*(text[start:] for start in range(width)), strict=False)
