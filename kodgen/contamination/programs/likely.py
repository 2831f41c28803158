"""Which of many programs may hold one of some skeletons, told by how its functions begin."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from kodgen.contamination.programs.codes import END, LINE, Coder
from kodgen.contamination.programs.skeleton import BREAK, DEFINITION, TOKENS

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Codes = npt.NDArray[np.uint8]
    Numbers = npt.NDArray[np.uint64]

_BASE = 0x9E3779B97F4A7C15
"""Odd, and no small one: sums of its powers are equal as seldom as 64 bits chosen at random."""


class Likely:
    """Skeletons to look for in a block of programs; in those left out none of them is."""

    def __init__(self, beginnings: Collection[str], wholes: Collection[str], width: int) -> None:
        """Take down skeletons.

        Args:
            beginnings: Those after which anything may follow, without breaks.
            wholes: Those that must be all up to a break, shorter than `width`.
            width: Codes by which a function is told.
        """
        import numpy as np

        used = sorted({code for codes in TOKENS.values() for code in codes} - {BREAK})
        self.numbers = {code: number for number, code in enumerate(used, 1)}
        told = {token: [self.numbers[one] for one in codes] for token, codes in _told()}
        """What stands in arrays for each code of a skeleton."""
        self.coder = Coder(
            {token: codes for token, codes in told.items() if token.isalnum()},
            {token: codes[0] for token, codes in told.items() if not token.isalnum()},
        )
        self._powers = np.cumprod(np.full(width, _BASE, np.uint64))
        self._beginnings = {
            length: np.array(sorted(numbers), np.uint64)
            for length, numbers in self._by_length(beginnings, width).items()
        }
        shorter = self._by_length(wholes, width)
        self._wholes = np.array(sorted(set().union(*shorter.values())), np.uint64)

    def among(self, programs: Sequence[str]) -> list[bool]:
        """For each program whether it may hold one."""
        import numpy as np

        read = self.coder.coded(programs)
        likely = np.zeros(len(programs), np.bool_)
        likely[list(read.unclear)] = True
        running = read.codes[read.codes != LINE]
        starts = np.flatnonzero(running == self.numbers[DEFINITION])
        sums = self._sums(running, starts)
        found = np.zeros(len(starts), np.bool_)
        for length, known in self._beginnings.items():
            found |= np.isin(sums[:, length - 1], known)
        # Codes up to the next break: a place in `codes` less the one of the function.
        stops = np.flatnonzero(read.codes >= LINE)
        defined = np.flatnonzero(read.codes == self.numbers[DEFINITION])
        lengths = stops[np.searchsorted(stops, defined)] - defined
        short = np.flatnonzero(lengths <= len(self._powers))
        found[short] |= np.isin(sums[short, lengths[short] - 1], self._wholes)
        likely[np.searchsorted(np.flatnonzero(running == END), starts[found])] = True
        return likely.tolist()

    def _sums(self, running: "Codes", starts: "npt.NDArray[np.int64]") -> "Numbers":
        """For each function, a number for each of so many beginnings of its codes."""
        import numpy as np

        width = len(self._powers)
        ended = np.concatenate([running, np.full(width, END, np.uint8)])
        codes = ended[starts[:, None] + np.arange(width)]
        return np.cumsum(codes * self._powers, axis=1)

    def _by_length(self, skeletons: Collection[str], width: int) -> dict[int, set[int]]:
        told: dict[int, set[int]] = {}
        for one in skeletons:
            head = one[:width]
            number = sum(
                self.numbers[code] * int(power)
                for code, power in zip(head, self._powers, strict=False)
            )
            told.setdefault(len(head), set()).add(number % 2**64)
        return told


def _told() -> list[tuple[str, str]]:
    return [(token, codes) for token, codes in TOKENS.items() if codes != BREAK]
