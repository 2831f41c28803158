"""Chooses, after every solution was tried on inputs of growing size, what to time them on."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kodgen.preference.bench_file import unit_of
from kodgen.records import Verdict

TELLABLE = 0.02
"""CPU seconds that a unit has to take the slowest solution: 200 times what a test's own call was
seen to cost, and far more than the clock's step of a microsecond."""
LEAST = 0.0002
"""CPU seconds below which a unit is left out even where its inputs can't be larger: some 0.1 ms
may be the test's own call, and `MOST_COPIES` of the rest just come to a fourth of `TELLABLE`."""
MOST_COPIES = 50
MOST_UNITS = 4
MOST_OF_CALL = 2
"""Units of one call: two ways to grow its inputs."""

Probed = Mapping[str, float]
"""CPU seconds by unit, of the units that one solution did as it should."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Inputs of one kind and size, and how often they are run in a row."""

    name: str
    copies: int


def probed(verdict: Verdict) -> dict[str, float]:
    """CPU seconds of each unit that a run did to its end; one that was cut short did fewer."""
    if verdict.observed is None:
        return {}
    seconds = verdict.observed.test_cpu_seconds
    found = zip(verdict.tests, seconds, strict=False)
    return {unit_of(test.name): took for test, took in found if test.outcome == "passed"}


def choose(solutions: Sequence[Probed]) -> tuple[Unit, ...]:
    """The units that all solutions did alike and whose time can be told, the longest first.

    Of each chain (a call and a way to grow its inputs) that is the smallest factor at which the
    slowest solution takes `TELLABLE` seconds; where none is, the one that takes longest, run
    several times in a row.
    """
    common = set.intersection(*(set(solution) for solution in solutions)) if solutions else set()
    slowest = {unit: max(solution[unit] for solution in solutions) for unit in common}
    chains: dict[str, list[str]] = {}
    for unit in common:
        chains.setdefault(unit.rpartition(".")[0], []).append(unit)
    best = [_of_chain(units, slowest) for units in chains.values()]
    best.sort(key=lambda unit: (-min(slowest[unit], TELLABLE), unit))
    chosen: list[Unit] = []
    for name in best:
        same = [unit.name for unit in chosen if _call_of(unit.name) == _call_of(name)]
        # Inputs as the tests give them are the same whatever the way.
        alike = MOST_OF_CALL if {1} == set(map(_factor, [*same, name])) and same else len(same)
        copies = min(MOST_COPIES, math.ceil(TELLABLE / max(slowest[name], 1e-6)))
        told = slowest[name] >= LEAST
        if told and alike < MOST_OF_CALL and len(chosen) < MOST_UNITS:
            chosen.append(Unit(name, copies))
    return tuple(chosen)


def may_differ(solutions: Sequence[Probed], units: Sequence[Unit], speedup: float) -> bool:
    """Whether the probing runs leave any hope of a difference: half of what is asked for."""
    totals = [sum(solution[unit.name] * unit.copies for unit in units) for solution in solutions]
    return max(totals) >= (1 + (speedup - 1) / 2) * min(totals)


def _of_chain(units: list[str], slowest: Mapping[str, float]) -> str:
    units.sort(key=_factor)
    enough = [unit for unit in units if slowest[unit] >= TELLABLE]
    return enough[0] if enough else max(units, key=lambda unit: (slowest[unit], -_factor(unit)))


def _factor(unit: str) -> int:
    return int(unit.rpartition(".")[2])


def _call_of(unit: str) -> str:
    return unit.partition(".")[0]
