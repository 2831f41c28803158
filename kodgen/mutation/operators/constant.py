"""A constant becomes another: numbers, truth values, texts, and defaults of parameters."""

import ast
from collections.abc import Iterator

from kodgen.mutation.source import Edit, Source

_LARGEST = 10**18
"""Numbers beyond are left alone: writing one out can take the square of its length."""
_TEXT = "mutated"


def constant(node: ast.AST, source: Source) -> Iterator[Edit]:
    """A number becomes its neighbours, a truth value the other."""
    if isinstance(node, ast.Constant) and not isinstance(node.value, str):
        yield from _others(node, source)


def string(node: ast.AST, source: Source) -> Iterator[Edit]:
    """A text becomes empty, an empty one does not stay so."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from _others(node, source)


def default(node: ast.AST, source: Source) -> Iterator[Edit]:
    """The default of a parameter becomes another."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        for given in (*node.args.defaults, *node.args.kw_defaults):
            if isinstance(given, ast.Constant):
                yield from _others(given, source)


def _others(node: ast.Constant, source: Source) -> Iterator[Edit]:
    match node.value:
        case bool(value):
            yield source.replaced(node, str(not value))
        case int(value) if value < _LARGEST:
            yield source.replaced(node, str(value + 1))
            if value:
                yield source.replaced(node, str(value - 1))
        case float(value):
            yield source.replaced(node, repr(value + 1.0))
        case str(value):
            yield source.replaced(node, '""' if value else f'"{_TEXT}"')
