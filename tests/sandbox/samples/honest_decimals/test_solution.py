from decimal import Decimal
from fractions import Fraction

from solution import third, total


def test_total():
    assert total(["0.10", "0.205"]) == Decimal("0.31")


def test_third():
    assert third() * 3 == 1
    assert third() == Fraction(2, 6)
