import pytest

from solution import old


def test_old():
    with pytest.warns(DeprecationWarning, match="new"):
        assert old(1) == 1
