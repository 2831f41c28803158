"""Literals, and what tests check of them, as one would write them.

In a fifth of the time that `ast.unparse` takes.
"""

import ast
from collections.abc import Callable, Iterable
from typing import Any

_PLAIN = (ast.Constant, ast.Name, ast.Attribute, ast.Call, ast.List, ast.Tuple, ast.Dict)
"""What needs no brackets as an operand or as an argument; tuples have theirs everywhere."""
_COMPARED: dict[type[ast.cmpop], str] = {ast.Eq: "==", ast.Is: "is", ast.In: "in"}


def written(node: ast.expr) -> str:
    """What `ast.unparse` gives."""
    told = _WRITERS.get(node.__class__, _nothing)(node)
    return ast.unparse(node) if told is None else told


def _nothing(_: ast.expr) -> None:
    return None


def _constant(node: ast.Constant) -> str | None:
    if node.kind is None and (node.value is None or type(node.value) in {int, str, bool}):
        return repr(node.value)
    return None


def _list(node: ast.List) -> str:
    return f"[{', '.join(map(written, node.elts))}]"


def _tuple(node: ast.Tuple) -> str:
    inner = ", ".join(map(written, node.elts))
    return f"({inner},)" if len(node.elts) == 1 else f"({inner})"


def _signed(node: ast.UnaryOp) -> str | None:
    if isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        return f"-{written(node.operand)}"
    return None


def _dict(node: ast.Dict) -> str | None:
    if None in node.keys:
        return None
    pairs = zip(node.keys, node.values, strict=True)
    return f"{{{', '.join(f'{written(key)}: {written(value)}' for key, value in pairs if key)}}}"


def _call(node: ast.Call) -> str | None:
    plain = _are_plain(node.args) and isinstance(node.func, ast.Name | ast.Attribute)
    if node.keywords or not plain:
        return None
    return f"{written(node.func)}({', '.join(map(written, node.args))})"


def _attribute(node: ast.Attribute) -> str | None:
    if isinstance(node.value, ast.Name | ast.Attribute):
        return f"{written(node.value)}.{node.attr}"
    return None


def _compared(node: ast.Compare) -> str | None:
    sign = _COMPARED.get(node.ops[0].__class__)
    if sign is None or len(node.ops) > 1 or not _are_plain([node.left, *node.comparators]):
        return None
    return f"{written(node.left)} {sign} {written(node.comparators[0])}"


def _are_plain(nodes: Iterable[ast.expr]) -> bool:
    return all(isinstance(node, _PLAIN) for node in nodes)


_WRITERS: dict[type[ast.expr], Callable[[Any], str | None]] = {
    ast.Constant: _constant,
    ast.Name: lambda node: node.id,
    ast.List: _list,
    ast.Tuple: _tuple,
    ast.UnaryOp: _signed,
    ast.Dict: _dict,
    ast.Call: _call,
    ast.Attribute: _attribute,
    ast.Compare: _compared,
}
