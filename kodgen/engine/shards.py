"""Rows of one split as files of bounded size, written as they come."""

import json
import os
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

from kodgen.engine.store.files import explained
from kodgen.formats.base import FileKind

if TYPE_CHECKING:
    import pyarrow as pa

GROUP_ROWS = 1000
"""Rows of a row group at most. The Hub's viewer reads whole groups to show a page of 100 rows."""
GROUP_BYTES = 32 * 2**20
"""Text of a row group at most, so that a page of long rows opens fast as well (the Hub advises
groups below 100 MB); it bounds the memory that a file being written takes."""


class _File(Protocol):
    """A file of rows being written."""

    def add(self, rows: list[dict[str, Any]]) -> None:
        """Write some rows."""

    def close(self) -> None:
        """End the file, the handle stays open."""


class _Parquet:
    def __init__(self, handle: IO[bytes], schema: "pa.Schema") -> None:
        import pyarrow.parquet as pq

        self._schema = schema
        # Pages cut by content: an update uploads only what changed of a file.
        self._writer = pq.ParquetWriter(
            handle,
            schema,
            compression="zstd",
            write_page_index=True,
            use_content_defined_chunking=True,
        )

    def add(self, rows: list[dict[str, Any]]) -> None:
        import pyarrow as pa

        table = pa.Table.from_pylist(rows, schema=self._schema)
        self._writer.write_table(table, row_group_size=GROUP_ROWS)

    def close(self) -> None:
        self._writer.close()


class _Lines:
    def __init__(self, handle: IO[bytes], schema: "pa.Schema") -> None:
        self._handle = handle
        self._names = schema.names

    def add(self, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            line = json.dumps({name: row[name] for name in self._names}, ensure_ascii=False)
            self._handle.write(line.encode("utf-8") + b"\n")

    def close(self) -> None:
        pass


class Shards:
    """Takes rows one by one; the same rows give the same files, byte for byte.

    Args:
        folder: Where the files appear; it is there.
        split: Which their names begin with.
        schema: Of the rows.
        kind: Of file.
        most_bytes: Size at which a file ends; it may be larger by one row group.

    Raises:
        RunDirectoryError: The disk is full or the folder can't be written.
    """

    def __init__(
        self, folder: Path, split: str, schema: "pa.Schema", kind: FileKind, most_bytes: int
    ) -> None:
        self._folder = folder
        self._split = split
        self._schema = schema
        self._kind = kind
        self._most_bytes = most_bytes
        self._batch: list[dict[str, Any]] = []
        self._weight = 0
        self._drafts: list[Path] = []
        self._open: tuple[IO[bytes], _File] | None = None
        self.rows = 0

    def add(self, row: dict[str, Any]) -> None:
        """Take one row."""
        self._batch.append(row)
        self._weight += _weight(row)
        self.rows += 1
        if len(self._batch) == GROUP_ROWS or self._weight >= GROUP_BYTES:
            self._flush()

    def close(self) -> tuple[str, ...]:
        """Write what is left and give the files their names, which say how many there are."""
        if self._batch:
            self._flush()
        self._end_file()
        names = [
            f"{self._split}-{number:05d}-of-{len(self._drafts):05d}.{self._kind}"
            for number in range(len(self._drafts))
        ]
        for draft, name in zip(self._drafts, names, strict=True):
            with explained(draft):
                draft.replace(self._folder / name)
        return tuple(names)

    def _flush(self) -> None:
        draft = self._folder / f"{self._split}-{len(self._drafts):05d}.draft"
        with explained(draft):
            if self._open is None:
                self._drafts.append(draft)
                new = draft.open("wb")
                kind = _Parquet if self._kind == "parquet" else _Lines
                self._open = new, kind(new, self._schema)
            handle, file = self._open
            file.add(self._batch)
            self._batch, self._weight = [], 0
            if handle.tell() >= self._most_bytes:
                self._end_file()

    def _end_file(self) -> None:
        if self._open is None:
            return
        handle, file = self._open
        self._open = None
        with explained(self._drafts[-1]), handle:
            file.close()
            handle.flush()
            os.fsync(handle.fileno())


def _weight(value: Any) -> int:
    """About as many bytes as a value's text has."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(map(_weight, value.values()))
    if isinstance(value, list):
        return sum(map(_weight, value))
    return 8
