from solution import unique


def test_unique():
    words = ["plum", "fig", "pear", "quince", "apple", "cherry"]
    assert unique(words) == ORDER


ORDER = ["apple", "fig", "cherry", "pear", "plum", "quince"]
