import pytest

from solution import withdraw


def test_too_much():
    try:
        withdraw(1, 2)
        assert False, "expected an exception"
    except ValueError as error:
        assert str(error) == "not enough"


def test_fail():
    if withdraw(3, 2) != 1:
        pytest.fail("wrong balance")
