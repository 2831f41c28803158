"""Rewrites a solution by rule as one would to hide where it is from; it still does the same."""

import ast
import builtins
from collections.abc import Sequence

from kodgen.contamination.planted.restructuring import restructured

WORDS = ("alpha", "beta", "gamma", "delta", "item", "value", "acc", "flag", "step", "mark")


def rewritten(
    code: str,
    entry_point: str,
    *,
    method: bool = False,
    backwards: bool = False,
    typed: bool = False,
    loops: bool = True,
) -> str:
    """A module that does what `code` does, with other names and another structure.

    Args:
        code: The solution, a whole module.
        entry_point: Its function.
        method: Make it a method of `class Solution`.
        backwards: Take its parameters in reversed order.
        typed: Keep annotations.
        loops: Write loops, branches and comprehensions in another way.
    """
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        if not typed:
            _untype(node)
    names = _own_names(tree)
    tree = _Renaming(names).visit(tree)
    if loops:
        tree = restructured(tree)
    tree.body = _reordered(tree.body)
    entry = next(
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name == names.get(entry_point, entry_point)
    )
    calls_itself = any(
        isinstance(node, ast.Name) and node.id == entry.name for node in ast.walk(entry)
    )
    if backwards and not calls_itself and not entry.args.defaults:
        entry.args.args.reverse()
    if method and not calls_itself:
        entry.args.args.insert(0, ast.arg(arg="self"))
        wrapped = ast.ClassDef("Solution", [], [], [entry], [])
        tree.body[tree.body.index(entry)] = wrapped
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def _untype(node: ast.AST) -> None:
    if isinstance(node, ast.arg):
        node.annotation = None
    elif isinstance(node, ast.FunctionDef):
        node.returns = None


def _own_names(tree: ast.Module) -> dict[str, str]:
    """New names of what the module defines, functions and variables."""
    found: dict[str, None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.setdefault(node.name)
        elif isinstance(node, ast.arg):
            found.setdefault(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.setdefault(node.id)
    kept = {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword)}
    own = [name for name in found if name not in kept and not hasattr(builtins, name)]
    return {name: f"{WORDS[number % len(WORDS)]}_{number}" for number, name in enumerate(own)}


def _reordered(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Functions last defined first, behind all else."""
    functions = [node for node in body if isinstance(node, ast.FunctionDef)]
    return [node for node in body if node not in functions] + functions[::-1]


class _Renaming(ast.NodeTransformer):
    def __init__(self, names: dict[str, str]) -> None:
        self._names = names

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.name = self._names.get(node.name, node.name)
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg = self._names.get(node.arg, node.arg)
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self._names.get(node.id, node.id)
        return node
