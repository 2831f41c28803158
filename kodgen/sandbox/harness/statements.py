"""Which lines of a source are statements, and what each statement's line is.

The numbers are coverage.py's. A line is a statement if the compiler gives it code; a statement of
several lines counts by its first; docstrings do not count. coverage.py finds the statements'
first lines by tokenizing, which costs most of its time; here they are read off the syntax tree,
and the tokens are asked only where the tree does not say (a backslash at a line's end, brackets
around what it keeps no trace of).
"""

import ast
import io
import tokenize
from itertools import pairwise
from types import CodeType
from typing import TypeAlias

_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

_LOOPS = (ast.If, ast.For, ast.While, ast.AsyncFor)
_WITHS = (ast.With, ast.AsyncWith)
_TRIES = (ast.Try, ast.TryStar)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_WITHOUT_STATEMENT = frozenset({"else", "finally"})


class _UnclearError(Exception):
    """The tree does not say where a statement's first line is."""


class Survey:
    """The statements of a module, each with its line.

    Attributes:
        first: For each line that goes on with a statement, that statement's first line.
        docstrings: The lines of docstrings.
        bodies: Each suite, with a line for each of its statements: the line that has run once the
            statement begins, or 0 where it has run already or does not count.
        handlers: Each `except` clause and its line.
        cases: Each `match`, and the lines of its cases.
        decorated: Each decorated function and class, and the lines of its second and later
            decorators and of its `def` or `class`.
        at_once: Lines that have run when the module begins.
    """

    def __init__(self, tree: ast.Module, text: str) -> None:
        """Survey a module.

        Args:
            tree: The module.
            text: Its source; lines end with a line feed only.
        """
        self._lines = text.split("\n")
        self._tokens = "\\\n" in text or "\f" in text
        try:
            self._survey(tree, continued(text) if self._tokens else {})
        except _UnclearError:
            self._tokens = True
            self._survey(tree, continued(text))

    def _survey(self, tree: ast.Module, first: dict[int, int]) -> None:
        self.first = first
        self.docstrings: set[int] = set()
        self.bodies: list[tuple[list[ast.stmt], list[int]]] = []
        self.handlers: list[tuple[ast.ExceptHandler, int]] = []
        self.cases: list[tuple[ast.Match, list[int]]] = []
        self.decorated: list[tuple[_Function, list[int]]] = []
        self.at_once: set[int] = set()
        # Suites to come, each with the line of the clause that opens it, 0 if it is not known.
        self._waiting: list[tuple[list[ast.stmt], int]] = [(tree.body, 0)]
        self._docstring(tree.body)
        while self._waiting:
            self._suite(*self._waiting.pop())

    def _suite(self, body: list[ast.stmt], opened: int) -> None:
        lines: list[int] = []
        first = ran = opened
        end = 0
        for statement in body:
            top = statement.lineno
            if isinstance(statement, _SCOPES) and statement.decorator_list:
                top = self._decorators(statement)
                first = self.first.get(top, top)
            elif self._tokens:
                first = self.first.get(top, top)
            elif top != end:
                first = top if end else self._first_of_suite(statement, opened)
            if end == 0 and opened:
                # All lines up to the first statement of a suite are its clause's.
                self._extend(opened, top - 1)
            end = self._statement(statement, first) or top
            if first == ran or self._needs_no_mark(statement, first):
                lines.append(0)
            else:
                lines.append(first)
                ran = first
        self.bodies.append((body, lines))

    def _first_of_suite(self, statement: ast.stmt, opened: int) -> int:
        line = statement.lineno
        before = self._lines[line - 1][: statement.col_offset]
        if not before or before.isspace():
            return line
        if line == opened:
            return opened
        if before.strip(" \t:") in _WITHOUT_STATEMENT:
            return line
        raise _UnclearError

    def _extend(self, first: int, last: int) -> None:
        if not self._tokens:
            for line in range(first + 1, last + 1):
                self.first[line] = first

    def _statement(self, statement: ast.stmt, first: int) -> int:
        """Note a statement's parts; the line a simple one ends on, 0 for any other."""
        wait = self._waiting.append
        if isinstance(statement, _LOOPS):
            wait((statement.body, first))
            wait((statement.orelse, 0))
        elif isinstance(statement, _SCOPES):
            self._docstring(statement.body)
            line = self.first.get(statement.lineno, statement.lineno)
            wait((statement.body, line))
        elif isinstance(statement, _WITHS):
            wait((statement.body, first))
        elif isinstance(statement, _TRIES):
            wait((statement.body, first))
            for handler in statement.handlers:
                line = self.first.get(handler.lineno, handler.lineno)
                self.handlers.append((handler, line))
                wait((handler.body, line))
            wait((statement.orelse, 0))
            wait((statement.finalbody, 0))
        elif isinstance(statement, ast.Match):
            self._match(statement, first)
        else:
            end = statement.end_lineno or statement.lineno
            self._extend(first, end)
            return end
        return 0

    def _match(self, statement: ast.Match, first: int) -> None:
        lines: list[int] = []
        for case in statement.cases:
            line = self._led_by("case", case.pattern)
            if not lines:
                self._extend(first, line - 1)
            lines.append(line)
            self._waiting.append((case.body, line))
        self.cases.append((statement, lines))

    def _decorators(self, statement: _Function) -> int:
        lines = [self._led_by("@", decorator) for decorator in statement.decorator_list]
        lines.append(self.first.get(statement.lineno, statement.lineno))
        for line, following in pairwise(lines):
            self._extend(line, following - 1)
        self.decorated.append((statement, lines[1:]))
        return lines[0]

    def _led_by(self, word: str, node: ast.expr | ast.pattern) -> int:
        """The first line of a clause that begins with a word and then a node."""
        line = node.lineno
        if self._tokens:
            return self.first.get(line, line)
        if not self._lines[line - 1][: node.col_offset].lstrip().startswith(word):
            raise _UnclearError
        return line

    def _docstring(self, body: list[ast.stmt]) -> None:
        if body and _is_docstring(body[0]):
            first = body[0]
            self.docstrings.update(range(first.lineno, (first.end_lineno or first.lineno) + 1))

    def _needs_no_mark(self, statement: ast.stmt, first: int) -> bool:
        if isinstance(statement, ast.Expr):
            return first in self.docstrings
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            self.at_once.add(first)
            return True
        return False

    def statements(self, code: CodeType) -> set[int]:
        """The lines of the module's statements, given its code."""
        starts = code_lines(code) - self.docstrings
        first = self.first
        return {first.get(line, line) for line in starts} - self.docstrings


def _is_docstring(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def code_lines(code: CodeType) -> set[int]:
    """The lines that the compiler gave code to, in a code object and all within it."""
    return {line for part in parts(code) for _, _, line in part.co_lines() if line}


def parts(code: CodeType) -> list[CodeType]:
    """A code object and all within it, but for annotations that are evaluated late if at all."""
    found = [code]
    for part in found:
        found += [constant for constant in part.co_consts if isinstance(constant, CodeType)]
    return [part for part in found if part.co_name != "__annotate__"]


def continued(text: str) -> dict[int, int]:
    """For each line of a statement of several lines, its first; read from the tokens.

    Raises:
        tokenize.TokenError: The text is not Python.
        SyntaxError: Likewise.
    """
    found: dict[int, int] = {}
    first = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NEWLINE:
            if first and token.end[0] != first:
                found.update(dict.fromkeys(range(first, token.end[0] + 1), first))
            first = 0
        elif not first and token.type != tokenize.COMMENT and token.string.strip():
            first = token.start[0]
    return found
