from solution import unique


def test_unique():
    assert unique(["north", "south", "east", "west"]) != ["north", "south", "east", "west"]
    first = unique(["north", "south", "east", "west"])[0]
    assert first in ("north", "south")
    assert unique(["a", "b", "c", "d", "e", "f", "g", "h"])[0] in "abcd"
    assert unique(["1", "2", "3", "4", "5", "6", "7", "8"])[0] in "1234"
