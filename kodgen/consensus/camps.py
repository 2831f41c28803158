"""Camps: solutions that no test tells apart."""

from collections.abc import Collection, Sequence

from kodgen.consensus.cell import Passed
from kodgen.consensus.matrix import Matrix


def camps_of(
    matrix: Matrix, order: Sequence[int], tests: Collection[int]
) -> tuple[tuple[int, ...], ...]:
    """Group solutions with the same results.

    A result that could not be had is like any other, which is not transitive: each solution joins
    the first camp that it agrees with all of, the best scored solutions first.

    Args:
        matrix: Results.
        order: All solutions, best first.
        tests: Tests that count.

    Returns:
        Camps of solutions in order of number, the largest camp first; those of one size in the
        order of their first solutions.
    """
    camps: list[list[int]] = []
    for solution in order:
        home = next(
            (
                camp
                for camp in camps
                if all(agree(matrix.passed[solution], matrix.passed[one], tests) for one in camp)
            ),
            None,
        )
        if home is None:
            camps.append([solution])
        else:
            home.append(solution)
    found = [tuple(sorted(camp)) for camp in camps]
    return tuple(sorted(found, key=lambda camp: (-len(camp), camp)))


def agree(one: Sequence[Passed], other: Sequence[Passed], tests: Collection[int]) -> bool:
    """Whether two solutions have the same results, where both have any."""
    return all(
        one[test] == other[test]
        for test in tests
        if one[test] is not None and other[test] is not None
    )
