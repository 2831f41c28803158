"""Rows of text files: JSONL and JSON (either also `.gz`), and CSV."""

import csv
import gzip
import io
import json
import zlib
from pathlib import Path
from typing import BinaryIO, cast

from kodgen.errors import InputError
from kodgen.tables.row import Broken, Row, Rows, excerpt

LONGEST_CELL = 2**31 - 1
"""The csv module refuses cells over 131,072 characters by default; a page of text may be longer."""


def _open(path: Path) -> BinaryIO:
    if path.suffix.lower() == ".gz":
        return cast("BinaryIO", gzip.open(path, "rb"))
    return path.open("rb")


def read_jsonl(path: Path) -> Rows:
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


def count_jsonl(path: Path) -> int:
    """Number of rows that `read_jsonl` gives, without reading them as JSON."""
    count = 0
    with _open(path) as file:
        try:
            for line in file:
                count += not line.isspace()
        except (EOFError, gzip.BadGzipFile, zlib.error):
            count += 1
    return count


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


def read_json(path: Path) -> Rows:
    """The objects of a JSON file (or `.json.gz`): of an array, or of an object by key.

    Raises:
        InputError: The file is no JSON, or holds neither: there is nothing to go on with.
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
    if isinstance(value, dict) and value and all(isinstance(i, dict) for i in value.values()):
        for key, item in value.items():
            yield Row(f"key {key!r}", item)
        return
    if not isinstance(value, list):
        raise InputError(
            f"{path}: holds {_kind(value)} where an array of objects is needed; "
            "put the rows into [ ], or one per line into a .jsonl file"
        )
    for number, item in enumerate(value, start=1):
        yield _object_row(f"row {number}", item)


def read_csv(path: Path) -> Rows:
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
