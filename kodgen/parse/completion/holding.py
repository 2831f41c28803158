"""Runs doctest examples and compares by value: its source becomes part of a generated test file.

It runs in the sandbox, under whatever Python the trials have, so it imports nothing but the
standard library.

An example holds where `doctest` would say so, white space aside. Beside that, where it expects a
literal, the value may be written otherwise: a set or dict in another order, a string in other
quotes, a float within `pytest.approx`'s default tolerance (relative 1e-6, absolute 1e-12).
"""

import ast
import contextlib
import io
import math
import re
import sys
import traceback
from typing import Any

Shown = tuple[str, str, str | None, bool]
"""Source, expected output, expected exception as its last line shows it, and whether `...` in the
output stands for anything."""

RELATIVE = 1e-6
ABSOLUTE = 1e-12


def first_false(shown: list[Shown], namespace: dict[str, Any]) -> int | None:
    """Which example, from 0, is the first not to hold; None if all do. They share names."""
    for number, example in enumerate(shown):
        if not holds(example, namespace):
            return number
    return None


def holds(example: Shown, namespace: dict[str, Any]) -> bool:
    """Run one example and compare."""
    source, want, raises, ellipsis = example
    printed = io.StringIO()
    values: list[Any] = []

    def display(value: Any) -> None:
        if value is not None:
            values.append(value)
            printed.write(repr(value) + "\n")

    usual, sys.displayhook = sys.displayhook, display
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(source, "<example>", "single"), namespace)  # noqa: S102
    except Exception as error:  # noqa: BLE001
        said = "".join(traceback.format_exception_only(type(error), error))
        return raises is not None and _matches(_unqualified(raises), _unqualified(said), True)
    finally:
        sys.displayhook = usual
    if raises is not None:
        return False
    got = printed.getvalue()
    if _matches(want, got, ellipsis):
        return True
    expected = _literal(want)
    value = values[:1] if got.strip() == "".join(map(repr, values)) else _literal(got)
    return bool(expected and value) and same(value[0], expected[0])


def same(value: Any, expected: Any) -> bool:
    """Whether a value is what a literal says, floats within tolerance, inside containers too."""
    if isinstance(value, bool) or isinstance(expected, bool):
        return value is expected
    if isinstance(expected, float) or isinstance(value, float):
        return (
            isinstance(value, (int, float))
            and isinstance(expected, (int, float))
            and math.isclose(value, expected, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
        )
    if isinstance(expected, (list, tuple)):
        kind = list if isinstance(expected, list) else tuple
        return (
            isinstance(value, kind)
            and len(value) == len(expected)
            and all(same(one, other) for one, other in zip(value, expected))  # noqa: B905
        )
    if isinstance(expected, dict):
        return (
            isinstance(value, dict)
            and len(value) == len(expected)
            and all(key in value and same(value[key], expected[key]) for key in expected)
        )
    return bool(value == expected)


def _literal(text: str) -> list[Any]:
    """The value that a text is a literal of, in a list; an empty one where it is none."""
    try:
        return [ast.literal_eval(text.strip())]
    except Exception:  # noqa: BLE001
        return []


def _matches(want: str, got: str, ellipsis: bool) -> bool:
    """Whether texts are the same, white space aside."""
    want, got = (" ".join(text.replace("<BLANKLINE>", "").split()) for text in (want, got))
    if want == got:
        return True
    pattern = ".*".join(re.escape(part) for part in want.split("..."))
    return ellipsis and re.fullmatch(pattern, got, re.DOTALL) is not None


def _unqualified(said: str) -> str:
    """An exception's last line without the module of its class."""
    return re.sub(r"\A[\w.]*\.(?=\w)", "", said)
