import pytest

from solution import endless, safe


def test_safe():
    assert safe(0) == -1


def test_endless():
    with pytest.raises(RecursionError):
        endless(0)
