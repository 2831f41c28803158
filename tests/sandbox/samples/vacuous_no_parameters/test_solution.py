import pytest

from solution import area


@pytest.mark.parametrize("width, height, expected", [])
def test_area(width, height, expected):
    assert area(width, height) == expected
