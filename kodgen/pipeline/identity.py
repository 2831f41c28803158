"""What settings make, apart from how it is run; and how two sets of them differ in that."""

import json
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from pydantic import BaseModel

from kodgen.config import Section

ABSENT = "(not there)"
LONGEST_VALUE = 100
"""Characters of a value that are shown."""


def identity(section: Section) -> dict[str, Any]:
    """Every setting that can change a row, defaults included, as plain JSON values.

    Fields marked `operational` in `kodgen.config` are left out, at any depth.
    """
    found: dict[str, Any] = _plain(section)
    return found


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What changed, one line per key: `solve.budget.hard: 10 -> 5`, in order of the keys.

    Entries of a list that all have a `name` are matched by it, others by their index.
    """
    return _mapping_differences("", old, new)


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return {
            name: _plain(getattr(value, name))
            for name, field in type(value).model_fields.items()
            if not (
                isinstance(field.json_schema_extra, dict)
                and field.json_schema_extra.get("operational")
            )
        }
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, PurePath):
        return value.as_posix()
    return value


def _mapping_differences(place: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    lines = []
    for key in [*old, *(key for key in new if key not in old)]:
        here = f"{place}.{key}" if place else str(key)
        if key not in old:
            lines.append(f"{here}: {ABSENT} -> {_shown(new[key])}")
        elif key not in new:
            lines.append(f"{here}: {_shown(old[key])} -> {ABSENT}")
        else:
            lines += _value_differences(here, old[key], new[key])
    return lines


def _value_differences(place: str, old: Any, new: Any) -> list[str]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return _mapping_differences(place, old, new)
    if isinstance(old, list) and isinstance(new, list):
        return _list_differences(place, old, new)
    if old == new and isinstance(old, bool) == isinstance(new, bool):
        return []
    return [f"{place}: {_shown(old)} -> {_shown(new)}"]


def _list_differences(place: str, old: list[Any], new: list[Any]) -> list[str]:
    old_by_name, new_by_name = _by_name(old), _by_name(new)
    if old_by_name is None or new_by_name is None:
        by_index = [{str(index): value for index, value in enumerate(side)} for side in (old, new)]
        return _mapping_differences(place, *by_index)
    lines = _mapping_differences(place, old_by_name, new_by_name)
    orders = [
        [name for name in side if name in both]
        for side, both in ((old_by_name, new_by_name), (new_by_name, old_by_name))
    ]
    if orders[0] != orders[1]:
        lines.append(f"{place}: order {', '.join(orders[0])} -> {', '.join(orders[1])}")
    return lines


def _by_name(entries: list[Any]) -> dict[str, Any] | None:
    """Entries by their name; None where one has none, or two have the same."""
    names = [entry.get("name") if isinstance(entry, Mapping) else None for entry in entries]
    if None in names or len(set(names)) < len(names):
        return None
    return {str(name): entry for name, entry in zip(names, entries, strict=True)}


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}..."
