from solution import mean


def test_mean():
    assert abs(mean([1.0, 2.0]) - 1.5) < 1e-9


def test_rounded():
    assert round(mean([1.0, 2.0]), 2) == 1.5
