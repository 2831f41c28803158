"""Reads the rows of a dataset as an audit looks at them; what can't be read is told, row by row."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from kodgen.contamination.row import AuditedRow
from kodgen.engine.auditing.cells import Unreadable, code_of, suite_of, text_of, whole_solution
from kodgen.engine.auditing.columns import GUESSED_FROM, IDS, Columns, Layout, guess_layout
from kodgen.errors import InputError
from kodgen.tables.row import Broken, Row, printable, row_id
from kodgen.tables.table import Table

MOST_SUBSETS = 200
"""Subsets that are told apart; a column with more values is no column of subsets."""
REST = "(others)"


class Taken(NamedTuple):
    """A row as it was read."""

    row: AuditedRow
    place: str
    """Where in the dataset it stands."""
    troubles: tuple[tuple[str, str], ...] = ()
    """Reason codes and details of what of it could not be read: it can't be called clean."""
    repeats: bool = False
    """An earlier row has the same id."""


def find_layout(table: Table, given: Columns) -> Layout:
    """Guess which columns hold what.

    Raises:
        InputError: The dataset can't be read or holds no rows, or its columns can't be told.
    """
    rows: list[Row] = []
    first_broken: Broken | None = None
    for row in islice(table.rows(()), GUESSED_FROM):
        if isinstance(row, Row):
            rows.append(row)
        else:
            first_broken = first_broken or row
    if not rows:
        why = (
            "holds no rows; there is nothing to audit"
            if first_broken is None
            else f"{first_broken.place}: {first_broken.detail}; none of the first "
            f"{GUESSED_FROM} rows could be read"
        )
        raise InputError(f"{table.name}: {why}")
    return guess_layout(table.name, rows, given)


class Reader:
    """Gives every row of a dataset, also those that can't be read.

    Args:
        table: The dataset.
        layout: Its columns.
    """

    def __init__(self, table: Table, layout: Layout) -> None:
        self._table = table
        self._layout = layout
        self._ids: set[str] = set()
        self._subsets: set[str] = set()

    def rows(self) -> Iterator[Taken]:
        """Every row, in order.

        Raises:
            InputError: The dataset can be read no further.
        """
        for number, row in enumerate(self._table.rows(*self._layout.wanted())):
            if isinstance(row, Broken):
                trouble = (row.reason, row.detail)
                yield Taken(AuditedRow(printable(row.place), ""), row.place, (trouble,))
            else:
                yield self._taken(row, number)

    def _taken(self, row: Row, number: int) -> Taken:
        columns, troubles = self._layout.columns, list[tuple[str, str]]()

        def part(column: str | None, reader: Callable[[Any], str | None]) -> str | None:
            if column is None:
                return None
            try:
                text = reader(row.values.get(column))
            except Unreadable as error:
                troubles.append(("unreadable", f"column {column!r} {error}"))
                return None
            if text is not None and printable(text) != text:
                detail = f"column {column!r} is not valid Unicode; save it as UTF-8"
                troubles.append(("undecodable", detail))
                return printable(text)
            return text

        question = part(columns.question, text_of)
        if self._layout.input is not None:
            further = part(self._layout.input, text_of)
            question = "\n\n".join(one for one in (question, further) if one) or None
        answer = columns.solution
        if answer is None and self._layout.shape == "chat":
            answer = columns.question
        solution = part(answer, code_of)
        tests = part(columns.tests, suite_of)
        if columns.question is not None and question is None and not troubles:
            troubles.append(("no_question", f"column {columns.question!r} holds no text"))
        if question is not None and solution is not None:
            solution = whole_solution(question, solution)
        name = printable(row_id(row, IDS if columns.id is None else (columns.id,), number))
        repeats = name in self._ids
        self._ids.add(name)
        audited = AuditedRow(name, question or "", solution, tests, self._subset(row))
        told = tuple(dict.fromkeys(troubles)) if troubles else ()
        return Taken(audited, row.place, told, repeats)

    def _subset(self, row: Row) -> str:
        column = self._layout.columns.subset
        value = None if column is None else row.values.get(column)
        if value is None:
            return ""
        name = printable(str(value))
        if name not in self._subsets and len(self._subsets) >= MOST_SUBSETS:
            return REST
        self._subsets.add(name)
        return name
