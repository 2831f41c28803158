"""Quantiles and histograms."""

import statistics

from kodgen.report.run.spread import bars, spread


def test_quantiles_are_those_of_the_standard_library():
    values = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5]
    told = spread(values)
    quartiles = statistics.quantiles(values, n=4, method="inclusive")
    assert [told.p25, told.p50, told.p75] == quartiles
    assert (told.count, told.max, told.mean) == (11, 9, 4.0)


def test_of_nothing_there_is_none():
    assert spread([]) is None
    assert bars([], 0, 1) is None


def test_every_value_is_in_one_bin():
    one = bars([-0.1, 0.0, 0.05, 0.5, 0.999, 1.0, 1.7], 0.0, 1.0, 10)
    assert one.counts == (3, 0, 0, 0, 0, 1, 0, 0, 0, 3)
    assert one.spread.max == 1.7
