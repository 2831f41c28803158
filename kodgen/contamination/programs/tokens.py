"""Pieces of programs as tokens, with what was met on the way."""

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from kodgen.contamination.programs.trees import is_text

_LEFT_OUT = frozenset({"ctx", "type_comment", "type_ignores", "kind"})
_ANNOTATIONS = frozenset({"annotation", "returns"})
_FIELDS = {
    kind: tuple(one for one in kind._fields if one not in _LEFT_OUT)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}
_AS_WRITTEN = frozenset({ast.keyword, ast.alias, ast.ImportFrom})
"""Kinds whose words are no names that a program could choose otherwise."""
_BINDING = frozenset(
    {ast.arg, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler}
)


@dataclass(slots=True)
class Told:
    """A tree without docstrings, `pass` and annotations, as tokens in order."""

    tokens: list[str] = field(default_factory=list)
    """With nothing where a name is."""
    size: int = 0
    """Nodes."""
    names: list[tuple[int, str, str]] = field(default_factory=list)
    """Place in `tokens` of each name, the name, and the attribute that is told with it."""
    kept: set[str] = field(default_factory=set)
    """Attributes and keyword arguments."""
    bound: set[str] = field(default_factory=set)
    """Names that are bound somewhere inside."""
    numbers: list[ast.Constant] = field(default_factory=list)
    annotations: list[ast.expr | ast.stmt] = field(default_factory=list)
    """And declarations that give no value."""
    notes: list[str] = field(default_factory=list)
    """Tokens of the annotations, each with the place in `tokens` before which it stands."""

    def named(self, name: Callable[[str], str]) -> list[str]:
        """The tokens, with names as `name`, asked in order of appearance, says them."""
        tokens = self.tokens.copy()
        for place, identifier, attribute in self.names:
            tokens[place] = name(identifier) + attribute
        return tokens

    def verbatim(self) -> list[str]:
        """The tokens with names as they are written, and the annotations."""
        return [*self.named(str), *self.notes]


def told(tree: ast.AST) -> Told:
    """A tree as tokens."""
    one = Told()
    one.size = _TELLING[tree.__class__](tree, one)
    return one


def _tell_name(node: ast.Name, to: Told) -> int:
    to.names.append((len(to.tokens), node.id, ""))
    to.tokens.append("")
    if not isinstance(node.ctx, ast.Load):
        to.bound.add(node.id)
    return 1


def _tell_constant(node: ast.Constant, to: Told) -> int:
    to.tokens.append(repr(node.value))
    if isinstance(node.value, int | float | complex):
        to.numbers.append(node)
    return 1


def _tell_attribute(node: ast.Attribute, to: Told) -> int:
    to.kept.add(node.attr)
    if isinstance(node.value, ast.Name):
        # `math.sqrt` and `sqrt` imported from `math` are told alike.
        to.names.append((len(to.tokens), node.value.id, f".{node.attr}"))
        to.tokens.append("")
        return 1
    size = _TELLING[node.value.__class__](node.value, to)
    to.tokens.append(f".{node.attr}")
    return size + 1


def _tell_annotated(node: ast.AnnAssign, to: Told) -> int:
    if node.value is None:
        _note(node, [node.target, node.annotation], to)
        return 0
    _note(node.annotation, [node.annotation], to)
    return _tell_fields(ast.Assign(targets=[node.target], value=node.value), to)


def _tell_fields(node: ast.AST, to: Told) -> int:
    kind = node.__class__
    to.tokens.append(kind.__name__)
    size = 1
    for name in _FIELDS[kind]:
        value = getattr(node, name, None)
        if value is None:
            continue
        if name in _ANNOTATIONS:
            _note(value, [value], to)
            continue
        to.tokens.append(name)
        for one in value if isinstance(value, list) else (value,):
            # One call for each level of a tree: that deep can Python read it.
            tell = _TELLING.get(one.__class__)
            if tell is None:
                _tell_word(one, kind, to)
            else:
                size += tell(one, to)
        if isinstance(value, list):
            to.tokens.append("]")
    return size


def _tell_idle(node: ast.Expr | ast.Pass, to: Told) -> int:
    return 0 if isinstance(node, ast.Pass) or is_text(node) else _tell_fields(node, to)


_TELLING: dict[type[ast.AST], Callable[[Any, Told], int]] = {
    **dict.fromkeys(_FIELDS, _tell_fields),
    ast.Name: _tell_name,
    ast.Constant: _tell_constant,
    ast.Attribute: _tell_attribute,
    ast.AnnAssign: _tell_annotated,
    ast.Expr: _tell_idle,
    ast.Pass: _tell_idle,
}
"""By kind of node, what adds its tokens and returns its number of nodes."""


def _tell_word(word: object, kind: type[ast.AST], to: Told) -> None:
    if not isinstance(word, str) or kind in _AS_WRITTEN:
        to.tokens.append(repr(word))
        if kind is ast.keyword and isinstance(word, str):
            to.kept.add(word)
    else:
        to.names.append((len(to.tokens), word, ""))
        to.tokens.append("")
        if kind in _BINDING:
            to.bound.add(word)


def _note(node: ast.expr | ast.stmt, parts: list[ast.expr], to: Told) -> None:
    to.annotations.append(node)
    for part in parts:
        inner = told(part)
        to.bound |= inner.bound
        to.notes += [str(len(to.tokens)), type(node).__name__, *inner.verbatim()]
