"""The nodes of a syntax tree, in less than half the time that `ast.walk` takes."""

import ast

_NO_NODES = frozenset({"id", "attr", "ctx", "op", "ops", "kind", "type_comment"})
"""Fields that hold no node, or nodes that are passed over."""
_FIELDS = {
    kind: tuple(field for field in kind._fields if field not in _NO_NODES)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}


def nodes(tree: ast.AST) -> list[ast.AST]:
    """A node and all below it, in the order of `ast.walk`.

    Passed over are what says no more than its parent's kind and text do: operators, and whether a
    name is read or written.
    """
    told = [tree]
    add = told.append
    for node in told:
        for field in _FIELDS[node.__class__]:
            value = getattr(node, field, None)
            if isinstance(value, list):
                for one in value:
                    if isinstance(one, ast.AST):
                        add(one)
            elif isinstance(value, ast.AST):
                add(value)
    return told
