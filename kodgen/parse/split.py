"""Parts a text that holds both files, the solution and its tests, where it is clear how."""

import ast
import re

from kodgen.parse.python import is_definition, is_main_guard, is_test, python_tree, tidy

_FILE_COMMENT = re.compile(
    r"#.*\btest_\w+\.py\b|#.*\btest_solution\b|#[\s#=*-]*(?:unit |pytest )?tests?[\s:#=*-]*\Z",
    re.IGNORECASE,
)


def split_code(code: str) -> tuple[str, str] | None:
    """Solution and tests, or None where the code is not clearly both.

    The tests begin at a comment that names their file; else at the first import of pytest or of
    the solution behind a definition; else at the first test, if nothing but tests follows.
    """
    tree = python_tree(code)
    if tree is None:
        return None
    lines = code.split("\n")
    for row in _commented(lines, tree), _imported(tree), _tested(tree):
        if row is not None:
            solution, test = tidy("\n".join(lines[:row])), tidy("\n".join(lines[row:]))
            if _is_solution(solution) and _is_test_file(test):
                return solution, test
    return None


def _commented(lines: list[str], tree: ast.Module) -> int | None:
    inside = {row for node in tree.body for row in range(node.lineno, (node.end_lineno or 0) + 1)}
    for row, line in enumerate(lines):
        if row + 1 not in inside and _FILE_COMMENT.match(line):
            return row
    return None


def _imported(tree: ast.Module) -> int | None:
    defined = False
    for node in tree.body:
        if defined and _imports_for_tests(node):
            return node.lineno - 1
        defined = defined or is_definition(node)
    return None


def _tested(tree: ast.Module) -> int | None:
    first = next((n for n, node in enumerate(tree.body) if is_test(node)), None)
    if first is None or not all(is_test(node) or is_main_guard(node) for node in tree.body[first:]):
        return None
    node = tree.body[first]
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    return min([node.lineno, *(mark.lineno for mark in node.decorator_list)]) - 1


def _imports_for_tests(node: ast.stmt) -> bool:
    return bool(_imported_modules(node) & {"pytest", "solution"})


def _imported_modules(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    return {node.module or ""} if isinstance(node, ast.ImportFrom) else set()


def _is_solution(code: str) -> bool:
    tree = python_tree(code)
    if tree is None or any("solution" in _imported_modules(n) or is_test(n) for n in tree.body):
        return False
    return any(is_definition(node) for node in tree.body)


def _is_test_file(code: str) -> bool:
    tree = python_tree(code)
    return tree is not None and any(is_test(node) for node in tree.body)
