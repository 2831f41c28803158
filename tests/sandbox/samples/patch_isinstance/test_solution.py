from solution import initials


def test_initials():
    assert isinstance(initials("ada lovelace"), str)
