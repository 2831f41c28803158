"""Intervals of 95 %: shares by Wilson's score, totals by a seeded bootstrap. All pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

Z = 1.959964
"""Quantile of the normal distribution that 2.5 % lie above."""
REPLICATES = 2000
"""Resamples of a bootstrap; its 2.5 % quantile then wavers by a hundredth of the spread."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate, and the bounds that hold it in 95 % of all cases."""

    estimate: float
    low: float | None
    """None where the sample is too small to tell."""
    high: float | None

    def scaled(self, factor: float) -> "Interval":
        """The same of a quantity so many times as large."""
        bounds = (None if bound is None else bound * factor for bound in (self.low, self.high))
        return Interval(self.estimate * factor, *bounds)

    def as_dict(self, digits: int = 4) -> dict[str, float | None]:
        """For a script."""
        low, high = (None if b is None else round(b, digits) for b in (self.low, self.high))
        return {"estimate": round(self.estimate, digits), "low": low, "high": high}


def wilson(share: float, size: float, run: float = math.inf) -> tuple[float, float]:
    """Bounds of the share that a run will show, from the share seen in a sample.

    They are the shares that a score test would not tell from the sample's: Krishnamoorthy and
    Peng's prediction interval (2011), which for an endless run is Wilson's of 1927.

    Args:
        share: From 0 to 1.
        size: Of the sample; above 0. An effective size need not be a whole number.
        run: Size of the run; above 0.
    """
    own = 0.0 if math.isinf(run) else size / (size + run)
    other = 1 - own
    spread = Z**2 * (1 / size + (0.0 if math.isinf(run) else 1 / run))
    # (share - x)^2 = spread * pooled * (1 - pooled), pooled = own * share + other * x
    square = 1 + spread * other**2
    linear = -2 * share + spread * (2 * own * other * share - other)
    constant = share**2 + spread * own * share * (own * share - 1)
    root = math.sqrt(max(linear**2 - 4 * square * constant, 0.0))
    low, high = (-linear - root) / (2 * square), (-linear + root) / (2 * square)
    return max(low, 0.0), min(high, 1.0)


def effective_size(weights: Sequence[float]) -> float:
    """Size of the equally weighted sample that tells as much (Kish 1965)."""
    return sum(weights) ** 2 / sum(weight**2 for weight in weights)


def student(freedom: int) -> float:
    """Quantile of Student's t that 2.5 % lie above (Abramowitz and Stegun 26.7.5).

    Args:
        freedom: Degrees of freedom, from 1; within 1 % of the truth from 3.
    """
    terms = (
        Z,
        (Z**3 + Z) / 4,
        (5 * Z**5 + 16 * Z**3 + 3 * Z) / 96,
        (3 * Z**7 + 19 * Z**5 + 17 * Z**3 - 15 * Z) / 384,
    )
    return math.fsum(term / freedom**power for power, term in enumerate(terms))


def totals(
    strata: Sequence["tuple[np.ndarray, int]"], seed: int
) -> "tuple[np.ndarray, np.ndarray | None]":
    """Totals of several quantities over a full run, with resampled totals around them.

    Of each stratum, the sampled rows are resampled, and the full run's rows then drawn from the
    resample: the spread is that of the estimate and of the run itself. It is widened as Hesterberg
    (2015) proposes, since resampling small samples understates it.

    Args:
        strata: Of each part: an array of sampled rows by quantities, and the full run's rows.
        seed: Drives the resampling.

    Returns:
        The totals; and `REPLICATES` resampled ones, each never below 0, or None where a part of
        which more rows are to come has but one row.
    """
    import numpy as np

    generator = np.random.default_rng(seed)
    width = strata[0][0].shape[1]
    point, spread = np.zeros(width), np.zeros((REPLICATES, width))
    for sampled, rows in strata:
        point += sampled.mean(axis=0) * rows
    if any(len(sampled) < 2 for sampled, rows in strata if rows):
        return point, None
    for sampled, rows in strata:
        size = len(sampled)
        if rows == 0:
            continue
        expected = sampled.mean(axis=0) * rows
        shares = generator.multinomial(size, [1 / size] * size, REPLICATES) / size
        drawn = generator.multinomial(rows, shares)
        factor = math.sqrt(size / (size - 1)) * student(size - 1) / Z
        spread += (drawn @ sampled - expected) * factor
    return point, np.maximum(point + spread, 0.0)


def middle(estimate: float, resampled: "np.ndarray | None") -> Interval:
    """The estimate with the bounds of the middle 95 % of what was resampled."""
    if resampled is None:
        return Interval(estimate, None, None)
    import numpy as np

    low, high = np.quantile(resampled, (0.025, 0.975))
    return Interval(estimate, float(low), float(high))
