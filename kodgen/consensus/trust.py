"""Which solutions are trusted, and which tests have all of them against them."""

from collections.abc import Sequence

from kodgen.consensus.matrix import Matrix
from kodgen.consensus.ranking import Scores

TRUSTED = 0.8
"""Least score of a trusted solution, the best having 1."""
_AGAINST_OWN = 2
"""Trusted solutions it takes against a test that its own solution passes: one against one is no
majority."""


def trusted(scores: Scores) -> tuple[int, ...]:
    """Solutions that other trials' tests think nearly as well of as of the best."""
    return tuple(number for number, score in enumerate(scores.solutions) if score >= TRUSTED)


def dropped(matrix: Matrix, trusting: Sequence[int]) -> frozenset[int]:
    """Tests that every trusted solution of another trial fails.

    That its own solution passes says little of a test, as both come from one completion; but then
    it takes two others against it.
    """
    found = set()
    for test, author in enumerate(matrix.authors()):
        said = [matrix.passed[one][test] for one in trusting if one != author]
        against, support = said.count(0), said.count(1)
        own = matrix.passed[author][test] if author is not None else None
        if not support and against >= (_AGAINST_OWN if own == 1 else 1):
            found.add(test)
    return frozenset(found)


def discrimination(matrix: Matrix, scores: Scores) -> tuple[float | None, ...]:
    """By test: mean score of solutions that pass it less that of those that fail it.

    None where none passes it, or none fails it.
    """

    def of(test: int) -> float | None:
        by_result: dict[int, list[float]] = {0: [], 1: []}
        for row, score in zip(matrix.passed, scores.solutions, strict=True):
            passed = row[test]
            if passed is not None:
                by_result[passed].append(score)
        passing, failing = by_result[1], by_result[0]
        if not passing or not failing:
            return None
        return round(sum(passing) / len(passing) - sum(failing) / len(failing), 6)

    return tuple(of(test) for test in range(len(matrix.tests)))
