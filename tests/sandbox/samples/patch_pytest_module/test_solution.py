from solution import mean, parse_age

import pytest


def test_negative():
    with pytest.raises(ValueError):
        parse_age("-1")


def test_mean():
    assert mean([1.0, 2.0]) == pytest.approx(1.5)
