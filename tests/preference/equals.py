"""Copies of solutions that say the same in other words: no faster, no slower."""

import ast
import builtins


class _Renamed(ast.NodeTransformer):
    def __init__(self, names: dict[str, str]) -> None:
        self._names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self._names.get(node.id, node.id), node.ctx)

    def visit_arg(self, node: ast.arg) -> ast.arg:
        return ast.arg(self._names.get(node.arg, node.arg))


def renamed(code: str) -> str:
    """Other names for all variables, and a docstring and comments besides."""
    tree = ast.parse(code)
    kept = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    kept |= set(dir(builtins))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            kept |= {alias.name for alias in node.names}
    names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
    names += [node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)]
    other = {name: f"the_{name}" for name in names if name not in kept}
    tree = _Renamed(other).visit(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.body.insert(0, ast.Expr(ast.Constant("Said in other words.")))
    return "# Another hand wrote this.\n" + ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def rearranged(code: str) -> str:
    """A helper that nothing calls in front of the renamed code: another form for sure."""
    return "def unrelated(value):\n    return [value, value + 1]\n\n\n" + renamed(code)
