"""How far apart two pieces of code are as syntax trees, whatever they call their things.

The distance is that of pq-grams (Augsten, Boehlen, Gamper: Approximate Matching of Hierarchical
Data Using pq-Grams, VLDB 2005): every node is told with its parent and three children in a row, and
two trees are compared by the bags of these. It takes n log n steps where a tree edit distance takes
their cube, and follows it closely. Its authors' p = 2, q = 3 are used.
"""

import ast
import builtins
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from kodgen.parse.python import is_main_guard, is_test, python_tree

Profile = Counter[tuple[str, ...]]
"""The bag of a tree's pq-grams."""

_STEM = 2
_BASE = 3
_NONE = "*"
_BUILTINS = frozenset(dir(builtins))
_LEFT_OUT = (ast.expr_context, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal)


def tree_distance(one: str, other: str) -> float:
    """0 for the same tree, 1 for trees with nothing in common.

    Names, literals' values, annotations, docstrings, imports, tests and the order of what is not
    nested do not count; names of builtins, and attributes that the code does not define, do, as no
    renaming changes them. Code that is no Python has nothing in common with any.
    """
    a, b = tree_profile(one), tree_profile(other)
    total = a.total() + b.total()
    return 1 - 2 * (a & b).total() / total if total else 1.0


@lru_cache(maxsize=256)
def tree_profile(code: str) -> Profile:
    """The pq-grams of code; empty where it is no Python."""
    tree = python_tree(code)
    profile: Profile = Counter()
    if tree is None:
        return profile
    own = _own_names(tree)
    roots = [n for n in tree.body if not is_main_guard(n) and not is_test(n) and not _silent(n)]
    # A module's statements are trees of their own: their order says nothing.
    stack: list[tuple[ast.AST, str]] = [(node, _NONE) for node in roots]
    while stack:
        node, parent = stack.pop()
        label = _label(node, own)
        children = list(_children(node))
        labels = [_label(child, own) for child in children]
        padded = [_NONE] * (_BASE - 1) + labels + [_NONE] * (_BASE - 1) if labels else [_NONE] * 3
        for first in range(len(padded) - _BASE + 1):
            profile[(parent, label, *padded[first : first + _BASE])] += 1
        stack.extend((child, label) for child in children)
    return profile


def _children(node: ast.AST) -> Iterator[ast.AST]:
    for field, value in ast.iter_fields(node):
        if field in {"annotation", "returns", "type_comment", "type_params"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _silent(child):
                yield child


def _silent(node: ast.AST) -> bool:
    """Whether a node does nothing: a docstring, an import, how a name is used."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    return isinstance(node, _LEFT_OUT)


def _label(node: ast.AST, own: frozenset[str]) -> str:
    kind = type(node).__name__
    if isinstance(node, ast.Name) and node.id in _BUILTINS - own:
        return f"{kind} {node.id}"
    if isinstance(node, ast.Attribute) and node.attr not in own:
        return f"{kind} {node.attr}"
    if isinstance(node, ast.Constant):
        value = node.value
        return f"{kind} {value if value is None or isinstance(value, bool) else type(value)}"
    return kind


def _own_names(tree: ast.Module) -> frozenset[str]:
    """Names that the code gives: its variables, parameters, functions, classes and attributes."""
    own = set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            own.add(node.name)
        elif isinstance(node, ast.arg):
            own.add(node.arg)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            own.add(node.id)
        elif isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            own.add(node.attr)
    return frozenset(own)
