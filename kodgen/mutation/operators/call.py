"""A call is of the wrong function, or has its arguments in the wrong order."""

import ast
from collections.abc import Iterator

from kodgen.mutation.source import Edit, Source

_MISTAKEN = {
    "min": "max",
    "any": "all",
    "floor": "ceil",
    "upper": "lower",
    "startswith": "endswith",
    "lstrip": "rstrip",
    "ljust": "rjust",
    "find": "rfind",
    "bisect_left": "bisect_right",
    "union": "intersection",
    "keys": "values",
}
_TWINS = _MISTAKEN | {after: before for before, after in _MISTAKEN.items()}
_SYMMETRIC = {"min", "max", "gcd", "isclose"}
"""Functions that do not care about the order of their arguments."""


def function(node: ast.AST, source: Source) -> Iterator[Edit]:
    """A builtin, or a method known by its name, becomes the one it is mistaken for."""
    match node:
        case ast.Call(func=ast.Name(id=name) as called) if name in _TWINS:
            yield source.replaced(called, _TWINS[name])
        case ast.Call(func=ast.Attribute(attr=name) as called) if name in _TWINS:
            end = source.span(called)[1]
            yield Edit(end - len(name), end, _TWINS[name])


def arguments(node: ast.AST, source: Source) -> Iterator[Edit]:
    """The first two arguments change places."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in _SYMMETRIC:
            pass
        case ast.Call(args=[first, second, *_]):
            texts = source.of(first), source.of(second)
            starred = isinstance(first, ast.Starred) or isinstance(second, ast.Starred)
            if texts[0] != texts[1] and not starred:
                start, end = source.span(first)[0], source.span(second)[1]
                middle = source.data[source.span(first)[1] : source.span(second)[0]].decode()
                yield Edit(start, end, texts[1] + middle + texts[0])
