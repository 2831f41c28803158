import pytest

from solution import TooSmall, root


def test_negative():
    with pytest.raises(TooSmall):
        root(-1)
