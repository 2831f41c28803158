"""How many rows come out: shares of a stratified sample, and what a target makes of them. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kodgen.config import Target
from kodgen.engine.forecast.intervals import Interval, effective_size, wilson
from kodgen.engine.forecast.sample import SampledRow

Parts = Mapping[str, Sequence[SampledRow]]
"""The sampled rows of each subset; none of them empty."""


@dataclass(frozen=True, slots=True)
class Yield:
    """What a stage does to the rows of the full run."""

    rows_in: float
    share: Interval | None
    """Kept of those that go in; None where no sampled row got there."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What a target makes of a full run."""

    rows: Interval
    """Verified rows that are kept."""
    attempted: float
    """Share of the questions that have to be attempted, up to 1."""
    missing: tuple[str, ...]
    """Cells that the draws are not enough for, in words."""


def stage_yield(parts: Parts, draws: Mapping[str, int], number: int) -> Yield:
    """What stage `number`, counted from 0, keeps of what gets there.

    A sampled row stands for as many of its subset as the full run has to the sample's one.
    """
    weights, kept = [], 0.0
    for subset, rows in parts.items():
        weight = draws[subset] / len(rows)
        weights += [weight for row in rows if row.survived >= number]
        kept += sum(weight for row in rows if row.survived > number)
    total = sum(weights)
    if total == 0:
        return Yield(0.0, None)
    bounds = wilson(kept / total, effective_size(weights), total)
    return Yield(total, Interval(kept / total, *bounds))


def verified_rows(parts: Parts, draws: Mapping[str, int], stages: int) -> Interval:
    """Rows that all stages keep.

    The bounds of each subset's share are Wilson's; those of the sum are combined as variances
    are (the MOVER method, Zou and Donner 2008).
    """
    estimate = below = above = 0.0
    for subset, rows in parts.items():
        total = draws[subset]
        if total == 0:
            continue
        share = sum(row.survived == stages for row in rows) / len(rows)
        low, high = wilson(share, len(rows), total)
        estimate += total * share
        below += (total * (share - low)) ** 2
        above += (total * (high - share)) ** 2
    low, high = estimate - math.sqrt(below), estimate + math.sqrt(above)
    return Interval(estimate, max(low, 0.0), min(high, float(sum(draws.values()))))


def aim(parts: Parts, draws: Mapping[str, int], stages: int, target: Target | None) -> Aim:
    """Rows that the full run keeps, and how much of the questions it takes to get there."""
    found = verified_rows(parts, draws, stages)
    if target is None:
        return Aim(found, 1.0, ())
    cells: list[list[tuple[str, float, float]]] = [[], [], []]
    if target.rows is not None:
        cells[0].append(("rows", target.rows, found.estimate))
    for subset, wanted in target.per_subset.items():
        expected = _expected({subset: parts.get(subset, ())}, draws, stages, None)
        cells[1].append((f"per_subset.{subset}", wanted, expected))
    for level, wanted in target.per_difficulty.items():
        cells[2].append((f"per_difficulty.{level}", wanted, _expected(parts, draws, stages, level)))
    every = [cell for kind in cells for cell in kind]
    share = max((wanted / expected if expected else 1.0) for _, wanted, expected in every if wanted)
    filled = max(sum(min(wanted, expected) for _, wanted, expected in kind) for kind in cells)
    missing = tuple(
        f"{name}: {wanted:,.0f} wanted, about {expected:,.0f} expected of all draws"
        for name, wanted, expected in every
        if wanted > expected
    )
    rows = Interval(
        min(found.estimate, filled),
        None if found.low is None else min(found.low, filled),
        None if found.high is None else min(found.high, max(filled, *_wanted(cells))),
    )
    return Aim(rows, min(share, 1.0), missing)


def _wanted(cells: Sequence[Sequence[tuple[str, float, float]]]) -> list[float]:
    return [sum(wanted for _, wanted, _ in kind) for kind in cells]


def _expected(parts: Parts, draws: Mapping[str, int], stages: int, level: str | None) -> float:
    """Verified rows of a difficulty (any if None) in the full run."""
    return sum(
        draws[subset] / len(rows)
        for subset, rows in parts.items()
        for row in rows
        if row.survived == stages and level in {None, row.difficulty}
    )
