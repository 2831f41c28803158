"""Attempts that are right, whatever their own tests say."""

from kodgen.consensus.rightness import right_solutions
from tests.consensus.matrices import drawn


def test_a_right_solution_with_a_wrong_test_of_its_own_is_right():
    matrix = drawn("11 10", "11 10")
    assert right_solutions(matrix, 0, {3}) == (True, True)


def test_a_solution_that_fails_the_chosen_ones_tests_is_wrong():
    assert right_solutions(drawn("11 1", "10 1"), 0, ()) == (True, False)


def test_what_a_failed_trial_asks_for_beside_the_point_makes_nobody_wrong():
    # The second trial's test is passed by the chosen solution, but not by its own.
    assert right_solutions(drawn("1 1 1", "1 0 1", "1 0 1"), 0, ()) == (True, True, True)


def test_what_can_not_be_compared_is_not_called_wrong():
    assert right_solutions(drawn("1 -", "- 1"), 0, ()) == (True, None)
