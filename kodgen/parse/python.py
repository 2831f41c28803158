"""Whether text is Python, and how much of a module it is."""

import ast
import re
import textwrap
import warnings
from functools import lru_cache

_LOOKS_LIKE_CODE = re.compile(
    r"^[ \t]*(?:async|def|class|import|from|return|assert|for|with|if|while|try|@\w)\b"
    r"|\w[ \t]*=[^=]",
    re.MULTILINE,
)

GOOD = 2
"""Least `rank` of a text that is taken for code without looking further."""


@lru_cache(maxsize=32)
def python_tree(code: str) -> ast.Module | None:
    """The syntax tree, not to be changed; None where the code is not Python.

    One completion's layouts ask for the same few texts again and again, and compiling is most of
    what reading a completion costs, so the last trees are kept.
    """
    return own_tree(code)


def own_tree(code: str) -> ast.Module | None:
    """A syntax tree of the caller's own; None where the code is not Python."""
    try:
        with warnings.catch_warnings():
            # What is odd in other people's strings is not ours to tell.
            warnings.simplefilter("ignore")
            return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # ValueError: null bytes
        return None


def is_python(code: str) -> bool:
    """Whether the code parses."""
    # Fenced code is asked for often, and needs no parser to say that a back-tick begins no Python.
    return not code.startswith("`") and python_tree(code) is not None


def as_python(code: str, indent: int = 0) -> str:
    """The code as it stands, or with its indentation taken off where only that makes it Python.

    Args:
        code: Source text.
        indent: Columns that its fence is indented by, as inside a Markdown list.
    """
    code = tidy(code)
    if not code[:1].isspace() or is_python(code):
        return code
    by_fence = re.sub(rf"^[ \t]{{1,{indent}}}", "", code, flags=re.MULTILINE) if indent else code
    for candidate in (by_fence, tidy(textwrap.dedent(code))):
        if is_python(candidate):
            return candidate
    return code


def tidy(code: str) -> str:
    """The code without empty lines before and white space behind it."""
    return code.strip("\n").rstrip()


def rank(code: str, *, tests: bool) -> int:
    """How well a text does as a file of code.

    Returns:
        3 for a module that holds what is wanted (tests, or a definition), 2 for Python with any
        statement, 1 for what only looks like code or is a bare expression, 0 for prose.
    """
    tree = python_tree(code)
    if tree is None:
        return int(bool(_LOOKS_LIKE_CODE.search(code)))
    if all(isinstance(node, ast.Expr) for node in tree.body):
        return int(bool(tree.body))
    wanted = is_test if tests else is_definition
    return 3 if any(wanted(node) for node in tree.body) else 2


def is_definition(node: ast.stmt) -> bool:
    """Whether a statement defines a function or class that is no test."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return isinstance(node, kinds) and not is_test(node)


def is_test(node: ast.stmt) -> bool:
    """Whether pytest would collect a statement as a test, by its name."""
    if isinstance(node, ast.ClassDef):
        return node.name.startswith("Test")
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test")


def is_main_guard(node: ast.stmt) -> bool:
    """Whether a statement is `if __name__ == "__main__":`, without an `else`."""
    if not isinstance(node, ast.If) or node.orelse or not isinstance(node.test, ast.Compare):
        return False
    sides = [node.test.left, *node.test.comparators]
    names = {side.id for side in sides if isinstance(side, ast.Name)}
    values = {side.value for side in sides if isinstance(side, ast.Constant)}
    return names == {"__name__"} and values == {"__main__"} and isinstance(node.test.ops[0], ast.Eq)
