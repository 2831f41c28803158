import pytest

from solution import area


def test_area():
    with pytest.raises(Exception):
        assert area("a", 5) == 15
        raise AssertionError
