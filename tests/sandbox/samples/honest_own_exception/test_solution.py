import pytest

from solution import Account, Overdrawn


def test_withdraw():
    assert Account(10).withdraw(4) == 6


def test_overdrawn():
    with pytest.raises(Overdrawn) as caught:
        Account(1).withdraw(4)
    assert caught.value.missing == 3
