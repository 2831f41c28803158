"""A statement is left out, leaves another loop than it should, or gives nothing."""

import ast
from collections.abc import Iterator

from kodgen.mutation.source import Edit, Source


def removal(node: ast.AST, source: Source) -> Iterator[Edit]:
    """A call, a change of something that exists, or a raised error is left out.

    The first assignment to a name stays: without it any run fails, which tells nothing of tests.
    """
    match node:
        case ast.Expr(value=ast.Call() | ast.Await()) | ast.AugAssign() | ast.Delete():
            yield source.replaced(node, "pass")
        case ast.Assign(targets=[ast.Subscript() | ast.Attribute()]) | ast.Raise():
            yield source.replaced(node, "pass")


def returned(node: ast.AST, source: Source) -> Iterator[Edit]:
    """Nothing is returned or yielded in place of a value."""
    if isinstance(node, ast.Return | ast.Yield) and node.value is not None:
        value = node.value
        if not (isinstance(value, ast.Constant) and value.value is None):
            yield source.replaced(value, "None")


def loop(node: ast.AST, source: Source) -> Iterator[Edit]:
    """A loop is left where it should go on, or goes on where it should be left."""
    match node:
        case ast.Break():
            yield source.replaced(node, "continue")
        case ast.Continue():
            yield source.replaced(node, "break")
