from solution import lengths


def test_lengths():
    assert lengths(["a", "bb", "ccc"] * 100) == [1, 2, 3] * 100
