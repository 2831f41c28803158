"""Attempt budgets, difficulty labels and the chosen trial."""

import itertools

import pytest

from kodgen.records import Verdict
from kodgen.stages.attempts import (
    Policy,
    attempts_possible,
    attempts_wanted,
    chosen_trial,
    difficulty,
)
from tests import specimens

POLICY = Policy(probe=3, easy=3, medium=5, hard=10)


@pytest.mark.parametrize(
    ("passed", "made", "label"),
    [
        (3, 3, "easy"),
        (2, 3, "easy"),  # exactly 2/3 is easy in KodCode's released labels
        (1, 3, "medium"),  # exactly 1/3
        (0, 3, "hard"),
        (3, 10, "hard"),
        (4, 10, "medium"),
        (4, 6, "easy"),
        (665, 998, "medium"),
    ],
)
def test_difficulty_follows_the_released_labels(passed, made, label):
    assert difficulty(passed, made) == label


def test_difficulty_of_nothing_is_an_error():
    with pytest.raises(ValueError, match="no attempt"):
        difficulty(0, 0)


@pytest.mark.parametrize(
    ("sequence", "wanted"),
    [
        ((), 3),
        ((0,), 3),
        ((1, 1, 1), 3),  # easy: decided
        ((1, 0, 0), 5),  # medium: no fourth result could end it
        ((1, 0, 0, 0), 5),
        ((1, 0, 0, 0, 0), 6),  # 1/5 fell below a third: hard
        ((0, 0, 0), 5),  # hard, but two passes would end it as medium at 5
        ((0, 0, 0, 1, 1), 5),  # 2/5 is medium, and 5 is its budget
        ((0,) * 10, 10),
    ],
)
def test_wanted_attempts(sequence, wanted):
    assert attempts_wanted(sequence, POLICY) == wanted


@pytest.mark.parametrize(
    ("results", "wanted", "possible"),
    [
        ((), 3, 10),
        ((None, 1, 1), 3, 3),  # whatever the first says, it is easy
        ((0, 0), 5, 10),  # not easy any more, so a fourth is certain before the third is known
        ((0, None, 0), 5, 10),
        ((1, 0, 0, None, 0), 5, 10),
        ((0, 0, 0, 1, 1, 1, 1), 5, 5),  # decided at 5, whatever was tried ahead
        ((0, 0, 0, 0, 0, None, 0), 9, 10),  # 3 of 9 is medium
    ],
)
def test_wanted_and_possible_attempts_of_some_results(results, wanted, possible):
    assert attempts_wanted(results, POLICY) == wanted
    assert attempts_possible(results, POLICY) == possible


def one_by_one(results):
    made = 1
    while made < POLICY.total(sum(results[:made]), made):
        made += 1
    return made


def test_what_is_wanted_and_possible_are_the_bounds_of_what_a_one_by_one_run_makes():
    everything = list(itertools.product((0, 1), repeat=10))
    for known in itertools.product((0, 1, None), repeat=5):
        ends = [
            one_by_one(results)
            for results in everything
            if all(k is None or k == r for k, r in zip(known, results, strict=False))
        ]
        assert attempts_wanted(known, POLICY) == min(ends), known
        assert attempts_possible(known, POLICY) == max(ends), known


def test_no_attempt_is_launched_that_a_one_by_one_run_would_not_make():
    for results in itertools.product((0, 1), repeat=10):
        made = 0
        while (wanted := attempts_wanted(results[:made], POLICY)) > made:
            made = wanted
        assert made == one_by_one(results), results


def test_budgets_end_every_question():
    for results in itertools.product((0, 1), repeat=10):
        made = 0
        while (wanted := attempts_wanted(results[:made], POLICY)) > made:
            made = wanted
        assert POLICY.probe <= made <= POLICY.hard


def trial(attempt, outcome, coverage):
    said = Verdict(outcome=outcome, reason="", coverage=coverage, isolation="namespaces")
    return specimens.trial("q", attempt, verdict=said)


def test_chosen_trial_is_the_passing_one_with_most_coverage_and_the_earliest_of_equals():
    trials = [
        trial(0, "failed", 100.0),
        trial(1, "passed", 80.0),
        trial(2, "passed", 95.0),
        trial(3, "passed", 95.0),
        trial(4, "passed", None),
    ]
    chosen = chosen_trial(trials)
    assert chosen is not None
    assert chosen.attempt == 2


def test_unmeasured_coverage_is_chosen_only_alone():
    assert chosen_trial([trial(0, "passed", None), trial(1, "passed", 0.0)]).attempt == 1
    assert chosen_trial([trial(0, "passed", None)]).attempt == 0


def test_nothing_passing_chooses_nothing():
    assert chosen_trial([trial(0, "failed", 100.0), trial(1, "timeout", None)]) is None
