import pytest

from solution import *


def test_circumference():
    assert circumference(Circle(1)) == pytest.approx(6.283185307)
