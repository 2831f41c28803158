"""Rows of a JSONL, JSON, CSV or Parquet file, with the place of each; broken ones are said so."""

import csv
import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, BinaryIO, cast

from kodgen.errors import InputError
from kodgen.seeds.found import Broken, excerpt

BATCH_ROWS = 4096
"""Parquet rows in memory at a time."""

LONGEST_CELL = 2**31 - 1
"""The csv module refuses cells over 131,072 characters by default; a page of text may be longer."""


ID_COLUMNS = ("id", "question_id", "task_id", "conversation_id")
"""Where a dataset's rows usually have their ids."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row and where it stands: `line 12` of a text file, `row 3` of an array or a table."""

    place: str
    values: Mapping[str, Any]


Rows = Iterator[Row | Broken]


def _open(path: Path) -> BinaryIO:
    if path.suffix.lower() == ".gz":
        return cast("BinaryIO", gzip.open(path, "rb"))
    return path.open("rb")


def read_jsonl(path: Path, _columns: tuple[str, ...]) -> Rows:
    """Stream the objects of a JSONL file (or `.jsonl.gz`); blank lines are no rows."""
    number = 0
    with _open(path) as file:
        try:
            for number, raw in enumerate(file, start=1):
                line = raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
                if line.strip():
                    yield _json_row(f"line {number}", line)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            yield Broken(
                place=f"line {number + 1}",
                reason="broken_line",
                detail=f"the compressed file is damaged from here on ({error}); fetch it again",
                raw="",
            )


def _json_row(place: str, line: bytes) -> Row | Broken:
    try:
        value = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        detail = f"byte {error.start + 1} is not UTF-8; save the file as UTF-8"
        return Broken(place, "undecodable", detail, excerpt(line))
    except (ValueError, RecursionError) as error:
        detail = f"is not JSON ({error}); correct or delete it"
        return Broken(place, "broken_line", detail, excerpt(line))
    return _object_row(place, value)


def _object_row(place: str, value: object) -> Row | Broken:
    if isinstance(value, dict):
        return Row(place, value)
    detail = f"holds {_kind(value)} where an object with columns is needed; correct or delete it"
    return Broken(place, "broken_line", detail, excerpt(json.dumps(value)))


def _kind(value: object) -> str:
    names: dict[type, str] = {
        list: "a list",
        str: "a string",
        bool: "true or false",
        dict: "an object",
    }
    return "null" if value is None else names.get(type(value), "a number")


def read_json(path: Path, _columns: tuple[str, ...]) -> Rows:
    """The objects of a JSON file (or `.json.gz`) that holds one array.

    Raises:
        InputError: The file is no JSON, or no array: there is nothing to go on with.
    """
    try:
        with _open(path) as file:
            value = json.loads(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: byte {error.start + 1} is not UTF-8; save the file as UTF-8"
        ) from error
    except json.JSONDecodeError as error:
        hint = (
            "it looks like one object per line: name it .jsonl"
            if error.msg == "Extra data"
            else "correct it there"
        )
        raise InputError(
            f"{path}, line {error.lineno}, column {error.colno}: not JSON ({error.msg}); {hint}"
        ) from error
    except (ValueError, RecursionError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(f"{path}: can't be read as JSON ({error}); correct the file") from error
    if not isinstance(value, list):
        raise InputError(
            f"{path}: holds {_kind(value)} where an array of objects is needed; "
            "put the rows into [ ], or one per line into a .jsonl file"
        )
    for number, item in enumerate(value, start=1):
        yield _object_row(f"row {number}", item)


def read_csv(path: Path, _columns: tuple[str, ...]) -> Rows:
    """The rows of a CSV file whose first line names the columns.

    Raises:
        InputError: A column's name stands twice in the first line.
    """
    csv.field_size_limit(LONGEST_CELL)
    with path.open("rb") as binary:
        # Bytes that are not UTF-8 become lone surrogates, which cost their own row only.
        text = io.TextIOWrapper(binary, "utf-8-sig", errors="surrogateescape", newline="")
        reader = csv.reader(text)
        header = next(reader, [])
        twice = sorted({name for name in header if header.count(name) > 1})
        if twice:
            raise InputError(f"{path}, line 1: two columns are named {twice[0]!r}; rename one")
        while True:
            first = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Broken(f"line {first}", "broken_line", f"is not CSV ({error})", "")
                continue
            if cells:
                yield _csv_row(first, reader.line_num, header, cells)


def _csv_row(first: int, last: int, header: list[str], cells: list[str]) -> Row | Broken:
    place = f"line {first}" if first == last else f"lines {first} to {last}"
    if len(cells) == len(header):
        return Row(place, dict(zip(header, cells, strict=True)))
    detail = (
        f"has {len(cells)} cells where the first line names {len(header)} columns; "
        "look for a comma or a quote that is missing or one too many"
    )
    return Broken(place, "broken_line", detail, excerpt(json.dumps(cells, ensure_ascii=False)))


def read_parquet(path: Path, columns: tuple[str, ...]) -> Rows:
    """The rows of a Parquet file, `columns` of it only (all, if it lacks one).

    Raises:
        InputError: It is no Parquet file.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(f"{path}: not a Parquet file ({error}); check the file") from error
    with file:
        # All of them where one is missing, so that the message can name those there are.
        wanted = list(columns) if set(columns) <= set(file.schema_arrow.names) else None
        number = 0
        for batch in file.iter_batches(BATCH_ROWS, columns=wanted):
            names = batch.schema.names
            for cells in zip(*batch.columns, strict=True):
                number += 1
                yield _parquet_row(f"row {number}", names, cells)


def _parquet_row(place: str, names: list[str], cells: tuple[Any, ...]) -> Row | Broken:
    try:
        return Row(place, {name: cell.as_py() for name, cell in zip(names, cells, strict=True)})
    except UnicodeDecodeError as error:
        detail = f"byte {error.start + 1} of a cell is not UTF-8; write the column as UTF-8"
        return Broken(place, "undecodable", detail, "")


READERS: Mapping[str, Callable[[Path, tuple[str, ...]], Rows]] = {
    ".jsonl": read_jsonl,
    ".jsonl.gz": read_jsonl,
    ".ndjson": read_jsonl,
    ".json": read_json,
    ".json.gz": read_json,
    ".csv": read_csv,
    ".parquet": read_parquet,
}
"""Reader of each kind of file, by suffix. Each takes the path and the columns that matter."""


def read_rows(path: Path, columns: tuple[str, ...]) -> Rows:
    """Stream the rows of a table, told by its suffix; of Parquet, only the columns named.

    Raises:
        InputError: The file is not there, can't be read, or is of no known kind.
    """
    name = path.name.lower()
    suffix = next((s for s in sorted(READERS, key=len, reverse=True) if name.endswith(s)), None)
    if suffix is None:
        raise InputError(
            f"{path}: can't tell what kind of table this is; the name must end in one of "
            + ", ".join(READERS)
        )
    try:
        yield from READERS[suffix](path, columns)
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file; correct the path{_near(path)}") from error
    except IsADirectoryError as error:
        raise InputError(
            f"{path}: is a folder; name a file, or say `type: folder` to read its text files"
        ) from error
    except OSError as error:
        raise InputError(f"{path}: can't be read ({error.strerror or error})") from error


def _near(path: Path) -> str:
    if not path.parent.is_dir():
        return f" ({path.parent} does not exist either)"
    names = sorted(entry.name for entry in path.parent.iterdir())
    return _hint(path.name, names)


def nearest_column(name: str, columns: Sequence[str]) -> str:
    """The end of a message about a column that is not there: which there are, which was meant."""
    return f"; the columns are {', '.join(map(repr, columns))}{_hint(name, columns)}"


def _hint(name: str, names: Sequence[str]) -> str:
    close = get_close_matches(name, names, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def row_id(row: Row, columns: Sequence[str], number: int) -> str:
    """A row's own id from the first of the columns that holds one; else its number."""
    found = (row.values.get(column) for column in columns)
    return str(next((value for value in found if value is not None), number))
