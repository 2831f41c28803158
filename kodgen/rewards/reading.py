"""Reads what a reward is computed from: the tests of a row, and the code of an answer."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kodgen.errors import InputError
from kodgen.parse.response import asked_of, parse_response, split_reasoning

if TYPE_CHECKING:
    from kodgen.records import Style


@dataclass(frozen=True, slots=True)
class Truth:
    """What an answer is judged by."""

    tests: str
    completes: str | None
    """The completion task, whose code an answer may go on with; None for other tasks."""


def truth_of(cell: str) -> Truth:
    """What is in a `ground_truth` cell.

    Raises:
        InputError: It is not one of kodgen's.
    """
    try:
        read = json.loads(cell)
        return Truth(str(read["pytest"]), read.get("completes"))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"ground truth {str(cell)[:80]!r} is no JSON object with `pytest`; give the column of "
            "kodgen's dataset as it is"
        ) from error


def code_of(answer: str, truth: Truth) -> str | None:
    """The code of an answer, as it is taken out of responses when datasets are made.

    Args:
        answer: All that the model said, reasoning included.
        truth: What it is judged by.

    Returns:
        None where there is no code.
    """
    style: Style = "instruct" if truth.completes is None else "complete"
    asked = asked_of(truth.completes or "", style, truth.tests)
    found = parse_response(split_reasoning(answer, None)[1], asked, "stop")
    return found if isinstance(found, str) else None
