"""Which trials of a question are compared, and which pairs of them have to be run for it."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

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
    judges = test_key is not None and verdict.outcome not in _NO_JUDGES
    asked = _asked(trial.test, trial.solution) if judges else None
    return Entrant(
        trial=trial,
        solution=trial.solution,
        shape=shape_of(tree),
        solution_key=key,
        test_key=test_key or "",
        asked=asked,
    )


def _asked(test: str, solution: str) -> Asked | None:
    try:
        asked = Asked(test, solution)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # What only compiling finds, such as a second `nonlocal`, or more depth than Python has.
        return None
    return asked if asked.anything else None


@dataclass(frozen=True, slots=True)
class Run:
    """A solution and a test file, and how far they can be compared."""

    solution: Entrant
    test: Entrant
    misfit: Misfit = field(default_factory=Misfit)
    alias: str = ""
    """What makes the solution offer its function under the name that the tests ask for."""

    @property
    def key(self) -> Key:
        """The same for pairs of the same code."""
        return self.solution.solution_key + self.alias, self.test.test_key

    @property
    def source(self) -> str:
        """The solution as it is run."""
        return self.solution.solution + self.alias


class Comparison:
    """All pairs of a question's entrants.

    Args:
        entrants: In attempt order.
    """

    def __init__(self, entrants: Sequence[Entrant]) -> None:
        self.entrants = tuple(entrants)
        self.judges = tuple(one for one in entrants if one.asked is not None)
        self._pairs = [_pair(one, judge) for one in self.entrants for judge in self.judges]
        self._own = {pair.key: pair for pair in self._pairs if pair.solution is pair.test}

    def runs(self) -> tuple[Run, ...]:
        """Pairs to be run: those that can be compared, the same code once, no trial's own pair."""
        found: dict[Key, Run] = {}
        for pair in self._pairs:
            if pair.key not in self._own and not pair.misfit.reason:
                found.setdefault(pair.key, pair)
        return tuple(found.values())

    def cells(self, verdicts: Mapping[Key, Verdict]) -> dict[tuple[str, str], Cell]:
        """Results by trial of the solution and trial of the tests.

        Args:
            verdicts: Of all `runs`.
        """
        cells = {}
        for pair in self._pairs:
            if pair.misfit.reason:
                continue
            own = pair if pair.solution is pair.test else self._own.get(pair.key)
            verdict = own.solution.trial.verdict if own is not None else verdicts[pair.key]
            at = pair.solution.trial.id, pair.test.trial.id
            cells[at] = _without(cell_of(verdict), pair.misfit)
        return cells


def _pair(one: Entrant, judge: Entrant) -> Run:
    if one is judge or judge.asked is None:
        return Run(one, judge)
    alias = judge.asked.alias(one.shape, one.asked)
    if alias is None:
        return Run(one, judge, judge.asked.misfit(one.shape))
    name, theirs = alias
    shape = one.shape.with_alias(name, theirs)
    return Run(one, judge, judge.asked.misfit(shape), f"\n\n{name} = {theirs}\n")


def _without(cell: Cell, misfit: Misfit) -> Cell:
    """The results without those of tests that can't be compared."""
    results = {
        name: None if function_of(name) in misfit.tests else passed
        for name, passed in cell.results.items()
    }
    return Cell(results, None if misfit.tests else cell.others)
