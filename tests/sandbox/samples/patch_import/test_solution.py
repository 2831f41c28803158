from solution import third

from fractions import Fraction


def test_third():
    assert third() == Fraction(1, 3)
