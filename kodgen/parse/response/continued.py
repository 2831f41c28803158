"""Answers that go on with the code of a completion task: a body without its signature."""

import ast
import textwrap
from collections.abc import Iterator

from kodgen.parse.fences import python_blocks
from kodgen.parse.python import python_tree, tidy
from kodgen.parse.response.asked import Asked
from kodgen.parse.response.loose import longest_module
from kodgen.parse.response.pieces import fenced_pieces, loose_pieces, piece_of

_INDENT = "    "
_LINES = 600
"""Lines of a body that are read: a bound on time, no real one comes near."""


def given_code(asked: Asked) -> str:
    """The code of a completion task up to the end of its last signature and docstring.

    Empty where the question is none, or holds no function that is asked for.
    """
    for code in _codes(asked):
        tree = python_tree(code)
        heads = [node for node in (tree.body if tree else []) if _is_asked(node, asked.names)]
        if heads:
            lines = code.split("\n")
            return tidy("\n".join(lines[: _end_of_head(heads[-1])]))
    return ""


def given_parts(asked: Asked) -> str:
    """Imports and whole definitions that a completion task gives above its signature."""
    for code in _codes(asked):
        tree = python_tree(code)
        if tree and any(_is_asked(node, asked.names) for node in tree.body):
            parts = [ast.get_source_segment(code, n) or "" for n in tree.body if _is_given(n)]
            return "\n".join(parts)
    return ""


def continued(answer: str, asked: Asked) -> str | None:
    """The task's code with the answer as its body; None where the answer is no body."""
    head = given_code(asked)
    if not head:
        return None
    blocks = python_blocks(answer)
    bodies = [block.code for block in reversed(blocks)] if blocks else [answer]
    for body in bodies:
        lines = tidy(body).split("\n")[:_LINES]
        for indented in _indentations("\n".join(lines)):
            code = _fitting(head, indented)
            if code is not None:
                return code
    return None


def _fitting(head: str, body: str) -> str | None:
    whole = longest_module(f"{head}\n{body}")
    rows = len(head.split("\n"))
    piece = piece_of(whole) if whole.count("\n") >= rows else None
    if piece is None:
        return None
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    last = next((n for n in reversed(piece.tree.body) if isinstance(n, functions)), None)
    ends = last is not None and any(
        isinstance(part, ast.Return | ast.Yield | ast.YieldFrom) and part.lineno > rows
        for part in ast.walk(last)
    )
    return piece.code if ends else None


def _indentations(body: str) -> Iterator[str]:
    """A body as it is, moved in as a whole, and with its first line moved in alone."""
    if body[:1].isspace():
        yield body
    yield textwrap.indent(textwrap.dedent(body), _INDENT)
    yield _INDENT + body.lstrip()


def _codes(asked: Asked) -> Iterator[str]:
    """What may be the code of a completion task, one that lacks its first statement too."""
    if asked.style != "complete":
        return
    for text in (asked.question, tidy(asked.question) + f"\n{_INDENT}pass"):
        yield from (piece.code for piece in [*fenced_pieces(text), *loose_pieces(text)])


def _is_asked(node: ast.stmt, names: frozenset[str]) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name in names


def _is_given(node: ast.stmt) -> bool:
    if isinstance(node, ast.ClassDef):
        return any(not isinstance(part, ast.Pass | ast.Expr) for part in node.body)
    return isinstance(node, ast.Import | ast.ImportFrom)


def _end_of_head(node: ast.stmt) -> int:
    """Last line of a function's docstring, or of its signature."""
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return first.end_lineno or first.lineno
    return max(node.lineno, first.lineno - 1)
