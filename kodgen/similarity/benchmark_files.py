"""Reads a benchmark file whole: a benchmark with a hole in it would pass leaks as clean."""

import gzip
import json
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kodgen.errors import InputError

Row = tuple[str, Mapping[str, Any]]
"""Where a row stands (`line 3`, `row 3`, `key 'HumanEval/3'`), and its columns."""


def read_benchmark(path: Path) -> list[Row]:
    """All rows of a `.jsonl`, `.json` (either also `.gz`) or `.parquet` file.

    A JSON file holds an array of objects, or an object of objects, by task id.

    Raises:
        InputError: The file is missing, of another kind, broken in any row, or without rows.
    """
    name = path.name.lower().removesuffix(".gz")
    suffix = next((s for s in READERS if name.endswith(s)), None)
    if suffix is None:
        raise InputError(
            f"{path}: can't tell what kind of file this is; its name must end in "
            + ", ".join(READERS)
        )
    try:
        rows = READERS[suffix](path)
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such benchmark file; correct the path") from error
    except IsADirectoryError as error:
        raise InputError(f"{path}: is a folder; name the benchmark's file in it") from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(f"{path}: the compressed file is damaged ({error}); fetch it") from error
    except OSError as error:
        raise InputError(f"{path}: can't be read ({error.strerror or error})") from error
    if not rows:
        raise InputError(f"{path}: holds no tasks; fetch the benchmark again or correct the path")
    return rows


def _lines(path: Path) -> list[Row]:
    rows = []
    for number, line in enumerate(_bytes(path).split(b"\n"), start=1):
        if line.strip():
            place = f"line {number}"
            rows.append((place, _object(path, place, _json(path, place, line))))
    return rows


def _document(path: Path) -> list[Row]:
    value = _json(path, "", _bytes(path))
    if isinstance(value, dict):
        named = [(f"key {key!r}", item) for key, item in value.items()]
    elif isinstance(value, list):
        named = [(f"row {number}", item) for number, item in enumerate(value, start=1)]
    else:
        raise InputError(f"{path}: holds no array and no object of tasks; correct the path")
    return [(place, _object(path, place, item)) for place, item in named]


def _table(path: Path) -> list[Row]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        rows = pq.read_table(path).to_pylist()
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        raise InputError(f"{path}: can't be read as Parquet ({error}); check the file") from error
    return [(f"row {number}", row) for number, row in enumerate(rows, start=1)]


READERS: Mapping[str, Callable[[Path], list[Row]]] = {
    ".jsonl": _lines,
    ".ndjson": _lines,
    ".json": _document,
    ".parquet": _table,
}
"""Reader of each kind of file, by the end of its name without `.gz`."""


def _bytes(path: Path) -> bytes:
    data = path.read_bytes()
    return (gzip.decompress(data) if path.name.lower().endswith(".gz") else data).removeprefix(
        b"\xef\xbb\xbf"
    )


def _json(path: Path, place: str, data: bytes) -> Any:
    where = f"{path}, {place}" if place else str(path)
    try:
        return json.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise InputError(
            f"{where}: byte {error.start + 1} is not UTF-8; a benchmark must be whole, fetch it "
            "again"
        ) from error
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{where}: is not JSON ({error}); a benchmark must be whole, fetch it again"
        ) from error


def _object(path: Path, place: str, value: Any) -> Mapping[str, Any]:
    if isinstance(value, dict):
        return value
    raise InputError(
        f"{path}, {place}: holds {type(value).__name__} where a task with columns is needed; "
        "correct the file"
    )
