"""Every trial's solution against every trial's tests: the results, in fixed order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kodgen.consensus.cell import NOTHING, Cell, Passed


@dataclass(frozen=True, slots=True)
class Test:
    """One test function, or one case of it."""

    __test__ = False

    trial: str
    name: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """Results by solution, then by test."""

    solutions: tuple[str, ...]
    """Trial ids."""
    tests: tuple[Test, ...]
    passed: tuple[tuple[Passed, ...], ...]

    def own(self, test: int) -> int | None:
        """The solution that was written with a test; None if it is not compared."""
        trial = self.tests[test].trial
        return self.solutions.index(trial) if trial in self.solutions else None

    def authors(self) -> tuple[int | None, ...]:
        """`own` of every test."""
        at = {trial: number for number, trial in enumerate(self.solutions)}
        return tuple(at.get(test.trial) for test in self.tests)

    def shares(self) -> tuple[float, ...]:
        """Weight of every test: those of one file share a weight of 1.

        They come from one completion and from one idea of the task, however many they are.
        """
        counts: dict[str, int] = {}
        for test in self.tests:
            counts[test.trial] = counts.get(test.trial, 0) + 1
        return tuple(1 / counts[test.trial] for test in self.tests)

    def components(self) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
        """Solutions and tests that are compared with each other, directly or by way of others."""
        found: list[tuple[set[int], set[int]]] = []
        for solution, row in enumerate(self.passed):
            solutions = {solution}
            tests = {test for test, passed in enumerate(row) if passed is not None}
            apart = []
            for group in found:
                if group[1] & tests:
                    solutions |= group[0]
                    tests |= group[1]
                else:
                    apart.append(group)
            found = [*apart, (solutions, tests)]
        return tuple((tuple(sorted(one)), tuple(sorted(other))) for one, other in found)


def assemble(
    solutions: Sequence[str], files: Sequence[str], cells: Mapping[tuple[str, str], Cell]
) -> Matrix:
    """Line results up.

    Args:
        solutions: Trials whose solutions are compared, in order.
        files: Trials whose tests are, in order.
        cells: Results by trial of the solution and trial of the tests; a pair that is not there
            can't be compared.
    """
    tests = [
        Test(file, name)
        for file in files
        for name in _names([cells.get((trial, file), NOTHING) for trial in (file, *solutions)])
    ]
    passed = [
        tuple(cells.get((trial, test.trial), NOTHING).of(test.name) for test in tests)
        for trial in solutions
    ]
    return Matrix(tuple(solutions), tuple(tests), tuple(passed))


def _names(cells: Sequence[Cell]) -> list[str]:
    """Tests of one file: those any run reports, as a run that was cut short tells but some."""
    return list(dict.fromkeys(name for cell in cells for name in cell.results))
