"""Python of other people as syntax trees, however odd it is."""

import ast
import keyword
import re
from collections.abc import Iterator

from kodgen.contamination.programs.blocks import block_of
from kodgen.parse.python import own_tree

LONGEST_SOURCE = 200_000
"""Characters of code that is still parsed: hostile text can take the square of its length."""

Function = ast.FunctionDef | ast.AsyncFunctionDef

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_BLOCKS = ("body", "handlers", "orelse", "finalbody")


_NAME = rf"\b(?!(?:{'|'.join([*keyword.kwlist, *keyword.softkwlist])})\b)[A-Za-z_]"
_FOREIGN = re.compile(
    r"\s*+(?:\#[^\n\r]*+\s*+)*+"
    rf"(?:[<>=/%&|^,:;)\]}}$?!]|{_NAME}\w*+\ *+\{{|[^\n\r'\"#\\]*?{_NAME}\w*+\ ++{_NAME})"
)
"""What no Python begins with: signs that join or close something, a name before a brace, and two
names side by side in the first line, before any text."""


def is_python(code: str) -> bool:
    """Whether `tree_of` is a tree; most other languages are told by how they begin."""
    return not _FOREIGN.match(code) and tree_of(code) is not None


def tree_of(code: str) -> ast.Module | None:
    """The syntax tree; None where the code is not Python, or longer than `LONGEST_SOURCE`."""
    return None if len(code) > LONGEST_SOURCE else own_tree(code)


def is_text(node: ast.AST) -> bool:
    """Whether a node is a statement of a string or `...` alone, as docstrings are."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and (isinstance(node.value.value, str) or node.value.value is ...)
    )


def statements(tree: ast.Module) -> list[ast.AST]:
    """A module and its statements at any depth, in the order of `ast.walk`.

    Handlers of exceptions and cases of a `match` are among them.
    """
    told: list[ast.AST] = [tree]
    for node in told:
        told += block_of(node)
    return told


def functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, Function, bool]]:
    """Name, tree and whether it is in no other function, of each function at any depth."""
    for block in _BLOCKS:
        for node in getattr(tree, block, ()):
            if isinstance(node, _FUNCTIONS):
                yield f"{prefix}{node.name}", node, True
                for below, function, _ in functions(node, f"{prefix}{node.name}."):
                    yield below, function, False
            elif isinstance(node, ast.ClassDef):
                yield from functions(node, f"{prefix}{node.name}.")
            else:
                yield from functions(node, prefix)


def imports(tree: ast.Module) -> dict[str, str]:
    """Where each imported name of a module comes from."""
    imported = {}
    for node in statements(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                root = alias.name if alias.asname else alias.name.split(".")[0]
                imported[alias.asname or root] = root
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                imported[alias.asname or alias.name] = f"{node.module or ''}.{alias.name}"
    return imported
