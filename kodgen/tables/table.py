"""A table that a user names on the command line: a file, a folder of Parquet, a Hub dataset."""

from pathlib import Path
from typing import Protocol

from kodgen.tables.files import FileTable
from kodgen.tables.hub import PREFIX, HubTable
from kodgen.tables.row import Rows


class Table(Protocol):
    """Rows that can be read again and again from the first."""

    name: str
    """As the user named it, for messages."""

    def rows(self, columns: tuple[str, ...], optional: tuple[str, ...] = ()) -> Rows:
        """Stream the rows, with at least `columns` and what there is of `optional`.

        Raises:
            InputError: It can't be read, or no further.
        """
        ...

    def count(self) -> int | None:
        """Number of rows; None where it can't be told without reading them all from afar.

        Raises:
            InputError: It can't be read.
        """
        ...

    def identity(self) -> dict[str, str]:
        """What tells this content from any other.

        Raises:
            InputError: It can't be read.
        """
        ...


def open_table(name: str) -> Table:
    """The table of that name.

    Raises:
        InputError: There is none, or it is of no known kind.
    """
    return HubTable(name) if name.startswith(PREFIX) else FileTable(Path(name))
