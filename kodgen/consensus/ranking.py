"""Mutual ranking: good solutions pass good tests, good tests pass good solutions.

After CodeDPO's self-validation (arXiv 2410.05605, section 3.2), with its damping and rounds:

    score(s) <- (1 - d) * score(s) + d * mean score of its tests, where 0 stands for a failed one
    score(t) <- (1 - d) * score(t) + d * mean score of its solutions, likewise

Means stand in place of sums, over what can be compared: so a missing result speaks neither way.
Tests that no solution passes are left out of them, or whoever is compared with wrong tests would
be the worse for it. Tests of one file share one weight, for they come from one idea of the task,
however many they are. And for a test, its own solution's word weighs `OWN`, for both come from one
completion and are wrong in the same way where it misread the task.

Scores are relative: where solutions fall into groups that can't be compared, as they chose other
names, the best of each group has 1.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kodgen.consensus.cell import Passed
from kodgen.consensus.matrix import Matrix

OWN = 0.5
"""Weight of a solution's word for its own trial's tests, that of any other being 1."""
_DIGITS = 6
"""Of scores as they are given: coarser than what the order of additions changes."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Between 0 and 1, in the matrix's order."""

    solutions: tuple[float, ...]
    tests: tuple[float, ...]


def rank(matrix: Matrix, damping: float, rounds: int) -> Scores:
    """Score solutions and tests by each other.

    Args:
        matrix: Results.
        damping: How much of a score is renewed in each round, between 0 and 1.
        rounds: How often.
    """
    authors, shares = matrix.authors(), matrix.shares()
    passable = [any(row[test] == 1 for row in matrix.passed) for test in range(len(matrix.tests))]
    groups = matrix.components()
    solutions = [1.0] * len(matrix.solutions)
    tests = [1.0] * len(matrix.tests)

    def of_solution(number: int) -> float:
        return _mean(
            (shares[test], tests[test], passed)
            for test, passed in enumerate(matrix.passed[number])
            if passable[test]
        )

    def of_test(number: int) -> float:
        return _mean(
            (OWN if authors[number] == solution else 1, score, matrix.passed[solution][number])
            for solution, score in enumerate(solutions)
        )

    for _ in range(rounds):
        renewed = [
            (1 - damping) * score + damping * of_solution(number)
            for number, score in enumerate(solutions)
        ]
        tests = [
            (1 - damping) * score + damping * of_test(number) for number, score in enumerate(tests)
        ]
        solutions = renewed
        for some_solutions, some_tests in groups:
            _to_one(solutions, some_solutions)
            _to_one(tests, some_tests)
    return Scores(_rounded(solutions), _rounded(tests))


def _mean(votes: Iterable[tuple[float, float, Passed]]) -> float:
    """Of the scores of what passed, by weight, over all that can be compared; 0 if nothing can."""
    told = [(weight, score * passed) for weight, score, passed in votes if passed is not None]
    whole = sum(weight for weight, _ in told)
    return sum(weight * score for weight, score in told) / whole if whole > 0 else 0.0


def _to_one(scores: list[float], group: Sequence[int]) -> None:
    """Scale a group's scores so that its best has 1."""
    best = max((scores[number] for number in group), default=0.0)
    if best > 0:
        for number in group:
            scores[number] /= best


def _rounded(scores: Sequence[float]) -> tuple[float, ...]:
    return tuple(round(score, _DIGITS) for score in scores)
