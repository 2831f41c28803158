from solution import estimate


def test_bounds():
    assert 3.14 <= estimate(1000) <= 3.15
