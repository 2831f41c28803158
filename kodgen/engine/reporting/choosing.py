"""Which rows of many are shown: as many kinds as there are, and of each kind by lot."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass

from kodgen.records import content_hash


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a row stands."""

    stage: str
    kept: bool
    number: int
    """Of the row in its file, from 0."""
    id: str


class Lots:
    """A bounded draw from each of many kinds, the same whatever order rows come in.

    Args:
        seed: Of the draw.
        most: Rows to hold of a kind.
    """

    def __init__(self, seed: int, most: int) -> None:
        self._seed = str(seed)
        self._most = most
        self._held: dict[tuple[str, ...], list[tuple[int, Place]]] = {}

    def add(self, kind: tuple[str, ...], place: Place) -> None:
        """Take a row into account."""
        lot = -int(content_hash(self._seed, place.stage, place.id), 16)
        held = self._held.setdefault(kind, [])
        if len(held) < self._most:
            heapq.heappush(held, (lot, place))
        elif lot > held[0][0]:
            heapq.heapreplace(held, (lot, place))

    def drawn(self) -> Iterator[Place]:
        """Every kind's first row, then every kind's second, and so on; kinds in their order."""
        kinds = [sorted(held, reverse=True) for _, held in sorted(self._held.items())]
        for turn in range(self._most):
            yield from (held[turn][1] for held in kinds if turn < len(held))

    def of(self, kind: tuple[str, ...], most: int) -> list[Place]:
        """Of one kind the first few."""
        return [place for _, place in sorted(self._held.get(kind, ()), reverse=True)[:most]]
