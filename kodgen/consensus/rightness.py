"""Which attempts consensus calls right: those whose solution does what the trusted tests ask."""

from collections.abc import Collection

from kodgen.consensus.matrix import Matrix


def right_solutions(
    matrix: Matrix, chosen: int, dropped: Collection[int]
) -> tuple[bool | None, ...]:
    """By solution, whether it passes the trusted tests; None where none can be compared.

    Trusted is a test that the chosen solution passes, and its own solution too: one that its own
    trial fails may ask for what nobody else thought of. So a right solution beside wrong tests of
    its own is right here, though its attempt failed.

    Args:
        matrix: Results.
        chosen: The solution that is taken to be right.
        dropped: Tests that count no more.
    """
    trusted = [
        test
        for test, author in enumerate(matrix.authors())
        if test not in dropped
        and author is not None
        and matrix.passed[chosen][test] == 1
        and matrix.passed[author][test] == 1
    ]

    def right(row: tuple[int | None, ...]) -> bool | None:
        told = [row[test] for test in trusted if row[test] is not None]
        return all(told) if told else None

    return tuple(right(row) for row in matrix.passed)
