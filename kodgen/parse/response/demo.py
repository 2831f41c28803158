"""Takes off the demonstration that a solution ends in.

Prints, asserts and calls below the functions run on import: an example that the model got wrong,
or a call of `input`, would fail functions that are right. What sets up a table by calling the
code's own function is left in place: only what shows, asserts or reads input is a demonstration.
"""

import ast
import re
import symtable

from kodgen.parse.python import is_main_guard, python_tree, tidy

_SHOWING = frozenset({"print", "pprint", "input", "main", "display", "help"})
_RUNNERS = frozenset({("unittest", "main"), ("doctest", "testmod"), ("pytest", "main")})
_COMMENTS = re.compile(r"(?:\n[ \t]*#[^\n]*|\n[ \t]*)*\Z")


def without_demo(code: str, names: frozenset[str]) -> str:
    """The code up to the demonstration at its end; all of it where there is none.

    Args:
        code: A module.
        names: What tests need of it: never taken off.
    """
    tree = python_tree(code)
    if tree is None:
        return code
    end = _end(code, tree.body, names)
    if end == len(tree.body) or end == 0:
        return code
    first, before = tree.body[end], tree.body[end - 1]
    if first.lineno <= (before.end_lineno or 0):  # both on one line
        return code
    return tidy(_COMMENTS.sub("", "\n".join(code.split("\n")[: first.lineno - 1])))


def _end(code: str, body: list[ast.stmt], names: frozenset[str]) -> int:
    """How many statements stay: all up to those that show something, and what only sets that up."""
    end = len(body)
    first = next((n + 1 for n in reversed(range(end)) if not _loose(body[n])), 0)
    defined = code.split("\n")[: body[first - 1].end_lineno if first else 0]
    needed = names | _read_by_functions("\n".join(defined))
    for row in reversed(range(first, end)):
        node = body[row]
        if _stored(node) & needed:
            break
        if _shows(node) or (row + 1 == end < len(body) and isinstance(node, ast.Assign)):
            end = row
    return end


def _read_by_functions(code: str) -> set[str]:
    """Names of the module that its functions and classes read."""
    try:
        tables = symtable.symtable(code, "solution", "exec").get_children()
    except (SyntaxError, RecursionError):  # two statements on a line, say
        return set()
    read = set[str]()
    while tables:
        table = tables.pop()
        tables.extend(table.get_children())
        read |= {s.get_name() for s in table.get_symbols() if s.is_referenced() and s.is_global()}
    return read


def _loose(node: ast.stmt) -> bool:
    """Whether a statement may be part of a demonstration."""
    definitions = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return not isinstance(node, definitions | ast.Import | ast.ImportFrom)


def _shows(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assert) or is_main_guard(node):
        return True
    return any(_is_showing(part) for part in ast.walk(node) if isinstance(part, ast.Call))


def _is_showing(call: ast.Call) -> bool:
    if isinstance(call.func, ast.Name):
        return call.func.id in _SHOWING
    if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
        return (call.func.value.id, call.func.attr) in _RUNNERS
    return False


def _stored(node: ast.stmt) -> set[str]:
    if is_main_guard(node):  # bound when run as a script, never by an import
        return set()
    return {
        p.id for p in ast.walk(node) if isinstance(p, ast.Name) and isinstance(p.ctx, ast.Store)
    }
