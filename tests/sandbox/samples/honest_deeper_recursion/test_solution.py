from solution import depth


def test_depth():
    assert depth(15_000) == 15_000
