"""Brings a skeleton into one form: imports it needs, docstrings, and nothing in place of bodies."""

import ast
import builtins

from kodgen.parse.completion.bodies import is_placeholder, is_stub
from kodgen.parse.completion.needs import Function, bound_names
from kodgen.parse.imports import free_names, insertion
from kodgen.parse.python import is_main_guard, python_tree, tidy


def normalised(code: str, solution: ast.Module, needed: tuple[str, ...] = ()) -> str:
    """The skeleton as a question.

    A placeholder below a docstring goes, so that the text ends where a completion begins; so do a
    main guard, and comments behind the last statement. Names that it needs and does not bind are
    imported as the solution imports them, or from `typing`; models often leave these lines out.

    Args:
        code: Python source.
        solution: Where imports are taken from.
        needed: Names that the tests import besides.
    """
    tree = ast.parse(code)
    lines = code.split("\n")
    gone = {row for node in tree.body if is_main_guard(node) for row in _rows(node)}
    for node in ast.walk(tree):
        if isinstance(node, Function) and len(node.body) > 1 and is_stub(node):
            gone.update(_placeholders(node))
    rows = {row for node in tree.body for row in _rows(node)}
    last = max(rows - gone, default=0)
    kept = [line for row, line in enumerate(lines, 1) if row <= last and row not in gone]
    code = tidy("\n".join(kept))
    return _with_imports(code, solution, needed)


def undefined_names(text: str) -> tuple[str, ...]:
    """Names that a skeleton reads and nothing brings, sorted."""
    return tuple(sorted(_lacking(text, ast.parse(text))))


def _lacking(code: str, tree: ast.Module) -> set[str]:
    """Free names, those in annotations too where the interpreter would leave them unread."""
    annotations = [
        part
        for node in ast.walk(tree)
        for part in (getattr(node, "annotation", None), getattr(node, "returns", None))
        if part is not None
    ]
    named = {part.id for one in annotations for part in ast.walk(one) if isinstance(part, ast.Name)}
    return free_names(code) | (named - bound_names(tree) - set(dir(builtins)))


def _rows(node: ast.stmt) -> range:
    first = min([node.lineno, *(mark.lineno for mark in getattr(node, "decorator_list", ()))])
    return range(first, (node.end_lineno or node.lineno) + 1)


def _placeholders(function: Function) -> set[int]:
    """Lines that hold a placeholder and nothing else of the function's."""
    if ast.get_docstring(function, clean=False) is None:
        return set()
    docstring, *rest = function.body
    taken = set(_rows(docstring))
    return {row for part in rest if is_placeholder(part) for row in _rows(part)} - taken


def _with_imports(code: str, solution: ast.Module, needed: tuple[str, ...]) -> str:
    tree = python_tree(code)
    if tree is None:
        return code
    lacking = _lacking(code, tree) | (set(needed) - bound_names(tree))
    lines = _imports(lacking, solution)
    if not lines:
        return code
    at = insertion(code, tree)
    before, after = code[:at], code[at:]
    if before and not before.endswith("\n"):
        before += "\n"
    gap = "" if after.startswith(("\n", "from ", "import ")) else "\n\n"
    return before + "".join(f"{line}\n" for line in lines) + gap + after


def _imports(names: set[str], solution: ast.Module) -> list[str]:
    """Import lines for those of the names that an import can bring, sorted."""
    import typing

    plain, members = [], dict[str, list[str]]()
    left = set(names)
    for node in solution.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                name = alias.asname or alias.name.split(".", 1)[0]
                if name not in left:
                    continue
                left.discard(name)
                said = alias.name + (f" as {alias.asname}" if alias.asname else "")
                if isinstance(node, ast.Import):
                    plain.append(f"import {said}")
                else:
                    members.setdefault("." * node.level + (node.module or ""), []).append(said)
    typed = sorted(left & set(typing.__all__))
    members.setdefault("typing", []).extend(typed)
    lines = [f"from {module} import {', '.join(sorted(said))}"
             for module, said in members.items() if said]  # fmt: skip
    return sorted(plain) + sorted(lines)
