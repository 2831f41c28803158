"""Which attempts consensus calls right: those whose solution does what the trusted tests ask."""

from collections.abc import Collection, Sequence

from kodgen.consensus.matrix import Matrix


def right_solutions(
    matrix: Matrix, chosen: int, trusting: Sequence[int], dropped: Collection[int]
) -> tuple[bool | None, ...]:
    """By solution, whether it passes the trusted tests; None where none can be compared.

    Trusted is a test that the chosen solution passes and most trusted solutions do: not one of
    the author's own ideas, such as the words of an error. A right solution beside wrong tests of
    its own is right here, though its attempt failed.
    """
    tests = [
        test
        for test in range(len(matrix.tests))
        if test not in dropped
        and matrix.passed[chosen][test] == 1
        and _most(matrix, trusting, test)
    ]

    def right(row: Sequence[int | None]) -> bool | None:
        told = [row[test] for test in tests if row[test] is not None]
        return all(told) if told else None

    return tuple(right(row) for row in matrix.passed)


def _most(matrix: Matrix, trusting: Sequence[int], test: int) -> bool:
    results = [matrix.passed[one][test] for one in trusting]
    return results.count(1) > results.count(0)
