"""Marks in a module's code that note which of its lines have run.

A mark is an assignment to a slot of an object that the code holds as a constant: no name is looked
up, nothing of it shows in the module, and in a hot loop it costs a few nanoseconds, a tenth of what
a trace function would. Where only an expression can stand, it is a call.
"""

import ast
from types import CodeType
from typing import Any

from .statements import Survey

_SLOTS = 2048
_PLACE: Any = frozenset()
"""Stands in the tree for the object. No source can have it: there is no empty frozenset display."""


class _Slots:
    __slots__ = tuple(f"l{line}" for line in range(_SLOTS))


class Marks(_Slots):
    """Where marks are set: for lines below `_SLOTS` as slots, else and in expressions by a call."""

    __slots__ = ("_note", "called")

    def __init__(self) -> None:
        self.called: set[int] = set()
        self._note = self.called.add


class Tracker:
    """Tells by marks which lines have run."""

    def __init__(self) -> None:
        self._marks = Marks()
        self._at_once: set[int] = set()

    def reset(self) -> None:
        """Forget what has run."""
        self._marks = Marks()
        self._at_once = set()

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
        return bind(compile(tree, path, "exec", dont_inherit=True), self._marks), statements

    def ran(self, lines: set[int]) -> set[int]:
        """Those of `lines` that have run, of a module that was begun."""
        marks = self._marks
        called = marks.called | self._at_once
        return {line for line in lines if line in called or hasattr(marks, f"l{line}")}


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
            handler.type = _marked(line, handler.type)
    for match, lines in survey.cases:
        match.cases = [
            case
            for given, line in zip(match.cases, lines, strict=True)
            for case in (_never(line, given.pattern.lineno), given)
        ]
    for definition, lines in survey.decorated:
        decorators = definition.decorator_list
        for index, line in enumerate(lines[:-1], 1):
            decorators[index] = _marked(line, decorators[index])
        decorators[-1] = _marked_after(lines[-1], decorators[-1])


def bind(code: CodeType, marks: Marks) -> CodeType:
    """The code with the object in place of what stands for it."""
    constants: list[Any] = [
        marks
        if isinstance(constant, frozenset) and not constant
        else bind(constant, marks)
        if isinstance(constant, CodeType)
        else constant
        for constant in code.co_consts
    ]
    return code.replace(co_consts=tuple(constants))


def _top(statement: ast.stmt) -> int:
    decorators = getattr(statement, "decorator_list", None)
    return decorators[0].lineno if decorators else statement.lineno


def _at(line: int) -> dict[str, Any]:
    return {"lineno": line, "col_offset": 0, "end_lineno": line, "end_col_offset": 0}


def _mark(line: int, at: int) -> ast.stmt:
    """A statement at line `at` that notes that `line` has run."""
    place = _at(at)
    if line >= _SLOTS:
        return ast.Expr(_call(line, at), **place)
    target = ast.Attribute(ast.Constant(_PLACE, **place), f"l{line}", ast.Store(), **place)
    return ast.Assign([target], ast.Constant(True, **place), **place)


def _call(line: int, at: int) -> ast.expr:
    """An expression that notes that `line` has run, and is None."""
    place = _at(at)
    function = ast.Attribute(ast.Constant(_PLACE, **place), "_note", ast.Load(), **place)
    return ast.Call(function, [ast.Constant(line, **place)], [], **place)


def _marked(line: int, given: ast.expr) -> ast.expr:
    """The expression, and before it a note that `line` has run."""
    both = ast.BoolOp(ast.Or(), [_call(line, given.lineno), given])
    return ast.copy_location(both, given)


def _marked_after(line: int, given: ast.expr) -> ast.expr:
    """The expression, and after it a note that `line` has run."""
    both = ast.Tuple([given, _call(line, given.lineno)], ast.Load())
    chosen = ast.Subscript(both, ast.Constant(0), ast.Load())
    return ast.fix_missing_locations(ast.copy_location(chosen, given))


def _never(line: int, at: int) -> ast.match_case:
    """A case that notes that `line`, a case's, has run, and matches nothing."""
    place = _at(at)
    return ast.match_case(ast.MatchAs(None, None, **place), _call(line, at), [ast.Pass(**place)])
