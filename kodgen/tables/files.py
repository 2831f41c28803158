"""Tables in files, told apart by their names: one file, or a folder of Parquet files."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kodgen.errors import InputError
from kodgen.tables.parquet import count_parquet, read_parquet
from kodgen.tables.row import Broken, Row, Rows, nearest
from kodgen.tables.text import count_jsonl, read_csv, read_json, read_jsonl


@dataclass(frozen=True, slots=True)
class Kind:
    """How to read one kind of file: its rows, by the columns that matter, and their number."""

    rows: Callable[[Path, tuple[str, ...], tuple[str, ...]], Rows]
    count: Callable[[Path], int]


def _whole(read: Callable[[Path], Rows], count: Callable[[Path], int] | None = None) -> Kind:
    """A kind of file whose rows can be read only with all their columns."""
    return Kind(
        rows=lambda path, _columns, _optional: read(path),
        count=count or (lambda path: sum(1 for _ in read(path))),
    )


JSONL = _whole(read_jsonl, count_jsonl)
JSON = _whole(read_json)

KINDS: Mapping[str, Kind] = {
    ".jsonl": JSONL,
    ".jsonl.gz": JSONL,
    ".ndjson": JSONL,
    ".ndjson.gz": JSONL,
    ".json": JSON,
    ".json.gz": JSON,
    ".csv": _whole(read_csv),
    ".parquet": Kind(read_parquet, count_parquet),
}
"""Each kind of file, by suffix."""


def read_rows(path: Path, columns: tuple[str, ...], optional: tuple[str, ...] = ()) -> Rows:
    """Stream the rows of a file; of Parquet, only the columns named.

    They have all columns where none is named, or where one of `columns` is missing.

    Raises:
        InputError: The file is not there, can't be read, or is of no known kind.
    """
    with _explained(path):
        yield from _kind(path).rows(path, columns, optional)


class FileTable:
    """The rows of one file, or of every `.parquet` file below a folder in order of their paths.

    Raises:
        InputError: There is no such file, it is of no known kind, or the folder has no Parquet.
    """

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self._path = path
        self._files = _shards(path) if path.is_dir() else [path]
        for file in self._files:
            _kind(file)

    def rows(self, columns: tuple[str, ...], optional: tuple[str, ...] = ()) -> Rows:
        """Stream the rows; see `read_rows`."""
        for file in self._files:
            if file == self._path:
                yield from read_rows(file, columns, optional)
                continue
            shard = file.relative_to(self._path)
            for row in read_rows(file, columns, optional):
                place = f"{shard}, {row.place}"
                if isinstance(row, Row):
                    yield Row(place, row.values)
                else:
                    yield Broken(place, row.reason, row.detail, row.raw)

    def count(self) -> int | None:
        """Number of rows."""
        total = 0
        for file in self._files:
            with _explained(file):
                total += _kind(file).count(file)
        return total

    def identity(self) -> dict[str, str]:
        """What tells this content from any other: SHA-256 of each file, by its name."""
        digests = {}
        for file in self._files:
            with _explained(file), file.open("rb") as opened:
                digests[file.name if file == self._path else str(file.relative_to(self._path))] = (
                    hashlib.file_digest(opened, "sha256").hexdigest()
                )
        return digests


def _shards(folder: Path) -> list[Path]:
    found = sorted(
        path
        for path in folder.rglob("*.parquet")
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    if not found:
        raise InputError(
            f"{folder}: is a folder without any .parquet file; name a file, or a folder of Parquet"
        )
    return found


def _kind(path: Path) -> Kind:
    name = path.name.lower()
    suffix = next((s for s in sorted(KINDS, key=len, reverse=True) if name.endswith(s)), None)
    if suffix is None:
        raise InputError(
            f"{path}: can't tell what kind of table this is; the name must end in one of "
            + ", ".join(KINDS)
        )
    return KINDS[suffix]


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
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
    return nearest(path.name, sorted(entry.name for entry in path.parent.iterdir()))
