"""pass@k by the formula, and by attempts whose number depends on what they say."""

import random
from collections import Counter
from itertools import combinations, product

import pytest

from kodgen.report.run.passing import Bracket, brackets, pass_at_k


@pytest.mark.parametrize(("made", "passed", "k"), [(3, 1, 1), (5, 2, 3), (10, 4, 5), (10, 0, 10)])
def test_it_is_the_share_of_choices_that_hold_a_pass(made, passed, k):
    attempts = [1] * passed + [0] * (made - passed)
    chosen = [any(one) for one in combinations(attempts, k)]
    assert pass_at_k(made, passed, k) == pytest.approx(sum(chosen) / len(chosen))


def test_more_attempts_than_there_are_is_an_error():
    with pytest.raises(ValueError, match="needs 5 attempts, there are 3"):
        pass_at_k(3, 1, 5)


def test_what_is_not_known_lies_between_two_bounds():
    found = brackets({(1, 1, 1): 2, (0, 0, 0, 0, 1): 1, (0, 0, 0): 1}, 3)
    assert found[1] == Bracket(0.5, 0.5)
    # Passes within three attempts are passes within five; the last question might yet pass.
    assert found[5] == Bracket(0.75, 1.0)
    assert found[10] == Bracket(0.75, 1.0)
    assert brackets({}, 3) == {}


def stopped(chance, rng, probe=3, most=10):
    """Attempts that end as soon as most passed, as a run's do."""
    said = [int(rng.random() < chance) for _ in range(probe)]
    while len(said) < most and 3 * sum(said) < 2 * len(said):
        said.append(int(rng.random() < chance))
    return tuple(said)


@pytest.mark.parametrize("chance", [0.2, 0.6])
def test_it_has_no_bias_where_the_number_of_attempts_depends_on_them(chance):
    rng = random.Random(1)
    found = brackets(Counter(stopped(chance, rng) for _ in range(20_000)), 3)
    for k, value in found.items():
        truth = 1 - (1 - chance) ** k
        assert value.low == value.high, "ten attempts, or a pass: all is known"
        assert value.low == pytest.approx(truth, abs=0.015)


def test_exactly_for_two_attempts():
    """Over all ways that three attempts can go, each with its chance."""
    chance, told = 0.3, 0.0
    for attempts in product((0, 1), repeat=3):
        weight = chance ** sum(attempts) * (1 - chance) ** (3 - sum(attempts))
        told += weight * brackets({attempts: 1}, 3, [2])[2].low
    assert told == pytest.approx(1 - 0.7**2)
