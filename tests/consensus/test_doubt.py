"""What speaks against a chosen solution."""

from kodgen.consensus.doubt import claims_against
from tests.consensus.matrices import drawn


def claimed(matrix, chosen, passing, dropped=()):
    return [claim.test for claim in claims_against(matrix, chosen, passing, dropped)]


def test_two_passing_trials_that_contradict_each_other():
    (claim,) = claims_against(drawn("1 0", "0 1"), 0, [0, 1], ())
    assert (claim.test, claim.supported, claim.opposed) == (1, (1,), (0,))


def test_a_majority_against_the_chosen_one():
    assert claimed(drawn("1 0 0", "0 1 1", "0 1 1"), 0, [0, 1, 2]) == [1, 2]


def test_a_majority_for_the_chosen_one():
    assert claimed(drawn("1 1 0", "1 1 0", "0 0 1"), 0, [0, 1, 2]) == []


def test_three_that_are_all_of_another_opinion_have_no_majority():
    assert claimed(drawn("1 0 0", "0 1 0", "0 0 1"), 0, [0, 1, 2]) == [1, 2]


def test_a_third_trial_whose_tests_side_with_the_chosen_one_is_against_its_rival():
    # The third solution fails everything, its own test too; but the chosen one passes it.
    assert claimed(drawn("1 0 1", "0 1 0", "0 0 0"), 0, [0, 1]) == []
    assert claimed(drawn("1 0 0", "0 1 0", "0 0 0"), 0, [0, 1]) == [1]
    assert claimed(drawn("1 0 0", "0 1 1", "0 0 0"), 0, [0, 1]) == [1]


def test_a_trial_that_failed_is_a_witness_for_the_tests_that_it_passes():
    assert claimed(drawn("1 00", "0 10"), 0, [0]) == [1]
    assert claimed(drawn("1 00 1", "0 10 0", "1 00 1"), 0, [0, 2]) == []


def test_tests_that_fail_their_own_solution_are_no_witnesses():
    assert claimed(drawn("1 0", "0 0"), 0, [0]) == []


def test_solutions_that_fail_the_chosen_ones_tests_alone_do_not_contradict_it():
    assert claimed(drawn("11 1", "10 1"), 0, [0, 1]) == []


def test_dropped_tests_do_not_count():
    assert claimed(drawn("1 0", "0 1"), 0, [0, 1], {1}) == []
