"""Intervals: known values, and that they hold what they promise."""

import numpy as np
import pytest

from kodgen.engine.forecast import intervals
from kodgen.engine.forecast.intervals import (
    Interval,
    effective_size,
    middle,
    student,
    totals,
    wilson,
)


@pytest.mark.parametrize(
    ("share", "size", "low", "high"),
    [
        # Brown, Cai and DasGupta's formula, computed by hand for these.
        (0.0, 20, 0.0, 0.1611),
        (1.0, 20, 0.8389, 1.0),
        (0.5, 20, 0.2993, 0.7007),
        (0.9, 100, 0.8256, 0.9448),
    ],
)
def test_wilson(share, size, low, high):
    assert wilson(share, size) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(("freedom", "value"), [(3, 3.182), (5, 2.571), (19, 2.093), (10**6, 1.96)])
def test_student(freedom, value):
    assert student(freedom) == pytest.approx(value, rel=0.01)


def test_sizes():
    assert effective_size([1] * 7) == 7
    assert effective_size([3, 3]) == 2
    assert effective_size([10, 1, 1]) < 2


def test_totals_are_seeded_and_unbiased():
    strata = [(np.array([[1.0, 10.0], [3.0, 30.0]]), 10), (np.array([[5.0, 0.0]]), 0)]
    point, spread = totals(strata, seed=1)
    assert point.tolist() == [20, 200]
    assert np.array_equal(spread, totals(strata, seed=1)[1])
    assert not np.array_equal(spread, totals(strata, seed=2)[1])
    assert spread[:, 1] == pytest.approx(10 * spread[:, 0])
    assert spread.min() >= 0


def test_one_row_tells_no_spread():
    point, spread = totals([(np.array([[2.0]]), 5), (np.array([[1.0], [2.0]]), 10)], seed=0)
    assert point.tolist() == [25]
    assert spread is None
    assert middle(25.0, None) == Interval(25.0, None, None)
    assert Interval(1, None, 2).scaled(3) == Interval(3, None, 6)


def test_totals_hold_what_the_full_run_shows(monkeypatch):
    """Attempts until a question is decided: skewed, with a hard tail, in two unequal subsets."""
    monkeypatch.setattr(intervals, "REPLICATES", 400)
    generator = np.random.default_rng(7)
    attempts = np.array([3, 5, 10])
    tokens = lambda made: made * generator.lognormal(6, 0.6, len(made))  # noqa: E731
    held = []
    for _ in range(300):
        strata, truth = [], 0.0
        for rows, shares in ((400, (0.7, 0.2, 0.1)), (100, (0.3, 0.3, 0.4))):
            drawn = generator.choice(attempts, 20 + rows, p=shares)
            cost = tokens(drawn)
            strata.append((cost[:20, None], rows))
            truth += cost[20:].sum()
        point, spread = totals(strata, seed=0)
        interval = middle(float(point[0]), spread[:, 0])
        held.append(interval.low <= truth <= interval.high)
    assert np.mean(held) >= 0.9


def test_shares_hold_what_the_full_run_shows():
    generator = np.random.default_rng(3)
    for share in (0.5, 0.9, 0.98):
        held = []
        for _ in range(300):
            low, high = wilson(generator.binomial(20, share) / 20, 20, 60)
            held.append(low <= generator.binomial(60, share) / 60 <= high)
        assert np.mean(held) >= 0.93
