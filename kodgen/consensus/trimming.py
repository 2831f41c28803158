"""Takes single tests out of a test file and leaves the rest of it byte for byte as it is."""

import ast
import re
from collections.abc import Collection, Iterator

from kodgen.parse.python import is_main_guard, is_test, python_tree

_LINE_END = re.compile(r"\r\n?|\n")
_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef


def without_tests(source: str, names: Collection[str]) -> str | None:
    """The test file without some of its test functions.

    What a script would run of them goes too, a class with its last test, and a main guard with
    its last statement.

    Args:
        source: A test file.
        names: Functions and methods to take out, as `test_a` and `TestB::test_c`.

    Returns:
        The file without them; None where no test would stay, where the file is not Python, where
        one of the names is not a plain definition in it, or where what stays uses one of them.
    """
    tree = python_tree(source)
    if tree is None:
        return None
    gone = list(_definitions(tree, names))
    if {name for name, _ in gone} != set(names):
        return None
    nodes = _with_emptied(tree, [node for _, node in gone])
    top = {name for name in names if "::" not in name}
    nodes += _script_calls(tree, top)
    kept = _without_lines(source, nodes)
    left = python_tree(kept)
    if left is None or not any(_tests(node) for node in left.body):
        return None
    used = {node.id for node in ast.walk(left) if isinstance(node, ast.Name)}
    return kept if used.isdisjoint(top) else None


def _definitions(tree: ast.Module, names: Collection[str]) -> Iterator[tuple[str, ast.stmt]]:
    for node in tree.body:
        if isinstance(node, _FUNCTION) and node.name in names:
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, _FUNCTION) and f"{node.name}::{method.name}" in names:
                    yield f"{node.name}::{method.name}", method


def _with_emptied(tree: ast.Module, gone: list[ast.stmt]) -> list[ast.stmt]:
    """The statements that go, a class in place of its methods where none of its tests stays."""
    nodes = list(gone)
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            tests = [method for method in node.body if is_test(method)]
            if any(method in gone for method in tests) and all(one in gone for one in tests):
                nodes.append(node)
    return nodes


def _script_calls(tree: ast.Module, names: Collection[str]) -> list[ast.stmt]:
    """Calls of functions that go, in what only a script runs."""
    found: list[ast.stmt] = []
    for node in tree.body:
        if isinstance(node, ast.If) and is_main_guard(node):
            calls = [one for one in node.body if _calls(one, names)]
            found += [node] if calls and len(calls) == len(node.body) else calls
    return found


def _calls(node: ast.stmt, names: Collection[str]) -> bool:
    match node:
        case ast.Expr(value=ast.Call(func=ast.Name(id=name))):
            return name in names
        case _:
            return False


def _tests(node: ast.stmt) -> bool:
    """Whether a statement is a test, or a class with any."""
    if isinstance(node, ast.ClassDef):
        return any(isinstance(one, _FUNCTION) and is_test(one) for one in node.body)
    return is_test(node)


def _without_lines(source: str, nodes: Collection[ast.stmt]) -> str:
    ends = [mark.end() for mark in _LINE_END.finditer(source)] + [len(source)]
    starts = [0, *ends]
    gone: set[int] = set()
    for node in nodes:
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(one.lineno for one in decorators)])
        gone.update(range(first, (node.end_lineno or node.lineno) + 1))
    lines = range(1, len(ends) + 1)
    return "".join(source[starts[n - 1] : ends[n - 1]] for n in lines if n not in gone)
