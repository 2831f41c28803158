"""Whether two sources say the same: by their syntax, whatever their comments and layout."""

import ast

from kodgen.parse.python import python_tree
from kodgen.records import content_hash

_DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def fingerprint(source: str) -> str | None:
    """A digest of what a source does; None where it is not Python.

    Comments, layout and docstrings are left out: a model's samples differ in these most of all.
    """
    tree = python_tree(source)
    if tree is None:
        return None
    try:
        return content_hash(_dump(tree), length=32)
    except RecursionError:
        return None


def _dump(node: object) -> str:
    """The tree as text; the trees are shared, so docstrings are passed over, not taken out."""
    if isinstance(node, ast.AST):
        fields = []
        for name, value in ast.iter_fields(node):
            if name in {"type_comment", "kind"}:
                continue
            documented = name == "body" and isinstance(node, _DOCUMENTED) and _has_docstring(node)
            fields.append(f"{name}={_dump(value[1:] if documented else value)}")
        return f"{type(node).__name__}({', '.join(fields)})"
    if isinstance(node, list):
        return f"[{', '.join(map(_dump, node))}]"
    return repr(node)


def _has_docstring(node: _DOCUMENTED) -> bool:
    match node.body:
        case [ast.Expr(value=ast.Constant(value=str())), *_]:
            return True
        case _:
            return False
