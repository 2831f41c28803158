"""Views of a task: the texts in which it may turn up elsewhere."""

import ast
import re
from collections.abc import Mapping

from kodgen.contamination.programs.trees import statements
from kodgen.contamination.prose.prose import prose
from kodgen.contamination.prose.samples import without_samples
from kodgen.parse.python import python_tree

_BLANKS = re.compile(r"\n{3,}")
_DEF = re.compile(r"^[ \t]*(?:async[ \t]+)?def[ \t]+(?P<name>\w+)[^\n]*:", re.MULTILINE)


def task_views(prompt: str, **others: str | None) -> Mapping[str, str]:
    """The views of a task: `prompt`, the others that say more than it, and `prose`.

    Args:
        prompt: Its statement as the benchmark shows it.
        others: Further views by name; `statement`, where there is one, is what prose is made of.
    """
    views = {"prompt": prompt}
    views.update(
        {k: text for k, text in others.items() if text and text.strip() and text != prompt}
    )
    said = prose(views.get("statement", prompt))
    if said:
        views["prose"] = said
    return views


def python_signature(code: str | None, name: str | None, lines: int | None = None) -> str | None:
    """The line that defines a function, as `def f(a: int) -> int:`; None if there is none.

    Args:
        code: Python, whole or begun.
        name: The function's; the last one defined if None.
        lines: Only of a function that is defined in so many first lines, if given.
    """
    if not code:
        return None
    tree = python_tree(code)
    if tree is None:
        found = [m[0].strip() for m in _DEF.finditer(code) if name is None or m["name"] == name]
        return found[-1] if found else None
    functions = [node for node in statements(tree) if isinstance(node, _FUNCTIONS)]
    named = [
        node
        for node in functions
        if (name is None or node.name == name) and (lines is None or node.lineno <= lines)
    ]
    return _first_line(named[-1]) if named else None


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def _first_line(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    keyword = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"{keyword} {node.name}({ast.unparse(node.args)}){returns}:"


def last_line(code: str) -> str | None:
    """The last line that holds something: of a prompt to complete, the signature."""
    return next((line.strip() for line in reversed(code.splitlines()) if line.strip()), None)


def statement_without_samples(text: str) -> str:
    """A statement's own lines without sample inputs and outputs, and without their headings."""
    kept = "\n".join(line.rstrip() for line in without_samples(text.splitlines()))
    return _BLANKS.sub("\n\n", kept).strip()
