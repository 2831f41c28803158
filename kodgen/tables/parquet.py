"""Rows of a Parquet file, only the columns that matter, a bounded number at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kodgen.errors import InputError
from kodgen.tables.row import Broken, Row, Rows

BATCH_ROWS = 1024
"""Rows in memory at a time."""


def read_parquet(path: Path, columns: tuple[str, ...], optional: tuple[str, ...]) -> Rows:
    """The rows of a Parquet file, with `columns` and what there is of `optional`.

    They have all there are where none is named, or where one of `columns` is missing, so that a
    message can name them.

    Raises:
        InputError: It is no Parquet file, or a damaged one.
    """
    number = 0
    with _opened(path) as file:
        names = file.schema_arrow.names
        wanted = None
        if columns and set(columns) <= set(names):
            wanted = [name for name in names if name in columns or name in optional]
        for batch in file.iter_batches(BATCH_ROWS, columns=wanted):
            for cells in zip(*batch.columns, strict=True):
                number += 1
                yield _row(f"row {number}", batch.schema.names, cells)


def count_parquet(path: Path) -> int:
    """Number of rows, as the file's footer says.

    Raises:
        InputError: It is no Parquet file.
    """
    with _opened(path) as file:
        return int(file.metadata.num_rows)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            yield file
    except FileNotFoundError:
        raise
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            f"{path}: not a Parquet file, or a damaged one ({error}); check the file"
        ) from error


def _row(place: str, names: list[str], cells: tuple[Any, ...]) -> Row | Broken:
    try:
        return Row(place, {name: cell.as_py() for name, cell in zip(names, cells, strict=True)})
    except UnicodeDecodeError as error:
        detail = f"byte {error.start + 1} of a cell is not UTF-8; write the column as UTF-8"
        return Broken(place, "undecodable", detail, "")
