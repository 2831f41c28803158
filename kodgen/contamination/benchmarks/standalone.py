"""Tests that need nothing of a solution but its entry point, and that run when executed."""

import ast
import builtins
import re
import sys
from collections.abc import Iterable, Iterator

from kodgen.contamination.programs.trees import statements
from kodgen.parse.nodes import nodes
from kodgen.parse.python import python_tree

_BUILTINS = frozenset(dir(builtins)) | {"__name__", "__file__"}
_DEFINED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BINDING = (*_DEFINED, ast.Import, ast.ImportFrom)
_WORD = re.compile(r"\w+")
_RUN = "\nimport io as _io\nimport unittest as _unittest\n"
_UNITTEST = (
    _RUN
    + """
_suite = _unittest.TestSuite(
    _unittest.defaultTestLoader.loadTestsFromTestCase(_case)
    for _case in [{cases}]
)
_outcome = _unittest.TextTestRunner(stream=_io.StringIO()).run(_suite)
assert _outcome.testsRun and _outcome.wasSuccessful(), str(_outcome.failures + _outcome.errors)
"""
)


def standalone(tests: str, module: str, entry_point: str | None) -> str:
    """Tests together with what they use of a reference module besides the entry point.

    Imports are repeated; helpers are defined only where the solution under test has none of that
    name, since it may rely on its own.

    Args:
        tests: Python.
        module: Where the missing names are defined: the reference solution, or the prompt.
        entry_point: Name of the function under test, which is never taken from the module.
    """
    return "\n".join([*_missing(tests, module, entry_point), tests])


def _missing(tests: str, module: str, entry_point: str | None) -> list[str]:
    """Statements, as source, that tests need of a module."""
    tree, whole = python_tree(tests), python_tree(module)
    if tree is None or whole is None:
        return []
    bound = [_bound(node) for node in whole.body]
    offered = sys.stdlib_module_names.union(*bound) - {entry_point}
    if not _may_lack(tests, tree, offered):
        return []
    wanted = _unbound(tree) - {entry_point}
    taken: set[int] = set()
    while more := {
        place
        for place, names in enumerate(bound)
        if place not in taken and wanted.intersection(names) - {entry_point}
    }:
        taken |= more
        for place in more:
            wanted |= _unbound(whole.body[place]) - {entry_point}
    # Some releases left out an import that their tests or solutions rely on.
    modules = sorted((wanted & sys.stdlib_module_names) - set().union(*bound))
    imports = [f"import {name}" for name in modules]
    return imports + [_guarded(whole.body[place]) for place in sorted(taken)]


def _may_lack(tests: str, tree: ast.Module, offered: frozenset[str]) -> bool:
    """Whether tests may read names offered that they nowhere define, by words and imports alone."""
    named = offered.intersection(_WORD.findall(tests)) if tests.isascii() else offered
    bound = (_bound(node) for node in statements(tree) if isinstance(node, _BINDING))
    return not named <= _BUILTINS.union(*bound)


def runnable(tests: str, entry_point: str | None, module: str | None = None) -> str:
    """Tests that do something when executed, whichever way they are written.

    A function `check` is called with the entry point, test functions without parameters are
    called, `unittest` classes are run; statements such as asserts run by themselves.

    Args:
        tests: Python.
        entry_point: Name of the function under test.
        module: Where names that the tests miss are taken from, as by `standalone`.
    """
    tree = python_tree(tests.rstrip())
    if tree is None:
        return tests
    tests = tests.rstrip()
    before = [] if module is None else _missing(tests, module, entry_point)
    body = [*ast.parse("\n".join(before)).body, *tree.body]
    tests = "\n".join([*before, tests])
    called = {node.func.id for node in _calls(body) if isinstance(node.func, ast.Name)}
    functions = {node.name: node for node in body if isinstance(node, ast.FunctionDef)}
    if "check" in functions and "check" not in called and entry_point:
        return f"{tests}\n\ncheck({entry_point})\n"
    cases = [node.name for node in body if isinstance(node, ast.ClassDef) and _is_case(node)]
    if cases:
        return f"{tests}\n{_UNITTEST.format(cases=', '.join(cases))}"
    names = [
        name
        for name, node in functions.items()
        if name.startswith("test") and name not in called and not node.args.args
    ]
    return "\n".join([tests, "", *(f"{name}()" for name in names), ""])


def parted(tests: str) -> tuple[str, str]:
    """Tests, and what `runnable` wrote behind them that runs their `unittest` classes, if it did.

    The former is the text that `runnable` parsed, where it wrote nothing before it.
    """
    checks, run, rest = tests.rpartition(f"\n{_RUN}")
    return (checks, run + rest) if run else (tests, "")


def entry_point_of(solution: str, tests: Iterable[str]) -> str | None:
    """The function that tests call of those a solution defines, the last one defined.

    None where they call none, or where either is no Python.
    """
    tree = python_tree(solution)
    if tree is None:
        return None
    tests = list(tests)
    together = python_tree("\n".join([*tests, ""]))
    written = map(python_tree, tests) if together is None else [together]
    defined = [node.name for node in tree.body if isinstance(node, _DEFINED)]
    called = {
        node.func.id
        for test in written
        if test is not None
        for node in nodes(test)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    return next((name for name in reversed(defined) if name in called), None)


def _calls(body: list[ast.stmt]) -> Iterator[ast.Call]:
    """Calls outside of functions and classes."""
    for node in body:
        if not isinstance(node, _DEFINED):
            yield from (call for call in nodes(node) if isinstance(call, ast.Call))


def _is_case(node: ast.ClassDef) -> bool:
    return any(ast.unparse(base).rsplit(".", 1)[-1].endswith("TestCase") for base in node.bases)


def _bound(node: ast.AST) -> set[str]:
    """Names that a statement at a module's top defines."""
    if isinstance(node, _DEFINED):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).split(".", 1)[0] for alias in node.names}
    return {
        found.id
        for found in nodes(node)
        if isinstance(found, ast.Name) and isinstance(found.ctx, ast.Store)
    }


def _unbound(tree: ast.AST) -> set[str]:
    """Names that code reads and nowhere defines."""
    read: set[str] = set()
    bound = set(_BUILTINS)
    for node in nodes(tree):
        if isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, _BINDING):
            bound |= _bound(node)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            bound.add(node.name)
    return read - bound


def _guarded(node: ast.stmt) -> str:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return ast.unparse(node)
    names = ", ".join(map(repr, sorted(_bound(node))))
    missing = ast.parse(f"not {{{names}}} <= set(globals())", mode="eval").body
    return ast.unparse(ast.If(test=missing, body=[node], orelse=[]))
