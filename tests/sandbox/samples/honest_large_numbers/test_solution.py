import math

from solution import digits


def test_digits():
    assert digits(1000) == 2568


def test_large():
    assert math.factorial(5000) % 10**9 == 0
