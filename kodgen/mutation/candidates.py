"""Every small fault that could be put into a solution."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from kodgen.mutation.executed import executed
from kodgen.mutation.operators import OPERATORS
from kodgen.mutation.source import Edit, Source
from kodgen.records import Mutant

LONGEST_SNIPPET = 400
"""Characters of a mutant's record: a removed statement may be long, its beginning shows which."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A change of a solution.

    Args:
        operator: Name of its kind.
        edit: The change.
        start: First byte of the statement of the module that it is in, decorators included.
        end: The byte after that statement's last.
    """

    operator: str
    edit: Edit
    start: int
    end: int


def candidates(tree: ast.Module, source: Source) -> Iterator[Candidate]:
    """All changes, in the order of the text, then of the operators."""
    for statement in tree.body:
        first: ast.stmt | ast.expr = next(iter(getattr(statement, "decorator_list", ())), statement)
        # With the `@` of a decorator, whose node begins after it.
        start = source.offset(first.lineno, 0) if first is not statement else source.span(first)[0]
        end = source.span(statement)[1]
        for node in executed(statement):
            for name, operator in OPERATORS.items():
                for edit in operator(node, source):
                    yield Candidate(name, edit, start, end)


def recorded(candidate: Candidate, source: Source) -> Mutant:
    """A change as a reader sees it: the lines it is in, before and after."""
    edit = candidate.edit
    start, end = source.lines(edit.start, edit.end)
    return Mutant(
        operator=candidate.operator,
        line=source.line_of(edit.start),
        original=_snippet(source.data[start:end].decode()),
        mutated=_snippet(source.edited(edit, start, end)),
    )


def _snippet(text: str) -> str:
    text = text.strip()
    return text if len(text) <= LONGEST_SNIPPET else f"{text[: LONGEST_SNIPPET - 3]}..."
