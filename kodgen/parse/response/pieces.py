"""The pieces of code that an answer holds, each with the names it binds and the names it lacks."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from kodgen.parse.fences import Block, fenced_blocks
from kodgen.parse.imports import defined_names, free_names
from kodgen.parse.python import as_python, is_python, python_tree, tidy
from kodgen.parse.response.asked import MODULE
from kodgen.parse.response.loose import longest_module, loose_codes
from kodgen.parse.split import split_code

Standing = Literal[0, 1, 2]
"""0 for code that the words above it call wrong, naive or another way; 2 for what they or a tag
call the answer; 1 where they say neither."""

MOST = 60
"""Blocks of one answer that are looked at: a bound on time, real answers hold a dozen."""

_FINAL = re.compile(
    r"\b(?:final|complete|full|whole|corrected|fixed|optimi[sz]ed|solution code|here(?:'s| is) the"
    r" (?:solution|implementation|code))\b",
    re.IGNORECASE,
)
_DOUBTFUL = re.compile(
    r"\b(?:alternativ\w+|another (?:way|approach|version|option)|naive|brute|incorrect|wrong|buggy"
    r"|broken|fail(?:s|ed|ing)?|slow(?:er)?|inefficient|first attempt|for comparison|pseudo-?code"
    r"|instead of|not recommended|does(?: not|n't) work|example usage|usage example)\b",
    re.IGNORECASE,
)
_HEADING = re.compile(r"^[ \t]*(?:#{1,6}[ \t]|\*\*|\d+[.)][ \t])[^\n]*", re.MULTILINE)
_FENCE = re.compile(r"[ \t]*(?:`{1,}|~{3,})[^`]*\Z")
_TAGGED = re.compile(
    r"<(?P<tag>answer|final_answer|solution|code|python)>(?P<inside>.*?)(?:</(?P=tag)>|\Z)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A text that is Python by itself."""

    code: str
    tree: ast.Module
    standing: Standing
    defines: frozenset[str]
    """Written out in it at its top level: functions and classes with a body, other names."""
    binds: frozenset[str]
    """All that it binds there, imported names and stubs too."""
    reads: frozenset[str]
    """What it uses and does not bind, builtins aside."""

    @property
    def size(self) -> int:
        """Nodes of its tree."""
        return sum(1 for _ in ast.walk(self.tree))


def fenced_pieces(text: str) -> list[Piece]:
    """Pieces in fences, in order: those that name Python or nothing, else those that are Python."""
    blocks = list(islice(_blocks(text, 0), MOST))
    tags = [found.span("inside") for found in _tagged(text)]
    pieces = []
    for number, (block, offset) in enumerate(blocks):
        before = text[blocks[number - 1][0].end if number and not offset else 0 : block.start]
        in_tag = any(start <= block.start < end for start, end in tags) and not offset
        code = block.code if block.closed else longest_module(block.code)
        piece = piece_of(code, 2 if in_tag else _standing(before))
        if piece and (block.is_python or any(map(_is_code, piece.tree.body))):
            pieces.append(piece)
    return pieces


def tagged_pieces(text: str) -> list[Piece]:
    """Pieces between tags such as `<answer>`, without a fence."""
    insides = [as_python(found["inside"]) for found in _tagged(text)]
    codes = [c for i in insides for c in ([i] if is_python(i) else loose_codes(i))]
    return [piece for code in codes if (piece := piece_of(code, 1))]


def loose_pieces(text: str) -> list[Piece]:
    """Pieces that stand in the text as they are, or indented."""
    whole = as_python(text)
    codes = [whole] if is_python(whole) else loose_codes(text)
    return [piece for code in codes if (piece := piece_of(code, 1))]


def piece_of(code: str, standing: Standing = 1) -> Piece | None:
    """A piece without tests that it ends in and imports of itself; None where it is no Python."""
    code = _without_self_import(tidy(code))
    tree = python_tree(code)
    if tree is None or not tree.body:
        return None
    try:
        binds, reads = defined_names(code, tree), free_names(code)
    except (SyntaxError, RecursionError):  # what only compiling finds: it runs nowhere
        return None
    written = {name for node in tree.body for name in _written(node)}
    return Piece(code, tree, standing, frozenset(written), frozenset(binds), frozenset(reads))


def is_stub(node: ast.stmt) -> bool:
    """Whether a function has no body: a docstring, `pass`, `...`, or an error raised at once."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    return all(
        isinstance(part, ast.Pass | ast.Raise)
        or (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
        for part in node.body
    )


def _blocks(text: str, depth: int) -> Iterator[tuple[Block, int]]:
    """All fenced blocks with how deep they stand: a fence around Markdown holds fences."""
    for block in fenced_blocks(text):
        inner = [] if block.is_python or depth else [*_blocks(block.code, depth + 1)]
        if any(found.is_python for found, _ in inner):
            yield from inner
        else:
            yield block, depth


def _tagged(text: str) -> list[re.Match[str]]:
    return list(islice(_TAGGED.finditer(text), MOST))


def _standing(before: str) -> Standing:
    """What the last line and the last heading above a block say of it."""
    lines = [line for line in before.splitlines() if line.strip() and not _FENCE.match(line)]
    headings = _HEADING.findall(before)
    said = " ".join(lines[-1:] + headings[-1:])
    if _DOUBTFUL.search(said):
        return 0
    return 2 if _FINAL.search(said) else 1


def _is_code(node: ast.stmt) -> bool:
    return isinstance(
        node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom
    )


def _written(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return set() if is_stub(node) else {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return set()
    return {
        part.id
        for part in ast.walk(node)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    }


def _without_self_import(code: str) -> str:
    """The code without tests of itself, and without the import of what it defines."""
    if MODULE not in code:
        return code
    if halves := split_code(code):
        return halves[0]
    tree = python_tree(code)
    rows = {
        row
        for node in (tree.body if tree else [])
        if _imports_itself(node)
        for row in range(node.lineno - 1, node.end_lineno or node.lineno)
    }
    return tidy("\n".join(line for n, line in enumerate(code.split("\n")) if n not in rows))


def _imports_itself(node: ast.stmt) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.module == MODULE
    return isinstance(node, ast.Import) and any(alias.name == MODULE for alias in node.names)
