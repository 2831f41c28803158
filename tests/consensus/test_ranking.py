"""Mutual ranking of solutions and tests."""

import pytest

from kodgen.consensus.ranking import rank
from tests.consensus.matrices import drawn

DAMPING, ROUNDS = 0.85, 10


def test_the_majority_of_self_consistent_trials_scores_best():
    scores = rank(drawn("11 11 00", "11 11 00", "00 00 11"), DAMPING, ROUNDS)
    assert scores.solutions[:2] == (1, 1)
    assert scores.solutions[2] < 0.1
    assert scores.tests[0] == 1
    assert scores.tests[4] < 0.1


def test_many_tests_of_one_trial_do_not_outweigh_two_trials():
    scores = rank(drawn("1 1 0000000000", "1 1 0000000000", "0 0 1111111111"), DAMPING, ROUNDS)
    assert scores.solutions[2] < 0.1


def test_the_same_results_have_the_same_score_whosesoever_tests_they_fail():
    scores = rank(drawn("11 10 0", "11 10 0", "11 10 0"), DAMPING, ROUNDS)
    assert scores.solutions == (1, 1, 1)


def test_one_that_could_not_be_compared_is_no_better_and_no_worse_for_it():
    scores = rank(drawn("1 1 1", "1 1 -", "1 1 1"), DAMPING, ROUNDS)
    assert scores.solutions == pytest.approx((1, 1, 1), abs=1e-5)
    apart = rank(drawn("11 0 -", "11 0 -", "-- - 1"), DAMPING, ROUNDS)
    assert apart.solutions == (1, 1, 1)


def test_an_author_alone_is_a_weaker_witness_than_another():
    own, other = rank(drawn("1 1", "0 1"), DAMPING, 1), rank(drawn("1 0", "1 1"), DAMPING, 1)
    assert own.tests[0] < other.tests[0]


def test_nothing_passes_at_all():
    scores = rank(drawn("0 0", "0 0"), DAMPING, ROUNDS)
    assert set(scores.tests) == {0} or max(scores.tests) <= 1
    assert all(0 <= score <= 1 for score in scores.solutions)
