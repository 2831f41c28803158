"""How a piece of code goes about its task: the constructs it uses, as a set of short words."""

import ast
from collections.abc import Iterator

from kodgen.parse.python import is_main_guard, is_test, python_tree

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_NODES: tuple[tuple[str, tuple[type[ast.AST], ...]], ...] = (
    ("for loop", (ast.For, ast.AsyncFor)),
    ("while loop", (ast.While,)),
    ("comprehension", (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)),
    ("generator", (ast.Yield, ast.YieldFrom)),
    ("lambda", (ast.Lambda,)),
    ("class", (ast.ClassDef,)),
    ("exceptions", (ast.Try,)),
    ("dict", (ast.Dict, ast.DictComp)),
    ("set", (ast.Set, ast.SetComp)),
    ("bit operations", (ast.BitAnd, ast.BitXor, ast.LShift, ast.RShift, ast.Invert)),
)
_CALLS = {
    "sorted": "sorting",
    "sort": "sorting",
    "dict": "dict",
    "set": "set",
    "frozenset": "set",
    "map": "map or filter",
    "filter": "map or filter",
    "reversed": "reversal",
    "reverse": "reversal",
    "zip": "zip",
    "join": "joining",
    "sum": "sum, min or max",
    "min": "sum, min or max",
    "max": "sum, min or max",
}
_SILENT = frozenset({"__future__", "abc", "typing", "typing_extensions", "collections.abc"})
"""Modules that only describe code."""


def approach(code: str) -> frozenset[str]:
    """Constructs, data structures and library functions that code uses; empty if no Python.

    Imports count where they are used; a demonstration under
    `if __name__ == "__main__":`, or tests, do not.
    """
    tree = python_tree(code)
    body = [
        node
        for node in (tree.body if tree else [])
        if not is_main_guard(node) and not is_test(node)
    ]
    nodes = [part for node in body for part in ast.walk(node)]
    found = {word for word, kinds in _NODES if any(isinstance(n, kinds) for n in nodes)}
    found |= {_CALLS[name] for name in _called(nodes) if name in _CALLS}
    found |= set(_libraries(nodes))
    if any(_recursive(node) for node in nodes if isinstance(node, _FUNCTIONS)):
        found.add("recursion")
    if any(_nested(node) for node in nodes if isinstance(node, _LOOPS)):
        found.add("nested loops")
    return frozenset(found)


def _called(nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id
            elif isinstance(node.func, ast.Attribute):
                yield node.func.attr


def _libraries(nodes: list[ast.AST]) -> Iterator[str]:
    """What is used of imported modules, as `heapq.heappush`, however it was imported."""
    modules: dict[str, str] = {}
    names: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            modules.update({alias.asname or alias.name: alias.name for alias in node.names})
        elif isinstance(node, ast.ImportFrom) and node.module and node.module not in _SILENT:
            names.update({a.asname or a.name: f"{node.module}.{a.name}" for a in node.names})
    for node in nodes:
        if isinstance(node, ast.Name) and node.id in names:
            yield names[node.id]
        elif (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and modules.get(node.value.id, "typing") not in _SILENT
        ):
            yield f"{modules[node.value.id]}.{node.attr}"


def _recursive(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function calls itself, by its name or as a method of `self`."""
    inside = [part for node in function.body for part in ast.walk(node)]
    return any(
        (isinstance(node.func, ast.Name) and node.func.id == function.name)
        or (
            isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "self"
            and node.func.attr == function.name
        )
        for node in inside
        if isinstance(node, ast.Call)
    )


def _nested(loop: ast.AST) -> bool:
    return any(isinstance(part, _LOOPS) for part in ast.walk(loop) if part is not loop)
