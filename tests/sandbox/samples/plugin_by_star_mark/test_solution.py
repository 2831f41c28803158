from solution import *


def test_rectangle():
    assert area(3, 5) == 15
