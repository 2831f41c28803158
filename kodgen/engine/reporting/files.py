"""Columns and single rows of sealed files."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kodgen.errors import RunDirectoryError

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ROWS = 2000


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    import pyarrow as pa

    try:
        yield
    except (OSError, pa.ArrowInvalid) as error:
        raise RunDirectoryError(
            f"{path}: can't be read ({error}); delete manifest.json beside it and run the same "
            "build again to have the stage sealed again"
        ) from error


def batches(path: Path, columns: Sequence[str]) -> Iterator["pa.RecordBatch"]:
    """Some columns of a file, in order; `verdict.reason` is a field within a column.

    Raises:
        RunDirectoryError: The file is missing or broken.
    """
    import pyarrow.parquet as pq

    with _explained(path), pq.ParquetFile(path) as file:
        yield from file.iter_batches(BATCH_ROWS, columns=list(columns))


def rows(path: Path, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The same, row by row.

    Raises:
        RunDirectoryError: The file is missing or broken.
    """
    for batch in batches(path, columns):
        yield from batch.to_pylist()


def rows_at(path: Path, numbers: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Whole rows by their number from 0; groups of rows without any of them are not read.

    Raises:
        RunDirectoryError: The file is missing or broken.
    """
    import pyarrow.parquet as pq

    wanted = sorted(set(numbers))
    found: dict[int, dict[str, Any]] = {}
    with _explained(path), pq.ParquetFile(path) as file:
        start = 0
        for group in range(file.num_row_groups):
            size = file.metadata.row_group(group).num_rows
            here = [number for number in wanted if start <= number < start + size]
            if here:
                table = file.read_row_group(group).take([number - start for number in here])
                found.update(zip(here, table.to_pylist(), strict=True))
            start += size
    return found


def numbers_of(path: Path, column: str, wanted: set[str]) -> dict[str, list[int]]:
    """In which rows a column has one of the wanted values, by value.

    Raises:
        RunDirectoryError: The file is missing or broken.
    """
    found: dict[str, list[int]] = {}
    start = 0
    for batch in batches(path, [column]):
        values = batch.column(0).to_pylist()
        for number, value in enumerate(values, start):
            if value in wanted:
                found.setdefault(value, []).append(number)
        start += len(values)
    return found
