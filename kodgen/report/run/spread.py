"""How values spread: quantiles, and a histogram."""

from collections.abc import Sequence
from dataclasses import dataclass

BINS = 20


@dataclass(frozen=True, slots=True)
class Spread:
    """Of at least one value."""

    count: int
    mean: float
    p5: float
    p25: float
    p50: float
    p75: float
    p95: float
    max: float


@dataclass(frozen=True, slots=True)
class Bars:
    """A histogram: `counts` of equal bins from `low` to `high`; the last one holds `high` too."""

    low: float
    high: float
    counts: tuple[int, ...]
    spread: Spread


def spread(values: Sequence[float]) -> Spread | None:
    """Of values in any order; None of none."""
    if not values:
        return None
    ordered = sorted(values)
    return Spread(
        count=len(ordered),
        mean=sum(ordered) / len(ordered),
        p5=_quantile(ordered, 0.05),
        p25=_quantile(ordered, 0.25),
        p50=_quantile(ordered, 0.5),
        p75=_quantile(ordered, 0.75),
        p95=_quantile(ordered, 0.95),
        max=ordered[-1],
    )


def bars(values: Sequence[float], low: float, high: float, bins: int = BINS) -> Bars | None:
    """Values below `low` count in the first bin, above `high` in the last; None of no values."""
    told = spread(values)
    if told is None:
        return None
    counts = [0] * bins
    for value in values:
        at = int((value - low) / (high - low) * bins)
        counts[min(max(at, 0), bins - 1)] += 1
    return Bars(low, high, tuple(counts), told)


def _quantile(ordered: Sequence[float], share: float) -> float:
    """With linear interpolation between neighbours, as numpy's default."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
