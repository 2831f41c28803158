"""Makes a test file stand on its own: names it takes from the solution are imported explicitly.

Many models leave the import out. The reference pipeline puts `from solution import *` above every
test file; naming what is used instead keeps released tests readable and hides no missing name.
"""

import ast
import builtins
import re
import symtable
from collections.abc import Iterator

from kodgen.parse.python import is_main_guard, python_tree

_STAR = re.compile(r"^from \S+ import \*", re.MULTILINE)
_LINE_END = re.compile(r"\r\n?|\n")
_WORD = re.compile(r"[A-Za-z_]\w*")
_BUILTINS = frozenset(dir(builtins))


def with_solution_imports(solution: str, test: str) -> str:
    """Add `from solution import …` for names the test uses, never binds, and the solution defines.

    Code that does not parse is returned as it is: running it tells what is wrong with it.
    """
    tests, module = python_tree(test), python_tree(solution)
    if tests is None or module is None:
        return test
    if not _may_lack(solution, module, test, tests):
        return test
    try:
        free = free_names(test)
        defined = defined_names(solution, module)
    except (SyntaxError, RecursionError):  # what only compiling finds, such as a second `nonlocal`
        return test
    at = insertion(test, tests)
    missing = free & defined
    lines = ""
    if free - missing and _STAR.search(solution):
        # What `from typing import *` brought into the solution can't be told from its source.
        lines = "from solution import *\n"
        if "__all__" not in defined:
            missing = {name for name in missing if name.startswith("_")}
    if missing:
        lines += f"from solution import {', '.join(sorted(missing))}\n"
    if not lines:
        return test
    before, after = test[:at], test[at:]
    if before and not before.endswith(("\n", "\r")):
        before += "\n"
    gap = "" if after.startswith(("\n", "from ", "import ")) else "\n"
    return before + lines + gap + after


def _may_lack(solution: str, module: ast.Module, test: str, tests: ast.Module) -> bool:
    """Whether the test may use a name of the solution that it does not bind.

    Most tests import what they use, and a look at their words and imports shows that; the symbol
    tables that tell for sure take longer than all else here.
    """
    if _STAR.search(solution) or not (solution.isascii() and test.isascii()):
        return True
    plain = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    defined, bound = set[str](), set[str]()
    for node in module.body:
        # Only imports and definitions bind names that are read off so simply.
        if isinstance(node, plain):
            defined.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            defined.update(_imported(node))
        else:
            defined.update(_named(node))
    for node in tests.body:
        if isinstance(node, plain):
            bound.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            bound.update(_imported(node))
    return not set(_WORD.findall(test)).isdisjoint(defined - bound)


def _imported(node: ast.Import | ast.ImportFrom) -> set[str]:
    """The names that an import binds."""
    return {alias.asname or alias.name.split(".", 1)[0] for alias in node.names}


def _named(statement: ast.stmt) -> Iterator[str]:
    """Every name that a statement holds, whether it binds it or not."""
    for node in ast.walk(statement):
        for value in vars(node).values():
            if isinstance(value, str):
                yield value.split(".", 1)[0]


def insertion(test: str, tree: ast.Module) -> int:
    """Offset of the line below the docstring and the `__future__` imports, which must be first."""
    last = 0
    for number, node in enumerate(tree.body):
        docstring = (
            number == 0
            and isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        )
        if not docstring and not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
            break
        last = node.end_lineno or 0
    if not last:
        return 0
    ends = [mark.end() for mark in _LINE_END.finditer(test)] + [len(test)]
    return ends[last - 1]


def free_names(source: str) -> set[str]:
    """Names a module reads but never binds at its top level, builtins aside."""
    top = symtable.symtable(source, "test", "exec")
    bound = _bound_at_top(top)
    used: set[str] = set()
    tables = [top]
    while tables:
        table = tables.pop()
        tables.extend(table.get_children())
        for symbol in table.get_symbols():
            if symbol.is_referenced() and (symbol.is_global() or table is top):
                used.add(symbol.get_name())
    return used - bound - _BUILTINS


def defined_names(source: str, tree: ast.Module) -> set[str]:
    """Names a module binds at its top level when imported, imported ones included."""
    guards = [node for node in tree.body if is_main_guard(node)]
    if guards:
        # What is bound when run as a script, an import does not bring.
        lines = _LINE_END.split(source)
        for node in guards:
            for row in range(node.lineno - 1, node.end_lineno or node.lineno):
                lines[row] = ""
        source = "\n".join(lines)
    return _bound_at_top(symtable.symtable(source, "solution", "exec"))


def _bound_at_top(table: symtable.SymbolTable) -> set[str]:
    return {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()
    }
