from solution import Account


def test_first():
    assert Account.deposit(10) == 10


def test_second():
    assert Account.deposit(5) == 15
