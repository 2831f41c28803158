"""What one run of a solution under another trial's tests says of each test."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kodgen.records import TestOutcome, Verdict

Passed = int | None
"""1 or 0; None where nothing can be said."""

_SAID: Mapping[TestOutcome, Passed] = {"passed": 1, "failed": 0, "error": 0}
"""A skipped test says nothing, nor does one that is expected to fail."""

_INCOMPARABLE = frozenset({"missing_dependency", "import_error"})
"""Reasons that tell of names and packages, not of what a solution does."""
_UNFINISHED = frozenset({"timeout", "oom", "crash", "limit", "tampered"})
_UNCOLLECTED = frozenset({"collection_error", "syntax_error", "ended_early"})


@dataclass(frozen=True, slots=True)
class Cell:
    """Results by test name."""

    results: Mapping[str, Passed] = field(default_factory=dict)
    others: Passed = None
    """Of tests that it does not name: 0 where the run fell before it came to them."""

    def of(self, name: str) -> Passed:
        """The result of one test."""
        return self.results.get(name, self.others)


NOTHING = Cell()
"""Of a pair that can't be compared."""


def cell_of(verdict: Verdict) -> Cell:
    """Read a verdict. A run that was cut short fails the tests that it did not report.

    A run that tampered with its report fails them all, as none of it can be believed.
    """
    if verdict.outcome == "infra" or verdict.reason in _INCOMPARABLE:
        return NOTHING
    if verdict.outcome == "tampered":
        return Cell({test.name: 0 for test in verdict.tests}, 0)
    results = {test.name: _SAID.get(test.outcome) for test in verdict.tests}
    fell = verdict.outcome in _UNFINISHED or verdict.reason in _UNCOLLECTED
    return Cell(results, 0 if fell else None)
