import pytest

CASES = [(3, 5, 15), (0, 9, 0)]

from solution import area


@pytest.mark.parametrize("width, height, expected", CASES)
def test_area(width, height, expected):
    assert area(width, height) == expected
