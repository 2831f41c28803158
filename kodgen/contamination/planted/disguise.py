"""Hides a task as a leak would: other names and structure, a statement said otherwise."""

import ast
import re
from collections.abc import Mapping

from kodgen.contamination.planted.restructuring import restructured

WORDS = {
    "a": "some", "all": "every one of the", "array": "sequence", "check": "find out",
    "compute": "work out", "count": "number", "create": "build", "determine": "find out",
    "difference": "distance", "each": "every single", "element": "entry", "elements": "entries",
    "find": "look up", "first": "leading", "function": "routine", "get": "obtain",
    "given": "supplied", "greater": "larger", "if": "in case", "input": "argument",
    "integer": "whole number", "integers": "whole numbers", "largest": "biggest",
    "last": "final", "length": "size", "list": "collection", "lists": "collections",
    "maximum": "highest", "minimum": "lowest", "number": "figure", "numbers": "figures",
    "order": "sequence", "otherwise": "in any other case", "positive": "above zero",
    "program": "script", "python": "Python 3", "remove": "strip away", "return": "give back",
    "returns": "gives back", "same": "identical", "smallest": "tiniest", "sort": "put in order",
    "sorted": "ordered", "string": "piece of text", "strings": "pieces of text", "sum": "total",
    "takes": "receives", "value": "quantity", "values": "quantities", "whether": "if",
    "word": "term", "words": "terms", "write": "come up with",
}  # fmt: skip
"""What stands for a word in a reworded statement: our own choice of near synonyms."""
_WORD = re.compile(r"[A-Za-z]+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
OPENING = "Please help me with a small piece of code."


def reworded(statement: str) -> str:
    """The statement in other words, by rule: synonyms, another opening, no line breaks."""

    def other(match: re.Match[str]) -> str:
        return WORDS.get(match.group().lower(), match.group())

    sentences = [_WORD.sub(other, one) for one in _SENTENCE.split(" ".join(statement.split()))]
    return " ".join([OPENING, *sentences])


def renamed(code: str) -> str | None:
    """The code with its own names replaced and docstrings and comments gone.

    Returns:
        None where it is not Python.
    """
    try:
        return ast.unparse(_renamed(ast.parse(code)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def rewritten(code: str) -> str | None:
    """The code renamed, and of another structure; it does the same.

    Returns:
        None where it is not Python.
    """
    try:
        return ast.unparse(restructured(_renamed(ast.parse(code))))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _renamed(tree: ast.Module) -> ast.Module:
    outward = _outward_names(tree)
    own = [n for n in _own_names(tree) if n not in outward and not n.startswith("__")]
    names = {name: f"x{number}" for number, name in enumerate(own)}
    changed: ast.Module = _Renaming(names).visit(tree)
    return ast.fix_missing_locations(changed)


def _own_names(tree: ast.AST) -> list[str]:
    """Names that the code defines, in the order in which they come up."""
    found: dict[str, None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.setdefault(node.name)
        elif isinstance(node, ast.arg):
            found.setdefault(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.setdefault(node.id)
    return list(found)


def _outward_names(tree: ast.AST) -> set[str]:
    """Names that may be someone else's as well: of attributes and of keyword arguments."""
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    keywords = {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg}
    return attributes | keywords


class _Renaming(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._block(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._block(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self._block(node)

    def _block(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> ast.AST:
        node.name = self._names.get(node.name, node.name)
        if ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg = self._names.get(node.arg, node.arg)
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self._names.get(node.id, node.id)
        return node

    def visit_Global(self, node: ast.Global) -> ast.AST:
        node.names = [self._names.get(name, name) for name in node.names]
        return node

    def visit_Nonlocal(self, node: ast.Nonlocal) -> ast.AST:
        node.names = [self._names.get(name, name) for name in node.names]
        return node
