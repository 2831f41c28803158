from solution import Fraction


def test_equal():
    assert Fraction(1, 2) == Fraction(2, 4)
    assert Fraction(1, 2) != Fraction(1, 3)


def test_sum():
    assert Fraction(1, 2) + Fraction(1, 2) == 1
