"""Orders passing trials by what all trials agree on."""

from collections.abc import Mapping, Sequence

from kodgen.consensus.matrix import Matrix
from kodgen.consensus.ranking import Scores
from kodgen.records import Trial

_DIGITS = 2
"""Of scores as they are compared: one test of many that a solution fails is below it."""


def by_consensus(
    passing: Sequence[Trial],
    matrix: Matrix,
    scores: Scores,
    camps: Sequence[Sequence[int]],
) -> tuple[Trial, ...]:
    """Passing trials that were compared, the best first.

    By score, then by how many solutions do the same, then by coverage (KodCode, section 2.2; one
    that was not measured comes last), then the earliest.
    """
    at: Mapping[str, int] = {trial: number for number, trial in enumerate(matrix.solutions)}
    company = {one: len(camp) for camp in camps for one in camp}

    def key(trial: Trial) -> tuple[float, int, bool, float, int]:
        solution, coverage = at[trial.id], trial.verdict.coverage
        return (
            -round(scores.solutions[solution], _DIGITS),
            -company[solution],
            coverage is None,
            -(coverage or 0.0),
            trial.attempt,
        )

    return tuple(sorted((trial for trial in passing if trial.id in at), key=key))
