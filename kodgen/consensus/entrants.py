"""Which trials of a question are compared, and which pairs of them have to be run for it."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kodgen.consensus.cell import Cell, cell_of
from kodgen.consensus.fitting import Asked, Misfit
from kodgen.consensus.sameness import fingerprint
from kodgen.consensus.shape import Shape, shape_of
from kodgen.parse.python import python_tree
from kodgen.records import Trial, Verdict
from kodgen.sandbox.testfile import function_of

_UNTRIED = frozenset({"missing_dependency", "source_too_long"})
"""Reasons of a verdict that says nothing of the code: it could not be run."""
_NO_JUDGES = frozenset({"vacuous", "flaky"})
"""Outcomes of trials whose tests pass for anything, or for nothing in particular."""

Key = tuple[str, str]
"""Fingerprints of a solution and of a test file."""


@dataclass(frozen=True, slots=True)
class Entrant:
    """A trial whose solution is compared."""

    trial: Trial
    solution: str
    shape: Shape
    solution_key: str
    test_key: str
    asked: Asked | None
    """What its tests ask for; None where they judge no solution."""


def entrants_of(trials: Sequence[Trial], most: int) -> tuple[Entrant, ...]:
    """Trials that are compared, in attempt order.

    Passing ones come first where there are more than `most`. Left out are trials that no code
    could be taken from, or that tampered with their run, or whose code could not be run here.
    """
    order = sorted(trials, key=lambda trial: (not trial.verdict.passed, trial.attempt))
    found = [entrant for trial in order if (entrant := _entrant(trial)) is not None]
    return tuple(sorted(found[:most], key=lambda entrant: entrant.trial.attempt))


def _entrant(trial: Trial) -> Entrant | None:
    verdict = trial.verdict
    if trial.solution is None or trial.test is None or verdict.outcome == "tampered":
        return None
    if verdict.isolation == "not_run" or verdict.reason in _UNTRIED:
        return None
    tree, key = python_tree(trial.solution), fingerprint(trial.solution)
    if not isinstance(tree, ast.Module) or key is None:
        return None
    test_key = fingerprint(trial.test)
    asked = None
    if test_key is not None and verdict.outcome not in _NO_JUDGES:
        asked = Asked(trial.test, trial.solution)
    return Entrant(
        trial=trial,
        solution=trial.solution,
        shape=shape_of(tree),
        solution_key=key,
        test_key=test_key or "",
        asked=asked if asked is not None and asked.anything else None,
    )


@dataclass(frozen=True, slots=True)
class Run:
    """A solution and a test file to be run."""

    solution: Entrant
    test: Entrant

    @property
    def key(self) -> Key:
        """The same for pairs of the same code."""
        return self.solution.solution_key, self.test.test_key


class Comparison:
    """All pairs of a question's entrants.

    Args:
        entrants: At least two, in attempt order.
    """

    def __init__(self, entrants: Sequence[Entrant]) -> None:
        self.entrants = tuple(entrants)
        self.judges = tuple(one for one in entrants if one.asked is not None)
        self._misfits: dict[tuple[str, str], Misfit] = {
            (one.trial.id, judge.trial.id): judge.asked.misfit(one.shape)
            for one in self.entrants
            for judge in self.judges
            if judge.asked is not None and one is not judge
        }

    def runs(self) -> tuple[Run, ...]:
        """Pairs to be run: those that can be compared, the same code once, no trial's own pair."""
        known = {Run(one, one).key for one in self.judges}
        found: dict[Key, Run] = {}
        for one in self.entrants:
            for judge in self.judges:
                run = Run(one, judge)
                if run.key not in known and not self._misfit(run).reason:
                    found.setdefault(run.key, run)
        return tuple(found.values())

    def cells(self, verdicts: Mapping[Key, Verdict]) -> dict[tuple[str, str], Cell]:
        """Results by trial of the solution and trial of the tests.

        Args:
            verdicts: Of all `runs`.
        """
        known = {**verdicts, **{Run(one, one).key: one.trial.verdict for one in self.judges}}
        cells = {}
        for one in self.entrants:
            for judge in self.judges:
                run, misfit = Run(one, judge), self._misfit(Run(one, judge))
                if misfit.reason:
                    continue
                verdict = one.trial.verdict if one is judge else known[run.key]
                cells[one.trial.id, judge.trial.id] = _without(cell_of(verdict), misfit)
        return cells

    def _misfit(self, run: Run) -> Misfit:
        return self._misfits.get((run.solution.trial.id, run.test.trial.id), Misfit())


def _without(cell: Cell, misfit: Misfit) -> Cell:
    """The results without those of tests that can't be compared."""
    if not misfit.tests:
        return cell
    fits = {
        name: passed
        for name, passed in cell.results.items()
        if function_of(name) not in misfit.tests
    }
    return Cell(fits | dict.fromkeys(set(cell.results) - set(fits)), cell.others)
