"""Marks in a module's code that note which of its lines have run.

A mark is an assignment to a slot of an object that the code holds as a constant: no name is looked
up, nothing of it shows in the module, and in a hot loop it costs a few nanoseconds, a tenth of what
a trace function would. Where only an expression can stand, it is `None in` an iterator over one
None, which that exhausts. Neither is a call, for which there may be no room on the stack.
"""

import ast
from collections.abc import Iterator
from operator import length_hint
from types import CodeType
from typing import Any

from .statements import Survey

_SLOTS = 2048
_PLACE: Any = frozenset()
"""Stands in the tree for the object, and in a pair with a line for that line's iterator. No source
can have it among its constants: there is no empty frozenset display."""


class Marks:
    """Where marks are set."""

    __slots__ = tuple(f"l{line}" for line in range(_SLOTS))


class Tracker:
    """Tells by marks which lines have run."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget what has run."""
        self._marks = Marks()
        self._passed: list[tuple[int, Iterator[None]]] = []
        self._at_once: set[int] = set()

    def compile(
        self, source: bytes, path: str, tree: ast.Module, survey: Survey
    ) -> tuple[CodeType, set[int]]:
        """A module's code, with marks, and the lines of its statements.

        Args:
            source: The module.
            path: Its file.
            tree: Its syntax tree, which is used up.
            survey: Of that tree.
        """
        # The code without marks: with them, some lines would have code that have none.
        statements = survey.statements(compile(source, path, "exec", dont_inherit=True))
        insert(survey)
        self._at_once = survey.at_once
        return self._bind(compile(tree, path, "exec", dont_inherit=True)), statements

    def _bind(self, code: CodeType) -> CodeType:
        """The code with objects in place of what stands for them."""
        constants = [
            self._marks
            if constant == _PLACE and isinstance(constant, frozenset)
            else self._iterator(constant[1])
            if isinstance(constant, tuple) and len(constant) == 2 and constant[0] == _PLACE
            else self._bind(constant)
            if isinstance(constant, CodeType)
            else constant
            for constant in code.co_consts
        ]
        return code.replace(co_consts=tuple(constants))

    def _iterator(self, line: int) -> Iterator[None]:
        iterator = iter((None,))
        self._passed.append((line, iterator))
        return iterator

    def ran(self, lines: set[int]) -> set[int]:
        """Those of `lines` that have run, of a module that was begun."""
        marks = self._marks
        passed = {line for line, iterator in self._passed if not length_hint(iterator)}
        passed |= self._at_once
        return {line for line in lines if line in passed or hasattr(marks, f"l{line}")}


def insert(survey: Survey) -> None:
    """Put marks into the surveyed tree."""
    for body, lines in survey.bodies:
        body[:] = [
            node
            for statement, line in zip(body, lines, strict=True)
            for node in ((_mark(line, _top(statement)), statement) if line else (statement,))
        ]
    for handler, line in survey.handlers:
        if handler.type is None:
            handler.body.insert(0, _mark(line, handler.lineno))
        else:
            handler.type = _marked(handler.type, before=line)
    for match, lines in survey.cases:
        match.cases = [
            case
            for given, line in zip(match.cases, lines, strict=True)
            for case in (_never(line, given.pattern.lineno), given)
        ]
    for definition, lines in survey.decorated:
        decorators = definition.decorator_list
        for index, line in enumerate(lines[:-1], 1):
            decorators[index] = _marked(decorators[index], before=line)
        decorators[-1] = _marked(decorators[-1], after=lines[-1])


def _top(statement: ast.stmt) -> int:
    decorators = getattr(statement, "decorator_list", None)
    return decorators[0].lineno if decorators else statement.lineno


def _at(line: int) -> dict[str, Any]:
    return {"lineno": line, "col_offset": 0, "end_lineno": line, "end_col_offset": 0}


def _mark(line: int, at: int) -> ast.stmt:
    """A statement at line `at` that notes that `line` has run."""
    place = _at(at)
    if line >= _SLOTS:
        return ast.Expr(_passing(line, at), **place)
    target = ast.Attribute(ast.Constant(_PLACE, **place), f"l{line}", ast.Store(), **place)
    return ast.Assign([target], ast.Constant(True, **place), **place)


def _passing(line: int, at: int) -> ast.expr:
    """An expression at line `at` that notes that `line` has run."""
    place = _at(at)
    iterator: Any = (_PLACE, line)
    none, many = ast.Constant(None, **place), ast.Constant(iterator, **place)
    return ast.Compare(none, [ast.In()], [many], **place)


def _marked(given: ast.expr, *, before: int = 0, after: int = 0) -> ast.expr:
    """The expression, and before or after it a note that a line has run."""
    at = given.lineno
    both = [_passing(before, at), given] if before else [given, _passing(after, at)]
    place = _at(at)
    index = ast.Constant(1 if before else 0, **place)
    return ast.Subscript(ast.Tuple(both, ast.Load(), **place), index, ast.Load(), **place)


def _never(line: int, at: int) -> ast.match_case:
    """A case that notes that `line`, a case's, has run, and matches nothing."""
    place = _at(at)
    guard = ast.BoolOp(ast.And(), [_passing(line, at), ast.Constant(False, **place)], **place)
    return ast.match_case(ast.MatchAs(None, None, **place), guard, [ast.Pass(**place)])
