"""Whether an answer is a class where functions were asked for."""

import ast
import re

from kodgen.parse.python import python_tree


def own_classes(code: str, *given: str) -> tuple[str, ...]:
    """Classes with methods of their own that nothing given speaks of, in order.

    KodCode leaves class-based answers out of its training rows (arXiv 2503.02951, section 3). A
    class that only holds data, or is an exception, makes no answer class-based; neither does one
    that the task or its tests name themselves.

    Args:
        code: The answer's code.
        given: The question, its tests and its known solution.
    """
    said = "\n".join(given)
    return tuple(
        node.name for node in _classes(code) if _methods(node) and not _names(said, node.name)
    )


def wrapped_in_class(code: str, names: frozenset[str]) -> tuple[str, ...]:
    """Classes with a method by a name that is asked for and that nothing else defines."""
    tree = python_tree(code)
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    top = {n.name for n in (tree.body if tree else []) if isinstance(n, functions)}
    return tuple(node.name for node in _classes(code) if _methods(node) & (names - top))


def _classes(code: str) -> list[ast.ClassDef]:
    tree = python_tree(code)
    return [node for node in (tree.body if tree else []) if isinstance(node, ast.ClassDef)]


def _methods(node: ast.ClassDef) -> set[str]:
    return {
        part.name
        for part in node.body
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)
        and not (part.name.startswith("__") and part.name.endswith("__"))
    }


def _names(text: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", text) is not None
