"""What texts seem to share with each task, summed up for many texts at once."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from kodgen.contamination.words.grouped import members
from kodgen.contamination.words.numberset import distinct

if TYPE_CHECKING:
    from kodgen.contamination.words.numbering import Places


class Worth:
    """Weights of things, each in some tasks."""

    def __init__(self, weights: Sequence[Mapping[int, float]]) -> None:
        """Take down weights: of each thing, by the number of the task."""
        import numpy as np

        counts = np.fromiter(map(len, weights), np.int64, len(weights))
        self._firsts = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
        self._tasks = np.fromiter(chain.from_iterable(weights), np.int64)
        self._weights = np.fromiter(chain.from_iterable(map(_values, weights)), np.float64)
        self._most = int(self._tasks.max(initial=0)) + 1

    def enough(
        self, met: Sequence[tuple["Places", "Places"]], least: float
    ) -> Iterator[tuple[int, int]]:
        """Texts that share more than `least` with a task, and what they share with such tasks.

        Args:
            met: Numbers of texts and of the things met in each, every pair once.
            least: Weight in one task.
        """
        import numpy as np

        texts, which = (np.concatenate(told) for told in zip(*met, strict=True))
        shares, counts = members(self._firsts, which)
        slots = np.repeat(texts, counts) * self._most + self._tasks[shares]
        # Shares of one text in one task stand together then.
        order = np.argsort(slots, kind="stable")
        firsts = np.flatnonzero(np.diff(slots[order], prepend=-1))
        sums = np.add.reduceat(self._weights[shares[order]], firsts) if len(firsts) else firsts
        telling = order[np.repeat(sums > least, np.diff(firsts, append=len(order)))]
        chosen = distinct(np.repeat(np.arange(len(texts)), counts)[telling])
        return zip(texts[chosen].tolist(), which[chosen].tolist(), strict=True)


def _values(weights: Mapping[int, float]) -> Iterator[float]:
    return iter(weights.values())
