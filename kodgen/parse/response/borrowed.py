"""Tests of one solution made ready for another: what it only imported, they import themselves."""

import ast

from kodgen.parse.python import python_tree
from kodgen.parse.response.asked import MODULE


def without_borrowed(solution: str, test: str) -> str:
    """The tests, with names such as `List` taken from where their solution has them.

    A test that imports `List` from its solution would fail another that writes `list`, right as
    that one may be. Tests that take nothing but such names are left as they are, and so are those
    that take none.

    Args:
        solution: The solution that the tests were written for.
        test: Their source.
    """
    imported, tree = _imported_alone(solution), python_tree(test)
    lines = test.split("\n")
    if not imported or tree is None or _takes(tree) <= imported.keys():
        return test
    for node in reversed(tree.body):
        if not isinstance(node, ast.ImportFrom) or node.module != MODULE:
            continue
        left = [alias for alias in node.names if alias.name not in imported]
        if len(left) == len(node.names) or not _alone(node, tree):
            continue
        statements = [
            _statement(alias.asname or alias.name, *imported[alias.name])
            for alias in node.names
            if alias.name in imported
        ]
        if left:
            statements.append(ast.unparse(ast.ImportFrom(MODULE, left, 0)))
        lines[node.lineno - 1 : node.end_lineno or node.lineno] = statements
    return "\n".join(lines)


def _imported_alone(solution: str) -> dict[str, tuple[str, str | None]]:
    """Module and name there, None for the module itself, by what top-level imports alone bind."""
    tree = python_tree(solution)
    found: dict[str, tuple[str, str | None]] = {}
    others = set[str]()
    for node in tree.body if tree else []:
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.update({a.asname or a.name: (node.module, a.name) for a in node.names})
        elif isinstance(node, ast.Import):
            plain = [alias for alias in node.names if alias.asname or "." not in alias.name]
            found.update({a.asname or a.name: (a.name, None) for a in plain})
        else:
            others |= {
                value
                for part in ast.walk(node)
                for value in (
                    part.name
                    if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
                    else part.id
                    if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
                    else "",
                )
            }
    return {name: where for name, where in found.items() if name not in others}


def _statement(name: str, module: str, there: str | None) -> str:
    alias = ast.alias(there or module, name if name != (there or module) else None)
    node = ast.ImportFrom(module, [alias], 0) if there else ast.Import([alias])
    return ast.unparse(node)


def _takes(tree: ast.Module) -> set[str]:
    return {
        alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == MODULE
        for alias in node.names
    }


def _alone(node: ast.stmt, tree: ast.Module) -> bool:
    """Whether no other statement shares its lines."""
    rows = range(node.lineno, (node.end_lineno or node.lineno) + 1)
    return not any(
        other is not node and (other.lineno in rows or (other.end_lineno or 0) in rows)
        for other in tree.body
    )
