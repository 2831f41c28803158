"""Whether tests and solution can run in two processes, as far as their text says.

Strict mode lets only plain values cross between the two. Where the tests plainly need more (a
class of the solution, its output, its attributes), no run is needed to know. What the text does
not show, the run finds out.
"""

import ast
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kodgen.sandbox.taking import BUILTINS, Offered, Taking
from kodgen.sandbox.testfile import LONGEST_SOURCE

_FIXTURES = {
    **dict.fromkeys(("capsys", "capfd", "capsysbinary", "capfdbinary"), "reads what is printed"),
    **dict.fromkeys(("caplog",), "reads what is logged"),
    **dict.fromkeys(("recwarn",), "reads warnings"),
    **dict.fromkeys(("monkeypatch", "mocker"), "patches"),
    **dict.fromkeys(("tmp_path", "tmpdir", "tmp_path_factory", "tmpdir_factory"), "uses files"),
    **dict.fromkeys(("pytester", "testdir"), "runs pytest itself"),
}
_MODULES = {
    **dict.fromkeys(("pathlib", "tempfile", "shutil", "glob", "sqlite3"), "uses files"),
    **dict.fromkeys(("mock", "unittest.mock", "builtins"), "patches"),
    **dict.fromkeys(("inspect", "dis", "gc", "ctypes", "weakref", "linecache"), "looks inside"),
    **dict.fromkeys(("tracemalloc", "resource", "psutil", "cProfile"), "measures its process"),
    **dict.fromkeys(("subprocess", "multiprocessing", "signal"), "uses processes"),
    **dict.fromkeys(("importlib", "runpy", "doctest", "pkgutil"), "loads the solution by hand"),
    **dict.fromkeys(("warnings", "logging", "locale"), "uses state of the process"),
}
"""Modules whose use shows that the tests watch or change the process the solution runs in."""
_STATELESS = {
    "sys": {"maxsize", "float_info", "int_info", "maxunicode", "version_info", "version"}
    | {"platform", "byteorder", "exit"},
    "os": {"path", "sep", "linesep", "pathsep", "cpu_count", "urandom", "name"},
}
"""Of modules that are mostly state of the process: what is not."""
_CALLS = {
    "redirect_stdout": "reads what is printed",
    "redirect_stderr": "reads what is printed",
    "redirect_stdin": "gives standard input",
    "warns": "reads warnings",
    "deprecated_call": "reads warnings",
    "importorskip": "loads the solution by hand",
    "ProcessPoolExecutor": "uses processes",
    "open": "uses files",
    "id": "compares by identity",
    "exec": "runs text as code",
    "eval": "runs text as code",
    "__import__": "loads the solution by hand",
}
_STATE_OF = {
    "seed": ("random", "numpy"),
    "setstate": ("random", "numpy"),
    "getcontext": ("decimal",),
    "setcontext": ("decimal",),
    "localcontext": ("decimal",),
}
"""Functions that change state which a solution shares if it imports one of these modules."""
_ATTRIBUTES = frozenset(
    f"__{name}__"
    for name in (
        *("doc", "annotations", "wrapped", "code", "defaults", "kwdefaults", "closure"),
        *("globals", "cause", "context", "suppress_context", "traceback", "file", "dict"),
    )
)
_ITERATORS = frozenset({"iter", "map", "filter", "zip", "reversed", "enumerate"})
_UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the texts say of a split run."""

    reason: str
    """Why there can be none, in words; empty if there can."""
    names: tuple[str, ...] = ()
    """What `from solution import *` is to give the tests: the names they mean to have from it."""


def read(solution: str, test: str) -> str:
    """Why a pair can't be split, in words; empty if it can, as far as the text says."""
    return plan(solution, test).reason


def plan(solution: str, test: str) -> Plan:
    """Read a pair; never raises."""
    if max(len(solution), len(test)) > LONGEST_SOURCE:
        return Plan("is too long to be read")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            offered = Offered(ast.parse(solution))
            taking = Taking(test, offered)
        return Plan(next(_reasons(taking, offered), ""), taking.starred)
    except _UNREADABLE:
        return Plan("can't be parsed")


def _reasons(taking: Taking, offered: Offered) -> Iterator[str]:
    """Why a pair can't be split, one reason after another."""
    if not taking.anything:
        yield "takes nothing from the solution"
    if taking.conflict:
        yield f"has the solution's {taking.conflict} in place of another"
    for name in sorted(taking.origins):
        if reason := offered.why_not(name):
            yield reason
    for node in taking.nodes:
        rule = _RULES.get(type(node))
        if rule is not None:
            yield from rule(node, taking, offered)


def _of_parameter(node: ast.arg, _taking: Taking, _offered: Offered) -> Iterator[str]:
    if node.arg in _FIXTURES:
        yield _FIXTURES[node.arg]


def _of_import(node: ast.Import, _taking: Taking, _offered: Offered) -> Iterator[str]:
    for alias in node.names:
        yield from _of_module(alias.name)


def _of_import_from(node: ast.ImportFrom, _taking: Taking, _offered: Offered) -> Iterator[str]:
    module = node.module or ""
    yield from _of_module(module)
    for alias in node.names:
        yield from _of_module(f"{module}.{alias.name}")
        if module in _STATELESS and alias.name not in _STATELESS[module]:
            yield f"uses {module}.{alias.name}"


def _of_name(node: ast.Name, taking: Taking, _offered: Offered) -> Iterator[str]:
    if node.id in taking.aliases and id(node) not in taking.owners:
        yield "uses the solution's module as a value"


def _of_module(name: str) -> Iterator[str]:
    if name in _MODULES:
        yield f"{_MODULES[name]} ({name})"
    elif (top := name.partition(".")[0]) != name and top in _MODULES:
        yield f"{_MODULES[top]} ({name})"


def _of_attribute(node: ast.Attribute, taking: Taking, offered: Offered) -> Iterator[str]:
    if node.attr in _ATTRIBUTES:
        yield f"looks at {node.attr}"
    owner = node.value.id if isinstance(node.value, ast.Name) else ""
    if owner in _STATELESS and node.attr not in _STATELESS[owner]:
        yield f"uses {owner}.{node.attr}"
    elif owner in taking.names and node.attr != "__name__":
        yield f"looks at {owner}.{node.attr}"
    elif owner in taking.aliases:
        if not isinstance(node.ctx, ast.Load):
            yield f"changes {node.attr} of the solution"
        elif reason := offered.why_not(node.attr):
            yield reason


def _of_comparison(node: ast.Compare, _taking: Taking, _offered: Offered) -> Iterator[str]:
    sides = [node.left, *node.comparators]
    for position, operator in enumerate(node.ops):
        if isinstance(operator, ast.Is | ast.IsNot):
            pair = sides[position : position + 2]
            if not any(_one_of_a_kind(side) for side in pair):
                yield "compares by identity"


def _one_of_a_kind(node: ast.expr) -> bool:
    """Whether an expression is None, a boolean, `...` or a builtin class."""
    match node:
        case ast.Constant(value=value):
            return value is None or value is ... or isinstance(value, bool)
        case ast.Name(id=name):
            return name in BUILTINS
        case _:
            return False


def _of_call(node: ast.Call, taking: Taking, offered: Offered) -> Iterator[str]:
    name = _last_name(node.func)
    if name in _CALLS and name not in taking.names:
        yield f"{_CALLS[name]} ({name})"
    elif name in _STATE_OF and offered.modules.intersection(_STATE_OF[name]):
        yield f"shares state of the process ({name})"
    match node.func:
        case ast.Name(id=called):
            solutions = called in taking.names
        case ast.Attribute(value=ast.Name(id=owner)):
            solutions = owner in taking.aliases
        case _:
            solutions = False
    if solutions:
        for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
            yield from _of_argument(argument, taking)


def _of_argument(node: ast.expr, taking: Taking) -> Iterator[str]:
    match node:
        case ast.Lambda():
            yield "gives a function to the solution"
        case ast.GeneratorExp():
            yield "gives a generator to the solution"
        case ast.Name(id=name) if name in taking.defined and name not in taking.names:
            yield f"gives {name} to the solution"
        case ast.Call(func=ast.Name(id=name)) if name in _ITERATORS:
            yield "gives an iterator to the solution"


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


_RULES: dict[type[ast.AST], Callable[..., Iterator[str]]] = {
    ast.arg: _of_parameter,
    ast.Import: _of_import,
    ast.ImportFrom: _of_import_from,
    ast.Name: _of_name,
    ast.Attribute: _of_attribute,
    ast.Compare: _of_comparison,
    ast.Call: _of_call,
}
