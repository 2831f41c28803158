"""Records as Parquet: an Arrow schema from a record's types, files written whole or not at all."""

import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

from kodgen.engine.store.files import draft_of, explained, publish
from kodgen.errors import RunDirectoryError
from kodgen.records import Record

if TYPE_CHECKING:
    import pyarrow as pa

R = TypeVar("R", bound=Record)
BATCH_ROWS = 1000


def arrow_schema(model: type[BaseModel]) -> "pa.Schema":
    """The Arrow schema of a record, its fields in order.

    Raises:
        TypeError: A field's type has no column type.
    """
    import pyarrow as pa

    return pa.schema(
        [
            pa.field(name, _arrow_type(field.annotation))
            for name, field in model.model_fields.items()
        ]
    )


def _arrow_type(annotation: Any) -> "pa.DataType":
    import pyarrow as pa

    simple: dict[Any, pa.DataType] = {
        str: pa.string(),
        int: pa.int64(),
        float: pa.float64(),
        bool: pa.bool_(),
    }
    if annotation in simple:
        return simple[annotation]
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Literal:
        return pa.string()
    if origin in (typing.Union, types.UnionType):
        (inner,) = [a for a in arguments if a is not type(None)]
        return _arrow_type(inner)
    if origin is tuple:
        return pa.list_(_arrow_type(arguments[0]))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return pa.struct(list(arrow_schema(annotation)))
    raise TypeError(f"no column type for {annotation!r}")


class ParquetSink:
    """Takes rows one by one; the file appears, whole, when closed.

    The same rows give the same bytes: no time, no host and no library-chosen metadata goes in.

    Raises:
        RunDirectoryError: The disk is full or the folder can't be written.
    """

    def __init__(self, path: Path, schema: "pa.Schema") -> None:
        self._path = path
        self._schema = schema
        self._batch: list[dict[str, Any]] = []
        self._writer: Any = None
        self.rows = 0

    def add(self, row: dict[str, Any]) -> None:
        """Take one row."""
        self._batch.append(row)
        self.rows += 1
        if len(self._batch) == BATCH_ROWS:
            self._flush()

    def close(self) -> None:
        """Write what is left and let the file appear."""
        self._flush()
        with explained(self._path):
            self._writer.close()
            publish(self._path)

    def _flush(self) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        with explained(self._path):
            if self._writer is None:
                self._writer = pq.ParquetWriter(
                    draft_of(self._path), self._schema, compression="zstd", write_page_index=True
                )
            if self._batch:
                self._writer.write_table(pa.Table.from_pylist(self._batch, schema=self._schema))
        self._batch = []


def read_records(path: Path, model: type[R]) -> Iterator[R]:
    """Records of a Parquet file, in order.

    Raises:
        RunDirectoryError: The file is missing or broken.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(BATCH_ROWS):
                for row in batch.to_pylist():
                    yield model.model_validate(row)
    except (OSError, pa.ArrowInvalid) as error:
        raise RunDirectoryError(
            f"{path}: can't be read ({error}); delete its stage's folder to have it made again"
        ) from error
