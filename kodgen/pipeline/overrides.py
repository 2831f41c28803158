"""Overrides of a pipeline file's keys: `solve.budget.hard=5`, `subsets.Algorithm.count=10`."""

from dataclasses import dataclass
from typing import Any

from kodgen.errors import ConfigError
from kodgen.pipeline.yaml_lines import KeyPath, YamlSyntaxError, read_yaml


@dataclass(frozen=True, slots=True)
class Override:
    """An override that was applied."""

    text: str
    """As the user wrote it."""
    path: KeyPath
    """What it set."""


def apply_override(data: dict[str, Any], text: str) -> Override:
    """Set one key in the values of a pipeline file; sections that are not there yet are made.

    Entries of a list are addressed by index from 0, or by their `name`.

    Args:
        data: The values; changed in place.
        text: `KEY=VALUE`, its value in YAML.

    Raises:
        ConfigError: It has no such form, or leads to no place; the message begins with `--set`.
    """
    key, equals, value_text = text.partition("=")
    parts = key.strip().split(".")
    if not equals or not all(parts):
        raise ConfigError(f"--set {text}: expected KEY=VALUE, such as solve.budget.hard=5")
    try:
        document = read_yaml(value_text)
    except YamlSyntaxError as error:
        raise ConfigError(f"--set {text}: the value is not YAML: {error}; quote it") from error
    if document.mistakes:
        raise ConfigError(f"--set {text}: the value {document.mistakes[0][2]}")
    try:
        return Override(text, _set(data, parts, document.data))
    except _NoSuchPlaceError as error:
        raise ConfigError(f"--set {text}: {error}") from error


class _NoSuchPlaceError(Exception):
    """The key leads nowhere."""


def _set(data: dict[str, Any], parts: list[str], value: Any) -> KeyPath:
    holder: Any = data
    path: KeyPath = ()
    while True:
        key, parts = _next(holder, parts, path)
        path = (*path, key)
        if not parts:
            holder[key] = value
            return path
        if isinstance(holder, dict) and holder.get(key) is None:
            holder[key] = {}
        holder = holder[key]


def _next(holder: Any, parts: list[str], path: KeyPath) -> tuple[str | int, list[str]]:
    """The key or index that comes next, and the parts still to go."""
    if isinstance(holder, dict):
        return parts[0], parts[1:]
    place = ".".join(map(str, path))
    if not isinstance(holder, list):
        raise _NoSuchPlaceError(f"{place} is {holder!r}, which holds no keys")
    if parts[0].isdecimal():
        if int(parts[0]) >= len(holder):
            raise _NoSuchPlaceError(
                f"{place} has {len(holder)} entries, counted from 0, so none is {parts[0]}"
            )
        return int(parts[0]), parts[1:]
    names = [entry.get("name") if isinstance(entry, dict) else None for entry in holder]
    # A name may hold dots itself, so the longest that fits is meant.
    for length in range(len(parts), 0, -1):
        name = ".".join(parts[:length])
        if name in names:
            return names.index(name), parts[length:]
    known = ", ".join(str(name) for name in names if name is not None) or "entries without names"
    raise _NoSuchPlaceError(f"{place} has no entry {parts[0]!r}; there are: {known}")
