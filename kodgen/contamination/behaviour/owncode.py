"""The Python of a row that can be run: its solution, or what its question brings.

Many datasets have no column of solutions but whole functions in their texts: paraphrases of a
benchmark with the rewritten solution below, answers in one column with the question.
"""

import ast
from typing import NamedTuple

from kodgen.contamination.row import AuditedRow
from kodgen.parse.fences import python_blocks
from kodgen.parse.python import python_tree

LONGEST = 100_000
"""Characters of a question that code is looked for in."""
_FENCE = "```"


class OwnCode(NamedTuple):
    """Code, and the part of the row that it is from."""

    field: str
    code: str


def code_of(row: AuditedRow) -> OwnCode | None:
    """What can be run of a row: its solution as it is, or functions written out in its question.

    None where it has neither; a signature above a docstring is not written out.
    """
    if row.solution is not None and row.solution.strip():
        return OwnCode("solution", row.solution)
    text = row.question[:LONGEST].replace("\r\n", "\n")
    if "def " not in text:
        return None
    blocks = [block.code for block in python_blocks(text)]
    # A fence that nothing opened, as where an answer was cut, still ends what stands before it.
    for piece in (text, "\n\n".join(blocks), *blocks, *text.split(_FENCE)):
        if "def " in piece and _has_function(piece):
            return OwnCode("question", piece)
    return None


def is_written(node: ast.FunctionDef) -> bool:
    """Whether a function has a body beyond docstring, `pass`, `...` and NotImplementedError."""
    return not all(_says_nothing(statement) for statement in node.body)


def _has_function(code: str) -> bool:
    tree = python_tree(code)
    return tree is not None and any(
        isinstance(part, ast.FunctionDef) and is_written(part)
        for node in tree.body
        for part in (node.body if isinstance(node, ast.ClassDef) else [node])
    )


def _says_nothing(node: ast.stmt) -> bool:
    match node:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Raise(exc=error) if error is not None:
            return "NotImplementedError" in ast.unparse(error)
        case _:
            return False
