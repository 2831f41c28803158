from solution import initials


def test_two_words():
    assert initials("ada lovelace") == "AL"


def test_nothing():
    assert initials("") == ""
