"""Results lined up."""

import pytest

from kodgen.consensus.cell import Cell
from kodgen.consensus.matrix import assemble
from tests.consensus.matrices import drawn


def test_tests_that_only_other_runs_report_are_known_too():
    cells = {
        ("a", "a"): Cell({"test_1": 1}, 0),  # cut short after its first test
        ("b", "a"): Cell({"test_1": 1, "test_2": 1}),
    }
    matrix = assemble(["a", "b"], ["a"], cells)
    assert [test.name for test in matrix.tests] == ["test_1", "test_2"]
    assert matrix.passed == ((1, 0), (1, 1))


def test_tests_of_one_file_share_a_weight():
    assert drawn("1 1111", "1 1111").shares() == pytest.approx((1, 0.25, 0.25, 0.25, 0.25))


def test_groups_that_are_not_compared_with_each_other():
    matrix = drawn("11 - 1", "-- 1 -", "1- - 1")
    assert matrix.components() == (((1,), (2,)), ((0, 2), (0, 1, 3)))
