"""An arithmetic or bitwise operator becomes another, also where it assigns."""

import ast
from collections.abc import Iterator

from kodgen.mutation.source import Edit, Source

_BECOMES: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "*"),
    ast.Pow: ("**", "*"),
    ast.LShift: ("<<", ">>"),
    ast.RShift: (">>", "<<"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
    ast.BitXor: ("^", "&"),
}


def arithmetic(node: ast.AST, source: Source) -> Iterator[Edit]:
    """`a + b` to `a - b` and the like; a sign is lost."""
    match node:
        case ast.BinOp():
            yield from _swapped(source, node.left, node.op, node.right, "")
        case ast.UnaryOp(op=ast.USub() | ast.Invert()):
            start = source.span(node)[0]
            yield Edit(start, start + 1, "")


def assignment(node: ast.AST, source: Source) -> Iterator[Edit]:
    """`a += b` to `a -= b` and to `a = b`, and the like."""
    if isinstance(node, ast.AugAssign):
        yield from _swapped(source, node.target, node.op, node.value, "=")
        word = _BECOMES[type(node.op)][0] if type(node.op) in _BECOMES else "@"
        edit = source.between(node.target, node.value, f"{word}=", "=")
        if edit is not None:
            yield edit


def _swapped(
    source: Source, left: ast.expr, kind: ast.operator, right: ast.expr, suffix: str
) -> Iterator[Edit]:
    if type(kind) in _BECOMES:
        word, becomes = _BECOMES[type(kind)]
        edit = source.between(left, right, word + suffix, becomes + suffix)
        if edit is not None:
            yield edit
