"""Orders passing trials by what all trials agree on."""

from collections.abc import Collection, Mapping, Sequence

from kodgen.consensus.camps import agree
from kodgen.consensus.matrix import Matrix
from kodgen.consensus.ranking import Scores
from kodgen.records import Trial

_DIGITS = 2
"""Of scores as they are compared: one test of many that a solution fails is below it."""


def by_consensus(
    passing: Sequence[Trial],
    matrix: Matrix,
    scores: Scores,
    dropped: Collection[int],
) -> tuple[Trial, ...]:
    """Passing trials that were compared, the best first.

    By score, then by how many solutions agree with it where both can be compared, then by
    coverage (KodCode, section 2.2; one that was not measured comes last), then the earliest.
    """
    at: Mapping[str, int] = {trial: number for number, trial in enumerate(matrix.solutions)}
    tests = [test for test in range(len(matrix.tests)) if test not in dropped]

    def company(solution: int) -> int:
        row = matrix.passed[solution]
        return sum(
            agree(row, other, tests) and any(row[test] == other[test] == 1 for test in tests)
            for other in matrix.passed
        )

    def key(trial: Trial) -> tuple[float, int, bool, float, int]:
        solution, coverage = at[trial.id], trial.verdict.coverage
        return (
            -round(scores.solutions[solution], _DIGITS),
            -company(solution),
            coverage is None,
            -(coverage or 0.0),
            trial.attempt,
        )

    return tuple(sorted((trial for trial in passing if trial.id in at), key=key))
