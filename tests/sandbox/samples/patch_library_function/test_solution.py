import statistics

from solution import median


def test_median():
    for values in ([1, 2, 3], [4, 9], [7]):
        assert median(values) == statistics.median(values)
