"""The statements inside a statement, without the expressions that most of a tree is made of."""

import ast
from collections.abc import Iterator

_HOLDING = frozenset({"body", "orelse", "finalbody", "handlers", "cases"})
_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {
    kind: tuple(field for field in kind._fields if field in _HOLDING)
    for kind in vars(ast).values()
    if isinstance(kind, type)
    and issubclass(kind, ast.mod | ast.stmt | ast.excepthandler | ast.match_case)
}


def block_of(node: ast.AST) -> Iterator[ast.AST]:
    """Statements, handlers of exceptions and cases right inside a node, in `ast`'s order."""
    for field in _FIELDS.get(node.__class__, ()):
        inner = getattr(node, field)
        # An expression's body is an expression.
        if isinstance(inner, list):
            yield from inner
