"""A row that is looked at: a question, and what of solution and tests there is."""

from typing import NamedTuple

FIELDS = ("question", "solution", "tests")
"""Parts of a row that a layer may look at."""


class AuditedRow(NamedTuple):
    """One row of a dataset."""

    id: str
    question: str
    solution: str | None = None
    """Python code; None where the dataset has none."""
    tests: str | None = None
    """Python code; None likewise."""
    subset: str = ""
    """Part of the dataset, for counts; empty if it has no parts."""
