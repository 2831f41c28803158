import math

from solution import mean


def test_mean():
    assert math.isclose(mean([1.0, 2.0]), 1.5)
