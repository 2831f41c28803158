"""Trusted solutions, dropped tests, discrimination."""

from kodgen.consensus.ranking import Scores, rank
from kodgen.consensus.trust import discrimination, dropped, trusted
from tests.consensus.matrices import drawn


def gone(matrix):
    found = dropped(matrix, trusted(rank(matrix, 0.85, 10)))
    return {(matrix.tests[test].trial, matrix.tests[test].name) for test in found}


def test_a_wrong_test_that_every_solution_fails_is_dropped():
    assert gone(drawn("111 10", "111 10")) == {("1", "test_1")}


def test_a_test_that_only_its_own_solution_passes_falls_to_two_others():
    assert gone(drawn("1111 11 11", "1110 11 11", "1110 11 11")) == {("0", "test_3")}


def test_one_against_one_is_no_majority():
    assert gone(drawn("111 11", "110 11")) == set()


def test_solutions_that_are_not_trusted_have_no_say():
    # Two that fail even their own tests do not overthrow the third's.
    assert gone(drawn("11 0 0", "01 0 0", "00 0 0")) == {("1", "test_0"), ("2", "test_0")}


def test_discrimination_is_what_a_pass_tells_of_the_score():
    matrix = drawn("11 1", "01 1")
    scores = Scores((1.0, 0.25), (1.0, 1.0, 1.0))
    assert discrimination(matrix, scores) == (0.75, None, None)
