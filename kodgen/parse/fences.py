"""Fenced blocks of Markdown, closed and placed as loosely as models do it.

A fence may be indented, stand behind a list mark or a section marker, be made of tildes, or, where
it names Python, of fewer than three ticks. Its block ends at the first fence that leaves Python:
backticks are no Python, so a later one can only be right where the earlier stand in a string.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from kodgen.parse.python import as_python, is_python

_OPENING = re.compile(
    r"(?P<indent>[ \t]*)(?:<[^<>`\n]*>[ \t]*)?(?P<item>(?:[-*+]|\d+[.)])[ \t]+)?"
    r"(?:(?P<fence>`{3,}|~{3,})[ \t]*(?P<language>[\w+.-]*)[^`\n]*"
    r"|(?P<short>`{1,2})(?:py|python3?)[ \t]*)\Z"
)
_FENCE_MARK = re.compile(r"[`~]")
"""What every fence is made of."""
_PYTHON = re.compile(r"(?:py|python[\d.]*|pytest|[\w./-]+\.py)?", re.IGNORECASE)
_LANGUAGE = r"[ \t]*(?:(?:py|python3?)\b|[\w+.-]+[ \t]*\Z)"
"""What tells an opening fence from a closing one with words behind it."""

_TRIES = 20
"""Closing fences tried for one block: a bound on time, no real answer comes near."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block."""

    code: str
    is_python: bool
    """By the language named, or none named."""
    closed: bool
    start: int
    """Offset in the text of the first line inside."""
    end: int
    """Offset behind the last line inside."""


class _Line(NamedTuple):
    """A line that may be a fence; all others are passed by."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Offset of its line break."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class _End:
    offset: int
    resume: int
    """Which of the lines to go on with."""
    begins_line: bool


@lru_cache(maxsize=64)
def fenced_blocks(text: str) -> tuple[Block, ...]:
    """All blocks of a text, in order; the last may lack its closing fence."""
    lines = [_Line(text[start:end], start) for start, end in lines_with(_FENCE_MARK, text)]
    blocks = []
    row = 0
    while row < len(lines):
        opening = _OPENING.match(lines[row].text)
        row += 1
        if opening:
            start = min(lines[row - 1].end + 1, len(text))
            block, row = _block(text, lines, row, opening, start)
            blocks.append(block)
    return tuple(blocks)


def lines_with(mark: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Begin and end of each line that holds a character; passing the others by costs nothing."""
    end = -1
    for found in mark.finditer(text):
        at = found.start()
        if at > end:
            end = text.find("\n", at)
            end = end if end >= 0 else len(text)
            yield text.rfind("\n", 0, at) + 1, end


def is_inside(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Whether one of many spans, in order and apart from each other, holds all from start to end.

    Found by halving: an answer may hold thousands of blocks and as many markers.
    """
    at = bisect_right(spans, start, key=lambda span: span[0]) - 1
    return at >= 0 and end <= spans[at][1]


def python_blocks(text: str) -> list[Block]:
    """Those blocks that name Python as their language, or none."""
    return [block for block in fenced_blocks(text) if block.is_python]


def _block(
    text: str, lines: list[_Line], first: int, opening: re.Match[str], start: int
) -> tuple[Block, int]:
    fence = opening["fence"] or opening["short"]
    indent = len(opening["indent"]) + len(opening["item"] or "")
    named_python = bool(_PYTHON.fullmatch(opening["language"] or ""))
    ends = _ends(lines, first, fence)
    if named_python:
        tried = list(islice(ends, _TRIES))
        end = (
            next((e for e in tried if is_python(as_python(text[start : e.offset], indent))), None)
            or next((e for e in tried if e.begins_line), None)
            or next(iter(tried), None)
        )
    else:
        end = next((e for e in ends if e.begins_line), None)
    stop = end.offset if end else len(text)
    block = Block(as_python(text[start:stop], indent), named_python, end is not None, start, stop)
    return block, end.resume if end else len(lines)


def _ends(lines: list[_Line], first: int, fence: str) -> Iterator[_End]:
    """All places where a block may end.

    Those are a line that begins with a fence, a fence behind the code's last line, and the
    opening fence of another block.
    """
    mark = fence[0]
    closing = re.compile(rf"[ \t]*{mark}{{{min(3, len(fence))},}}+(?!{_LANGUAGE})")
    for row in range(first, len(lines)):
        line = lines[row]
        if closing.match(line.text):
            yield _End(line.start, row + 1, begins_line=True)
        elif _OPENING.match(line.text):
            yield _End(line.start, row, begins_line=True)
        elif line.text.rstrip().endswith(mark * 3) and not line.text.lstrip().startswith("#"):
            inside = line.text.rstrip().rstrip(mark)
            yield _End(line.start + len(inside), row + 1, begins_line=False)
