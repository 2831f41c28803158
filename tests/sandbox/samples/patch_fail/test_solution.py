import pytest

from solution import parse_age


def test_negative():
    try:
        parse_age("-1")
    except ValueError:
        return
    pytest.fail("a negative age was accepted")
