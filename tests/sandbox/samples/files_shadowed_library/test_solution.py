from solution import area


def test_rectangle():
    import statistics

    assert statistics.mean([1, 3]) == 2
    assert area(3, 5) == 15
