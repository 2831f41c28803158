"""Whether other trials contradict a chosen solution, and on which tests."""

from collections.abc import Collection
from dataclasses import dataclass

from kodgen.consensus.matrix import Matrix


@dataclass(frozen=True, slots=True)
class Claim:
    """A test that a chosen solution fails though nothing shows the test wrong."""

    test: int
    supported: tuple[int, ...]
    """Solutions that pass it, its own among them."""
    opposed: tuple[int, ...]
    """Solutions that fail it, the chosen one among them."""


def claims_against(matrix: Matrix, chosen: int, dropped: Collection[int]) -> tuple[Claim, ...]:
    """Other trials' tests that a chosen solution fails, and that no majority is against.

    A test counts if its own solution passes it, so that a completion stands by it with both its
    halves; a trial whose own tests fail it is no witness for them. And as many solutions have to
    pass as fail it: where most agree with the chosen one, the witness is taken to be wrong.

    Args:
        matrix: Results.
        chosen: The solution.
        dropped: Tests that count no more.
    """
    found = []
    for test, author in enumerate(matrix.authors()):
        if test in dropped or author is None or matrix.passed[chosen][test] != 0:
            continue
        results = [row[test] for row in matrix.passed]
        supported = tuple(one for one, passed in enumerate(results) if passed == 1)
        opposed = tuple(one for one, passed in enumerate(results) if passed == 0)
        if author in supported and len(supported) >= len(opposed):
            found.append(Claim(test, supported, opposed))
    return tuple(found)
