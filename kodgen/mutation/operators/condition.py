"""What is true becomes false: connectives, negations, conditions, and whole branches."""

import ast
from collections.abc import Iterator
from itertools import pairwise

from kodgen.mutation.source import Edit, Source


def boolean(node: ast.AST, source: Source) -> Iterator[Edit]:
    """`and` becomes `or` and the reverse; a `not` is lost."""
    match node:
        case ast.BoolOp():
            words = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
            for left, right in pairwise(node.values):
                edit = source.between(left, right, *words)
                if edit is not None:
                    yield edit
        case ast.UnaryOp(op=ast.Not()):
            start = source.span(node)[0]
            length = len("not ") if source.of(node).startswith("not ") else len("not")
            yield Edit(start, start + length, "")


def negation(node: ast.AST, source: Source) -> Iterator[Edit]:
    """A condition becomes its opposite; `comparison` and `boolean` do that to their own."""
    tests = node.ifs if isinstance(node, ast.comprehension) else []
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        tests = [node.test]
    for test in tests:
        simple = isinstance(test, ast.Compare) and len(test.ops) == 1
        negated = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
        if not simple and not negated and not isinstance(test, ast.Constant | ast.NamedExpr):
            yield source.replaced(test, f"not ({source.of(test)})")


def branch(node: ast.AST, source: Source) -> Iterator[Edit]:
    """A branch is always taken, or never."""
    if isinstance(node, ast.If | ast.IfExp) and not isinstance(node.test, ast.Constant):
        for value in ("True", "False"):
            yield source.replaced(node.test, value)
