"""Where in the rows of a user's table the code is; and whether it is there."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from kodgen.errors import InputError
from kodgen.tables.row import ID_COLUMNS, Broken, Row, nearest_column, printable, row_id
from kodgen.tables.table import Table

COLUMNS_REMEMBERED = 1000
"""Rows whose columns are remembered for an error message; rows of one table hardly differ."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A solution and its tests."""

    solution: str
    test: str


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of the solution, its tests and the row's id; the id is guessed if None."""

    solution: str = "solution"
    test: str = "test"
    id: str | None = None

    def as_dict(self) -> dict[str, str | None]:
        """The names by what they are of."""
        return asdict(self)

    def rows(self, table: Table) -> Iterator[Row | Broken]:
        """The rows of a table, with these columns at least."""
        code = (self.solution, self.test)
        return table.rows(code, ID_COLUMNS) if self.id is None else table.rows((*code, self.id))

    def name(self, row: Row | Broken, number: int) -> str:
        """The row's own id, or its number from 0."""
        if isinstance(row, Broken):
            return str(number)
        return row_id(row, ID_COLUMNS if self.id is None else (self.id,), number)

    def pair(self, row: Row | Broken) -> Pair | Broken:
        """The code of a row, or why there is none."""
        if isinstance(row, Broken):
            return row
        code = []
        for column in (self.solution, self.test):
            value = row.values.get(column)
            if not isinstance(value, str) or not value.strip():
                return Broken(row.place, "no_code", f"column {column!r} holds no code", "")
            if printable(value) != value:
                detail = f"column {column!r} is not valid Unicode; save it as UTF-8"
                return Broken(row.place, "undecodable", detail, "")
            code.append(value)
        return Pair(*code)

    def check(self, table: Table) -> None:
        """See that some row has each column; reads no further than it must.

        Raises:
            InputError: None has, or there are no rows.
        """
        options = {self.solution: "--solution-column", self.test: "--test-column"}
        if self.id is not None:
            options[self.id] = "--id-column"
        seen: dict[str, None] = {}
        rows = 0
        first_broken: Broken | None = None
        for rows, row in enumerate(self.rows(table), start=1):  # noqa: B007
            if isinstance(row, Broken):
                first_broken = first_broken or row
                continue
            if len(seen) < COLUMNS_REMEMBERED:
                seen.update(dict.fromkeys(row.values))
            for column in [column for column in options if column in row.values]:
                del options[column]
            if not options:
                return
        if rows == 0:
            raise InputError(f"{table.name}: holds no rows; there is nothing to verify")
        if not seen and first_broken is not None:
            raise InputError(
                f"{table.name}, {first_broken.place}: {first_broken.detail}; no row could be read"
            )
        name, option = next(iter(options.items()))
        raise InputError(
            f"{table.name}: no row has the column {name!r}; name another with {option}"
            + nearest_column(name, list(seen))
        )
