"""A solution's text and the places of its nodes: a change replaces one span and nothing else.

Text is replaced rather than a tree written out anew (`ast.unparse`): comments, quotes and line
numbers stay, so a reader can lay a mutant beside the solution, and two versions of Python give
the same mutants.
"""

import ast
import re
from dataclasses import dataclass

_LINE_END = re.compile(rb"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Edit:
    """One small change of a text.

    Args:
        start: Offset of the first byte replaced, in UTF-8.
        end: Offset after the last.
        text: What takes their place.
    """

    start: int
    end: int
    text: str


class Source:
    """Where nodes stand in a text that was parsed to them.

    Args:
        text: A solution; no lone surrogates, as no parsed text has any.
    """

    def __init__(self, text: str) -> None:
        self.data = text.encode()
        self._starts = [0, *(mark.end() for mark in _LINE_END.finditer(self.data))]

    def offset(self, line: int, column: int) -> int:
        """The byte at a line (from 1) and a column (bytes, from 0), as syntax trees count."""
        return self._starts[line - 1] + column

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """First byte of a node and the one after its last; decorators left out."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        end = self.offset(node.end_lineno, node.end_col_offset)
        return self.offset(node.lineno, node.col_offset), end

    def of(self, node: ast.expr | ast.stmt) -> str:
        """A node's text."""
        start, end = self.span(node)
        return self.data[start:end].decode()

    def replaced(self, node: ast.expr | ast.stmt, text: str) -> Edit:
        """The change that puts a text in a node's place."""
        return Edit(*self.span(node), text)

    def between(self, left: ast.expr, right: ast.expr, operator: str, becomes: str) -> Edit | None:
        """The change of an operator between two operands; None if it is not found there.

        Args:
            left: The operand before it.
            right: The operand after it.
            operator: Its words, one space between them.
            becomes: What takes its place.
        """
        start, end = self.span(left)[1], self.span(right)[0]
        wanted = rb"\s+".join(re.escape(word.encode()) for word in operator.split(" "))
        for mark in re.finditer(rb"#[^\r\n]*|(" + wanted + rb")", self.data[start:end]):
            if mark.group(1):
                return Edit(start + mark.start(), start + mark.end(), becomes)
        return None

    def line_of(self, offset: int) -> int:
        """The line that a byte stands in, from 1."""
        low, high = 0, len(self._starts)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._starts[middle] <= offset else (low, middle)
        return low + 1

    def lines(self, start: int, end: int) -> tuple[int, int]:
        """A span made wider to whole lines, the last line's end left out."""
        after = _LINE_END.search(self.data, end)
        return self._starts[self.line_of(start) - 1], after.start() if after else len(self.data)

    def edited(self, edit: Edit, start: int = 0, end: int | None = None) -> str:
        """The text, or a part of it that holds the change, with the change made."""
        before, after = self.data[start : edit.start], self.data[edit.end : end]
        return before.decode() + edit.text + after.decode()
