"""The files of a built dataset, read back: their configs, and every row by a name to find it by."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kodgen.formats.registry import FORMATS
from kodgen.hub.facts import Config, Split
from kodgen.hub.features import features_of
from kodgen.records import content_hash

BATCH_ROWS = 500
IDS = ("response_id", "question_id", "id", "uuid", "task_id")
"""Columns that tell a row from others, the closest first."""
VERIFIABLE = frozenset({"question", "solution", "test"})
"""Columns of a config whose rows can be verified from it alone."""


@dataclass(frozen=True, slots=True)
class Exported:
    """One row of one file."""

    config: str
    split: str
    place: str
    """File and row, from 1, such as `kodcode/train-00000-of-00001.parquet, row 3`."""
    id: str
    values: Mapping[str, Any]

    @property
    def named(self) -> str:
        """For messages."""
        return f"{self.id} ({self.place})"

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text in it by the way to it, such as `messages[1].content`."""
        yield from _texts("", self.values)


def read_configs(folder: Path, written: Mapping[str, Mapping[str, int]]) -> tuple[Config, ...]:
    """The configs of a folder as its files have them; those without rows are not there.

    Args:
        folder: Of the release.
        written: Rows by config and split, as the export counted them; says the order.
    """
    return tuple(_config(folder, name, splits) for name, splits in written.items() if splits)


def read_rows(folder: Path, config: Config) -> Iterator[Exported]:
    """Every row of a config, file by file."""
    for split in config.splits:
        for file in split.files:
            for number, values in enumerate(_rows(folder / file), 1):
                place = f"{file}, row {number}"
                yield Exported(config.name, split.name, place, _id(values, number), values)


def with_content(folder: Path, config: Config) -> Iterator[tuple[Exported, str, str]]:
    """Every row of a config, an id that no other row of it has, and the hash of its content."""
    seen: Counter[str] = Counter()
    for row in read_rows(folder, config):
        seen[row.id] += 1
        again = seen[row.id]
        name = row.id if again == 1 else f"{row.id}#{again}"
        text = json.dumps(row.values, sort_keys=True, ensure_ascii=False)
        yield row, name, content_hash(text, length=64)


def verifiable(configs: Sequence[Config]) -> Config | None:
    """The first config whose rows hold a solution and its tests."""
    for config in configs:
        if {feature["name"] for feature in config.features} >= VERIFIABLE:
            return config
    return None


def _config(folder: Path, name: str, splits: Mapping[str, int]) -> Config:
    import pyarrow.parquet as pq

    found = []
    for split, rows in splits.items():
        files = sorted((folder / name).glob(f"{split}-*.parquet"))
        found.append(
            Split(
                name=split,
                files=tuple(str(file.relative_to(folder)) for file in files),
                rows=rows,
                bytes=sum(map(_bytes, files)),
                file_bytes=sum(file.stat().st_size for file in files),
            )
        )
    features = features_of(pq.read_schema(folder / found[0].files[0]))
    return Config(name, FORMATS[name].describe, tuple(found), features)


def _bytes(file: Path) -> int:
    import pyarrow.parquet as pq

    about = pq.read_metadata(file)
    return sum(about.row_group(n).total_byte_size for n in range(about.num_row_groups))


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(file) as opened:
        for batch in opened.iter_batches(BATCH_ROWS):
            yield from batch.to_pylist()


def _id(values: Mapping[str, Any], number: int) -> str:
    for column in IDS:
        value = values.get(column)
        if isinstance(value, str) and value:
            return value
    for inner in ("extra_info", "metadata", "info"):
        if isinstance(values.get(inner), dict):
            return _id(values[inner], number)
    return f"row {number}"


def _texts(way: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield way, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(f"{way}.{key}" if way else str(key), inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(f"{way}[{number}]", inner)
