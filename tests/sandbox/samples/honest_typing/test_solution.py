from solution import Box, longest


def test_box():
    assert Box(3).map(lambda v: v + 1).value == 4


def test_longest():
    assert longest(["a", "ccc", "bb"]) == "ccc"
