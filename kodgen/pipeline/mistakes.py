"""Explains a mistake in a pipeline file: where it is, what is wrong, what was probably meant."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from kodgen.config import Pipeline
from kodgen.pipeline.keys import (
    all_keys,
    description,
    follow,
    item_of,
    kind_field,
    kinds_of,
    sections_of,
)
from kodgen.pipeline.overrides import Override
from kodgen.pipeline.yaml_lines import KeyPath
from kodgen.tables.row import nearest

EXPECTED = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "string_type": "text",
    "path_type": "a path",
    "tuple_type": "a list",
    "model_type": "a mapping of keys",
    "dict_type": "a mapping of keys",
}
"""What each of pydantic's type errors expects, in a user's words."""

BOUNDS = {
    "greater_than_equal": ("at least", "ge"),
    "greater_than": ("more than", "gt"),
    "less_than_equal": ("at most", "le"),
    "less_than": ("less than", "lt"),
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong."""

    keys: KeyPath
    line: int | None
    what: str

    def told(self, file: str, lines: Mapping[KeyPath, int], overrides: Sequence[Override]) -> str:
        """One line of text: place, key, what is wrong."""
        key = ".".join(map(str, self.keys))
        for override in reversed(overrides):
            if _is_from(override.path, self.keys, lines):
                named = override.text.partition("=")[0].strip() == key
                return f"--set {override.text}: {'' if named else f'{key}: '}{self.what}"
        place = file if self.line is None else f"{file}:{self.line}"
        return f"{place}: {key}: {self.what}" if key else f"{place}: {self.what}"


def explain(error: ValidationError, lines: Mapping[KeyPath, int]) -> list[Mistake]:
    """The mistakes that pydantic found in a pipeline.

    Args:
        error: What validating raised.
        lines: Line of each key in the file.
    """
    mistakes = []
    for found in error.errors(include_url=False):
        if found["type"] == "too_short" and found["input"]:
            continue  # it has entries; they are wrong themselves, and reported
        keys, what = _explain_one(found["type"], found["loc"], found)
        mistakes.append(Mistake(keys, line_of(keys, lines), what))
    return mistakes


def _explain_one(kind: str, loc: KeyPath, found: Any) -> tuple[KeyPath, str]:
    keys, annotation = follow(loc)
    if kind == "extra_forbidden":
        return keys, _unknown_key(loc)
    if kind == "missing":
        return keys, f"missing; {description(loc)}"
    if kind in {"union_tag_not_found", "union_tag_invalid"}:
        return _unknown_kind(keys, sections_of(item_of(annotation)), found["input"])
    return keys, _wrong_value(kind, found["input"], found)


def _wrong_value(kind: str, value: Any, found: Any) -> str:
    """What is wrong with a value; `found` is pydantic's account of it."""
    ctx = found.get("ctx", {})
    if kind in EXPECTED:
        what = f"expected {EXPECTED[kind]}, got {shown(value)}{_remedy(kind, value)}"
    elif kind in BOUNDS:
        words, bound = BOUNDS[kind]
        what = f"must be {words} {_number(ctx[bound])}, got {shown(value)}"
    elif kind == "literal_error":
        what = not_among(re.findall(r"'([^']*)'", ctx["expected"]), value)
    elif kind == "too_short":
        what = f"needs at least {ctx['min_length']} entry; add one"
    elif kind == "string_pattern_mismatch":
        what = f"{shown(value)} is no name; use letters, digits, `_`, `.`, `-`, a letter first"
    elif kind == "unknown_model":
        what = str(found["msg"])
    elif kind == "value_error":
        what = str(ctx["error"])
    else:
        said = str(found["msg"])
        what = f"{said[:1].lower()}{said[1:]}, got {shown(value)}"
    return what


def _unknown_key(loc: KeyPath) -> str:
    key = str(loc[-1])
    names = [name for model in sections_of(follow(loc[:-1])[1]) for name in model.model_fields]
    meant = nearest(key, names, "`{}`".format)
    if meant:
        return f"unknown key{meant}"
    elsewhere = sorted({place for name, place in all_keys(Pipeline, "") if name == key})
    belongs = f"it belongs in {' or '.join(elsewhere)}; " if elsewhere else ""
    return f"unknown key; {belongs}known here: {', '.join(names)}"


def _unknown_kind(
    keys: KeyPath, models: Sequence[type[BaseModel]], value: Any
) -> tuple[KeyPath, str]:
    """A section whose kind (`backend` of an llm, `type` of a source) is missing or unknown."""
    field = kind_field(models[0])
    kinds = [kind for model in models for kind in kinds_of(model)]
    if not isinstance(value, dict):
        return keys, f"expected {EXPECTED['model_type']}, got {shown(value)}"
    if field not in value:
        return (*keys, field), f"missing; one of {', '.join(kinds)}"
    return (*keys, field), not_among(kinds, value[field])


def not_among(allowed: list[str], value: Any) -> str:
    """That a value is none of those allowed; which was probably meant."""
    meant = nearest(str(value), allowed, str)
    return f"expected one of {', '.join(allowed)}; got {shown(value)}{meant}"


def _remedy(kind: str, value: Any) -> str:
    """What to write instead, where the value shows it."""
    if value is None:
        return "; fill it in or remove the key"
    if kind in {"string_type", "path_type"} and isinstance(value, bool | int | float):
        return "; put it in quotes as it was written" if isinstance(value, bool) else "; quote it"
    if kind == "tuple_type" and isinstance(value, str | int | float):
        return f"; write [{value}]"
    if kind in {"int_type", "float_type"} and isinstance(value, str):
        number = value.strip().lstrip("+-").replace(".", "", 1)
        return "; remove the quotes" if number.isdecimal() else ""
    return ""


def _number(bound: float) -> str:
    return str(int(bound)) if bound == int(bound) else str(bound)


def shown(value: Any) -> str:
    """A value in a few words, for messages."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return repr(value)[:80]


def line_of(keys: KeyPath, lines: Mapping[KeyPath, int]) -> int | None:
    """Line of the deepest of the keys that the file has; None for the file as a whole."""
    for length in range(len(keys), 0, -1):
        if keys[:length] in lines:
            return lines[keys[:length]]
    return lines.get(()) if keys else None


def _is_from(override: KeyPath, keys: KeyPath, lines: Mapping[KeyPath, int]) -> bool:
    """Whether a mistake at some keys is an override's: inside what it set, or made for it."""
    if keys[: len(override)] == override:
        return True
    return bool(keys) and override[: len(keys)] == keys and keys not in lines
