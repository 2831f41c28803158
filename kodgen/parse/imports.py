"""Makes a test file stand on its own: names it takes from the solution are imported explicitly.

Many models leave the import out. The reference pipeline puts `from solution import *` above every
test file; naming what is used instead keeps released tests readable and hides no missing name.
"""

import builtins
import re
import symtable

_STAR = re.compile(r"^from \S+ import \*", re.MULTILINE)
_FUTURE = re.compile(r"\A(?:[ \t]*(?:#[^\n]*)?\n|from __future__ import [^\n]+\n)*", re.MULTILINE)


def with_solution_imports(solution: str, test: str) -> str:
    """Add `from solution import …` for names the test uses, never binds, and the solution defines.

    Code that does not parse is returned as it is: running it tells what is wrong with it.
    """
    try:
        free = _free_names(test)
        missing = free & _defined_names(solution)
    except (SyntaxError, ValueError):  # ValueError: null bytes
        return test
    if free - missing and _STAR.search(solution):
        # What `from typing import *` brought into the solution can't be told from its source.
        line = "from solution import *\n"
    elif missing:
        line = f"from solution import {', '.join(sorted(missing))}\n"
    else:
        return test
    top = _FUTURE.match(test)
    at = top.end() if top and "__future__" in top[0] else 0
    gap = "" if test[at:].startswith(("\n", "from ", "import ")) else "\n"
    return test[:at] + line + gap + test[at:]


def _free_names(source: str) -> set[str]:
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
    return used - bound - set(dir(builtins))


def _defined_names(source: str) -> set[str]:
    """Names a module binds at its top level, imported ones included."""
    return _bound_at_top(symtable.symtable(source, "solution", "exec"))


def _bound_at_top(table: symtable.SymbolTable) -> set[str]:
    return {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()
    }
