"""A row of a table and where it stands; what stands there instead where it is broken."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

ID_COLUMNS = ("id", "question_id", "task_id", "conversation_id")
"""Where a dataset's rows usually have their ids."""

RAW_EXCERPT = 2000
"""Characters kept of a line that could not be read: enough to recognise it by."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row and where it stands: `line 12` of a text file, `row 3` of an array or a table."""

    place: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Broken:
    """A place that gives nothing, and why."""

    place: str
    reason: str
    """Reason code in snake_case; a reader of tables says `broken_line` or `undecodable`."""
    detail: str
    """What is wrong there and what to do about it, as a sentence without the file's name."""
    raw: str
    """The row as JSON, or the raw line where it was not a row."""


Rows = Iterator[Row | Broken]


def printable(text: str) -> str:
    r"""Text that any file can hold: lone surrogates written out as `\udXXX`."""
    if text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def excerpt(raw: bytes | str) -> str:
    r"""The beginning of a raw line, bytes that are not UTF-8 written out as `\xNN`."""
    text = raw.decode("utf-8", "backslashreplace") if isinstance(raw, bytes) else printable(raw)
    text = text.rstrip("\r\n")
    return text if len(text) <= RAW_EXCERPT else text[:RAW_EXCERPT] + "…"


def row_id(row: Row, columns: Sequence[str], number: int) -> str:
    """A row's own id from the first of the columns that holds one; else its number."""
    for column in columns:
        value = row.values.get(column)
        if value is not None:
            return str(value)
    return str(number)


def nearest_column(name: str, columns: Sequence[str]) -> str:
    """The end of a message about a column that is not there: which there are, which was meant."""
    return f"; the columns are {', '.join(map(repr, columns))}{nearest(name, columns)}"


def nearest(name: str, names: Sequence[str], quoted: Callable[[str], str] = repr) -> str:
    """The end of a message about a name that is not there: which was probably meant.

    Args:
        name: The one that is not there.
        names: Those that are.
        quoted: How the message has a name.
    """
    close = get_close_matches(name, names, n=1)
    return f"; did you mean {quoted(close[0])}?" if close else ""
