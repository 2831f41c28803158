import pytest

from solution import parse_age


def test_negative():
    with pytest.raises(ValueError):
        parse_age("-1")
