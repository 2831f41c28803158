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


def claims_against(
    matrix: Matrix, chosen: int, passing: Collection[int], dropped: Collection[int]
) -> tuple[Claim, ...]:
    """Other trials' tests that a chosen solution fails, and that no majority is against.

    A test counts if its own solution passes it, so that a completion stands by it with both its
    halves; where a trial's own solution fails it, that trial is no witness. Solutions that pass it
    are for it. Against it are, if its trial passed, those that fail it and stand by the chosen one:
    that pass what the chosen trial tests, or whose own tests the chosen one passes more of than
    that trial's solution does. That another one fails it does not make the chosen one right by
    itself, as two solutions may be wrong in two ways. If its trial did not pass, and so was wrong
    somewhere, all that fail it are against it. It takes more against than for it to clear the
    chosen one.

    Args:
        matrix: Results.
        chosen: The solution.
        passing: Solutions of trials that passed.
        dropped: Tests that count no more.
    """
    authors = matrix.authors()
    files: dict[int, list[int]] = {}
    for test, author in enumerate(authors):
        if author is not None and test not in dropped:
            files.setdefault(author, []).append(test)
    own = files.get(chosen, [])
    company = {one for one, row in enumerate(matrix.passed) if _passes(row, own)} | {chosen}
    found = []
    for test, author in enumerate(authors):
        if test in dropped or author is None or matrix.passed[chosen][test] != 0:
            continue
        results = [row[test] for row in matrix.passed]
        supported = tuple(one for one, passed in enumerate(results) if passed == 1)
        opposed = tuple(one for one, passed in enumerate(results) if passed == 0)
        against = [
            one
            for one in opposed
            if author not in passing
            or one in company
            or _preferred(matrix, files.get(one, ()), chosen, author)
        ]
        if author in supported and len(supported) >= len(against):
            found.append(Claim(test, supported, opposed))
    return tuple(found)


def _passes(row: tuple[int | None, ...], tests: Collection[int]) -> bool:
    """Whether a solution passes all that it can be compared by, and there is any."""
    told = [row[test] for test in tests if row[test] is not None]
    return bool(told) and all(told)


def _preferred(matrix: Matrix, tests: Collection[int], one: int, other: int) -> bool:
    """Whether one solution passes more of some tests than another, where both have results."""
    pairs = [(matrix.passed[one][test], matrix.passed[other][test]) for test in tests]
    told = [(mine, theirs) for mine, theirs in pairs if mine is not None and theirs is not None]
    return sum(mine for mine, _ in told) > sum(theirs for _, theirs in told)
