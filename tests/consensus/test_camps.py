"""Solutions that no test tells apart."""

from kodgen.consensus.camps import camps_of
from tests.consensus.matrices import drawn


def test_the_largest_comes_first():
    matrix = drawn("1 0 0", "0 1 1", "0 1 1")
    assert camps_of(matrix, [0, 1, 2], range(3)) == ((1, 2), (0,))


def test_only_tests_that_count_divide():
    matrix = drawn("1 0 0", "0 1 1", "0 1 1")
    assert camps_of(matrix, [0, 1, 2], []) == ((0, 1, 2),)


def test_who_agrees_with_two_camps_joins_the_better():
    matrix = drawn("1 0", "0 1", "- -")
    assert camps_of(matrix, [1, 0, 2], range(2)) == ((1, 2), (0,))
