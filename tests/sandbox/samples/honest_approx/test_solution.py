import pytest

from solution import mean


def test_mean():
    assert mean([1.0, 2.0]) == pytest.approx(1.5)


def test_single():
    assert mean([4.0]) == pytest.approx(4.0)
