"""Rows of one split as files of bounded size, written as they come."""

import os
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from kodgen.engine.store.files import explained

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

GROUP_ROWS = 1000
"""Rows of a row group at most. The Hub's viewer reads whole groups to show a page of 100 rows."""
GROUP_BYTES = 32 * 2**20
"""Text of a row group at most, so that a page of long rows opens fast as well (the Hub advises
groups below 100 MB); it bounds the memory that a file being written takes."""


class Shards:
    """Takes rows one by one; the same rows give the same files, byte for byte.

    Args:
        folder: Where the files appear; it is there.
        split: Which their names begin with.
        schema: Of the rows.
        most_bytes: Size at which a file ends; it may be larger by one row group.

    Raises:
        RunDirectoryError: The disk is full or the folder can't be written.
    """

    def __init__(self, folder: Path, split: str, schema: "pa.Schema", most_bytes: int) -> None:
        self._folder = folder
        self._split = split
        self._schema = schema
        self._most_bytes = most_bytes
        self._batch: list[dict[str, Any]] = []
        self._weight = 0
        self._drafts: list[Path] = []
        self._open: tuple[IO[bytes], pq.ParquetWriter] | None = None
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
            f"{self._split}-{number:05d}-of-{len(self._drafts):05d}.parquet"
            for number in range(len(self._drafts))
        ]
        for draft, name in zip(self._drafts, names, strict=True):
            with explained(draft):
                draft.replace(self._folder / name)
        return tuple(names)

    def _flush(self) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        draft = self._folder / f"{self._split}-{len(self._drafts):05d}.draft"
        with explained(draft):
            if self._open is None:
                self._drafts.append(draft)
                new = draft.open("wb")
                # Pages cut by content: an update uploads only what changed of a file.
                self._open = (
                    new,
                    pq.ParquetWriter(
                        new,
                        self._schema,
                        compression="zstd",
                        write_page_index=True,
                        use_content_defined_chunking=True,
                    ),
                )
            handle, writer = self._open
            table = pa.Table.from_pylist(self._batch, schema=self._schema)
            writer.write_table(table, row_group_size=GROUP_ROWS)
            self._batch, self._weight = [], 0
            if handle.tell() >= self._most_bytes:
                self._end_file()

    def _end_file(self) -> None:
        if self._open is None:
            return
        handle, writer = self._open
        self._open = None
        with explained(self._drafts[-1]), handle:
            writer.close()
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
