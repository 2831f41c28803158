"""All that a matrix says of a question, up to the choice of a trial."""

from collections.abc import Sequence
from dataclasses import dataclass

from kodgen.consensus.camps import camps_of
from kodgen.consensus.choosing import by_consensus
from kodgen.consensus.doubt import Claim, claims_against
from kodgen.consensus.matrix import Matrix
from kodgen.consensus.ranking import Scores, rank
from kodgen.consensus.rightness import right_solutions
from kodgen.consensus.trust import discrimination, dropped, trusted
from kodgen.records import CheckedSolution, CheckedTest, Crosscheck, Trial
from kodgen.sandbox.testfile import function_of


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known of a question's trials."""

    matrix: Matrix
    scores: Scores
    trusted: tuple[int, ...]
    dropped: frozenset[int]
    camps: tuple[tuple[int, ...], ...]
    preferred: tuple[Trial, ...]
    """Passing trials, the best first."""

    def at(self, trial: str) -> int:
        """Number of a trial's solution."""
        return self.matrix.solutions.index(trial)

    def dropped_functions(self, trial: str) -> frozenset[str]:
        """Test functions of a trial that are dropped with all their cases."""
        kept: set[str] = set()
        gone: set[str] = set()
        for number, test in enumerate(self.matrix.tests):
            if test.trial == trial:
                (gone if number in self.dropped else kept).add(function_of(test.name))
        return frozenset(gone - kept)

    def claims_against(self, trial: str) -> tuple[Claim, ...]:
        """What speaks against a trial's solution."""
        passing = [self.at(one.id) for one in self.preferred]
        return claims_against(self.matrix, self.at(trial), passing, self.dropped)

    def right(self, trial: str) -> dict[str, bool | None]:
        """By trial, whether its solution is right if the given one is."""
        said = right_solutions(self.matrix, self.at(trial), self.dropped)
        return dict(zip(self.matrix.solutions, said, strict=True))

    def record(self) -> Crosscheck:
        """As it is kept with the triplet."""
        telling = discrimination(self.matrix, self.scores)
        return Crosscheck(
            solutions=tuple(
                CheckedSolution(trial=trial, score=score, passed=passed)
                for trial, score, passed in zip(
                    self.matrix.solutions, self.scores.solutions, self.matrix.passed, strict=True
                )
            ),
            tests=tuple(
                CheckedTest(
                    trial=test.trial,
                    name=test.name,
                    score=self.scores.tests[number],
                    discrimination=telling[number],
                    dropped=number in self.dropped,
                )
                for number, test in enumerate(self.matrix.tests)
            ),
            camps=len(self.camps),
        )


def find(trials: Sequence[Trial], matrix: Matrix, damping: float, rounds: int) -> Finding:
    """Conclude from a matrix.

    Args:
        trials: All trials of the question.
        matrix: Results of those that were compared.
        damping: Of the mutual ranking.
        rounds: Of the mutual ranking.
    """
    scores = rank(matrix, damping, rounds)
    trusting = trusted(scores)
    gone = dropped(matrix, trusting)
    order = sorted(range(len(matrix.solutions)), key=lambda one: (-scores.solutions[one], one))
    camps = camps_of(matrix, order, [n for n in range(len(matrix.tests)) if n not in gone])
    passing = [trial for trial in trials if trial.verdict.passed]
    preferred = by_consensus(passing, matrix, scores, gone)
    return Finding(matrix, scores, trusting, gone, camps, preferred)
