"""What is wrong with a completion task."""

from dataclasses import dataclass
from typing import Literal

Reason = Literal[
    "unreadable_solution",
    "unparsed_completion",
    "missing_function",
    "other_parameters",
    "holds_tests",
    "holds_solution",
    "stray_code",
    "no_docstring",
    "no_examples",
    "undefined_name",
    "broken_skeleton",
    "false_example",
]
"""In the order in which they are looked for; the last two show only when it is run."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A reason code, and the words that show it."""

    reason: Reason
    detail: str
