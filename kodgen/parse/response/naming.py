"""Gives the function of an answer the name that tests call it by, where the question gave none."""

import ast
import re

from kodgen.parse.python import is_definition, python_tree, tidy
from kodgen.parse.response.pieces import is_stub


def with_asked_name(code: str, names: frozenset[str], question: str) -> str:
    """The code with an alias for its one function, if tests want one by a name never told.

    A question that says "return the length" is answered rightly by a function of any name. Where
    the question names the function, or it is not clear which function is meant, nothing is added.

    Args:
        code: A module.
        names: What the tests need of it.
        question: The question as the answerer read it.
    """
    tree = python_tree(code)
    if tree is None:
        return code
    missing = names - {name for node in tree.body for name in _bound(node)}
    if len(missing) != 1:
        return code
    (name,) = missing
    entries = _entries(tree, names)
    if len(entries) != 1 or tells(question, name):
        return code
    return f"{tidy(code)}\n\n\n{name} = {entries[0]}"


def tells(question: str, name: str) -> bool:
    """Whether a question speaks of something by a name, not only of its word.

    `word_length` is a name wherever it stands; `length` is one where it is called, quoted, or said
    to be one.
    """
    word = rf"(?<!\w){re.escape(name)}(?!\w)"
    if "_" in name.strip("_") or not name.islower():
        return re.search(word, question) is not None
    marked = rf"{word}\(|[`'\"*]{word}[`'\"*(]|\b(?:def|class|function|method|named|called) {word}"
    return re.search(marked, question) is not None


def _entries(tree: ast.Module, names: frozenset[str]) -> list[str]:
    """Functions that no other part of the module uses: what it is there for."""
    functions = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and is_definition(node)
        and not is_stub(node)
        and node.name not in names
    ]
    used = {
        part.id
        for node in tree.body
        for part in ast.walk(node)
        if isinstance(part, ast.Name) and getattr(node, "name", "") != part.id
    }
    return [node.name for node in functions if node.name not in used]


def _bound(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name.split(".", 1)[0] for alias in node.names}
    return {
        part.id
        for part in ast.walk(node)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    }
