"""A limit moves by one: of a comparison, a range or a slice."""

import ast
from collections.abc import Iterator

from kodgen.mutation.operators.comparison import swapped
from kodgen.mutation.source import Edit, Source

_NEIGHBOURS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}


def boundary(node: ast.AST, source: Source) -> Iterator[Edit]:
    """With or without the limit itself; one further for the end of a range or slice, and so on."""
    yield from swapped(node, source, _NEIGHBOURS)
    match node:
        case ast.Call(func=ast.Name(id="range"), args=[start, stop, *_]):
            yield from _moved(source, start, stop)
        case ast.Call(func=ast.Name(id="range"), args=[stop]):
            yield from _moved(source, stop)
        case ast.Slice():
            yield from _moved(source, *filter(None, (node.lower, node.upper)))


def _moved(source: Source, *limits: ast.expr) -> Iterator[Edit]:
    for limit in limits:
        # Plain numbers are left to `constant`.
        if not isinstance(limit, ast.Constant | ast.Starred):
            for step in ("+ 1", "- 1"):
                yield source.replaced(limit, f"({source.of(limit)}) {step}")
