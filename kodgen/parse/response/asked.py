"""What a question's tests need of an answer, and what its text already gives."""

import ast
from dataclasses import dataclass

from kodgen.parse.imports import free_names
from kodgen.parse.python import python_tree
from kodgen.records import Style

MODULE = "solution"
"""What tests import from."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of an answer."""

    names: frozenset[str]
    """What the tests take from the solution; empty where that can't be told."""
    question: str = ""
    style: Style = "instruct"
    """Only a completion task's own code is gone on with by an answer."""


def asked_of(question: str, style: Style, test: str) -> Asked:
    """What a question and its tests ask for."""
    return Asked(wanted_names(test), question, style)


def wanted_names(test: str) -> frozenset[str]:
    """Names that a test file takes from the solution: imported, read off the module, or free.

    Free names count only where everything (`*`) is imported from the solution.
    """
    tree = python_tree(test)
    if tree is None:
        return frozenset()
    names, modules = set[str](), set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == MODULE:
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.Import):
            modules.update(a.asname or MODULE for a in node.names if a.name == MODULE)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            names.update({node.attr} if node.value.id in modules else ())
    if "*" in names:
        names |= _free(test)
    return frozenset(names - {"*"})


def _free(test: str) -> set[str]:
    try:
        return free_names(test)
    except (SyntaxError, RecursionError):  # what only compiling finds
        return set()
