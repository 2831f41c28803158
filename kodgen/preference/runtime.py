"""Which of two right answers is the faster one: by CPU time, measured again and again.

Rounds alternate in direction (A B B A ...), so that what changes slowly on a machine meets all
alike. CPU time still varies with what else runs there, and always upwards, so a solution's time
is the least of its rounds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kodgen.preference.candidates import Candidate, Match

Round = Mapping[str, float]
"""CPU seconds by unit, of one run of one solution."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long each unit took a solution, in each round."""

    rounds: tuple[Round, ...]

    @property
    def totals(self) -> list[float]:
        """CPU seconds of each round."""
        return [sum(one.values()) for one in self.rounds]

    def of(self, unit: str) -> list[float]:
        """CPU seconds of one unit in each round."""
        return [one[unit] for one in self.rounds]


def order(count: int, number: int) -> list[int]:
    """In which order solutions are run in a round: every second one backwards."""
    return list(range(count))[:: 1 if number % 2 == 0 else -1]


def faster_by(one: Timing, other: Timing, speedup: float) -> float | None:
    """How many times faster the first is; None where that can't be said.

    Three things must hold: the least total of the other is `speedup` times that of the first, and
    so is its least time on more than half of the units; every round of the first took less than
    any of the other (of n rounds each, chance alone does that once in C(2n, n) times: 252 for
    five); and there is no unit on which it is the other way round. So what is faster depends
    neither on one input that ends early, nor on which input it is.
    """
    ratio = min(other.totals) / max(min(one.totals), 1e-6)
    if ratio < speedup or max(one.totals) >= min(other.totals):
        return None
    units = list(one.rounds[0])
    ahead = sum(min(other.of(unit)) >= speedup * min(one.of(unit)) for unit in units)
    if 2 * ahead <= len(units) or any(min(one.of(u)) > max(other.of(u)) for u in units):
        return None
    return ratio


def matches(
    timed: Sequence[tuple[Candidate, Timing]], speedup: float, most: int
) -> tuple[Match, ...]:
    """Pairs of a faster and a slower answer, the largest ratio first; the margin is that ratio.

    It is rounded to two digits: no more of it comes out again.
    """
    found = []
    for chosen, quick in timed:
        for rejected, slow in timed:
            ratio = faster_by(quick, slow, speedup) if chosen is not rejected else None
            if ratio is not None:
                found.append(Match(chosen, rejected, float(f"{ratio:.2g}")))
    found.sort(key=lambda match: (-match.margin, match.chosen.order, match.rejected.order))
    return tuple(found[:most])
