"""YAML text to plain values, remembering the line of every key.

PyYAML reads YAML 1.1; three of its surprises are undone: a number may have an exponent and no
point (`1e-3`), and neither dates nor digits with colons (`12:30`) are anything but text.
"""

import re
from dataclasses import dataclass, field
from typing import Any

KeyPath = tuple[str | int, ...]
"""The keys and list indices that lead to a value."""

_EXPONENT = re.compile(r"[-+]?[0-9]+[eE][-+]?[0-9]+")
_TAG = "tag:yaml.org,2002:"
_TEXT_TAGS = frozenset({f"{_TAG}str", f"{_TAG}timestamp", f"{_TAG}value", f"{_TAG}merge"})


class YamlSyntaxError(ValueError):
    """The text is not YAML.

    Attributes:
        line: Where, from 1; None where the parser does not say.
        column: Where in the line, from 1; None likewise.
    """

    def __init__(self, problem: str, line: int | None, column: int | None) -> None:
        super().__init__(problem)
        self.line = line
        self.column = column


@dataclass(slots=True)
class Document:
    """What a YAML text holds."""

    data: Any = None
    lines: dict[KeyPath, int] = field(default_factory=dict)
    """Line, from 1, of each key and each list entry."""
    mistakes: list[tuple[KeyPath, int, str]] = field(default_factory=list)
    """What YAML allows and we don't: where, on which line, what it is."""


def read_yaml(text: str) -> Document:
    """Read one YAML document.

    Raises:
        YamlSyntaxError: It is not YAML, or more than one document.
    """
    import yaml

    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        document = Document()
        if node is not None:
            document.lines[()] = node.start_mark.line + 1
            document.data = _Reader(loader, document).value(node, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise YamlSyntaxError(
            _problem(error),
            None if mark is None else mark.line + 1,
            None if mark is None else mark.column + 1,
        ) from error
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        raise YamlSyntaxError(
            f"holds a character that YAML does not allow ({error.character!r})",
            before.count("\n") + 1,
            error.position - before.rfind("\n"),
        ) from error
    except RecursionError as error:
        raise YamlSyntaxError("is nested too deeply", None, None) from error
    return document


class _Reader:
    """Turns nodes into values, noting lines and mistakes."""

    def __init__(self, loader: Any, document: Document) -> None:
        self._loader = loader
        self._document = document
        self._inside: set[int] = set()

    def value(self, node: Any, path: KeyPath) -> Any:
        if id(node) in self._inside:
            return self._mistake(node, path, "contains itself through an alias")
        self._inside.add(id(node))
        try:
            if node.id == "mapping" and node.tag == f"{_TAG}map":
                return self._mapping(node, path)
            if node.id == "sequence" and node.tag == f"{_TAG}seq":
                return self._sequence(node, path)
            if node.id == "scalar":
                return self._scalar(node, path)
            return self._mistake(node, path, f"the tag {node.tag!r} means nothing here; remove it")
        finally:
            self._inside.discard(id(node))

    def _mapping(self, node: Any, path: KeyPath) -> dict[str, Any]:
        seen: dict[str, int] = {}
        for key, _ in node.value:
            if key.id != "scalar" or key.tag == f"{_TAG}merge":
                continue
            line = key.start_mark.line + 1
            if key.value in seen:
                what = f"given twice, first on line {seen[key.value]}; remove one of the two"
                self._document.mistakes.append(((*path, key.value), line, what))
            seen.setdefault(key.value, line)
        self._loader.flatten_mapping(node)
        found: dict[str, Any] = {}
        for key, value in node.value:
            if key.id != "scalar":
                self._mistake(key, path, "a key must be text, not a list or a mapping")
                continue
            here = (*path, key.value)
            self._document.lines[here] = key.start_mark.line + 1
            found[key.value] = self.value(value, here)
        return found

    def _sequence(self, node: Any, path: KeyPath) -> list[Any]:
        found = []
        for index, value in enumerate(node.value):
            here = (*path, index)
            self._document.lines[here] = value.start_mark.line + 1
            found.append(self.value(value, here))
        return found

    def _scalar(self, node: Any, path: KeyPath) -> Any:
        text: str = node.value
        if node.tag in _TEXT_TAGS:
            plain_number = node.style is None and _EXPONENT.fullmatch(text)
            return float(text) if plain_number else text
        if node.tag == f"{_TAG}null":
            return None
        try:
            if node.tag == f"{_TAG}bool":
                return self._loader.construct_yaml_bool(node)
            if node.tag in {f"{_TAG}int", f"{_TAG}float"}:
                return self._number(node, text)
        except (ValueError, KeyError):
            return self._mistake(node, path, f"{text!r} is not what its tag says; remove the tag")
        return self._mistake(node, path, f"the tag {node.tag!r} means nothing here; remove it")

    def _number(self, node: Any, text: str) -> int | float | str:
        if ":" in text:
            return text
        if node.tag == f"{_TAG}int":
            return int(self._loader.construct_yaml_int(node))
        return float(self._loader.construct_yaml_float(node))

    def _mistake(self, node: Any, path: KeyPath, what: str) -> None:
        self._document.mistakes.append((path, node.start_mark.line + 1, what))


def _problem(error: Any) -> str:
    """What a parser's error says, and where the thing began that it was parsing."""
    begun = "" if error.context_mark is None else f" begun on line {error.context_mark.line + 1}"
    context = f"{error.context}{begun}: " if error.context else ""
    said = f"{context}{error.problem or 'cannot be parsed'}"
    return f"{said}; YAML is indented with spaces, not tabs" if "'\\t'" in said else said
