"""Verdicts as the rows that `verify` writes: their columns, and the file they go to."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kodgen.engine.store.files import draft_of, explained, publish, write_whole
from kodgen.engine.store.tables import ParquetSink, arrow_schema
from kodgen.errors import ConfigError
from kodgen.records import Isolation, Record, TestOutcome, Verdict, VerdictOutcome
from kodgen.tables.row import printable

JSONL = (".jsonl", ".ndjson")
PARQUET = (".parquet",)


class TestRow(Record):
    """One test of a row."""

    __test__ = False

    name: str
    outcome: TestOutcome
    seconds: float | None


class VerdictRow(Record):
    """What `verify` says of one row of its input; null where nothing was run or measured."""

    id: str
    outcome: VerdictOutcome
    reason: str
    coverage: float | None
    tests: tuple[TestRow, ...]
    wall_seconds: float | None
    cpu_seconds: float | None
    peak_memory_bytes: int | None
    isolation: Isolation
    environment: str
    flags: tuple[str, ...]
    message: str


def verdict_row(name: str, verdict: Verdict, detail: str = "") -> dict[str, Any]:
    """The row of one verdict.

    Args:
        name: The row's id.
        verdict: What the sandbox found.
        detail: What is wrong with the row, where nothing was run.
    """
    seen = verdict.observed
    seconds = dict(enumerate(seen.test_seconds if seen is not None else ()))
    row = VerdictRow(
        id=printable(name),
        outcome=verdict.outcome,
        reason=verdict.reason,
        coverage=verdict.coverage,
        tests=tuple(
            TestRow(name=printable(test.name), outcome=test.outcome, seconds=seconds.get(number))
            for number, test in enumerate(verdict.tests)
        ),
        wall_seconds=seen.wall_seconds if seen is not None else None,
        cpu_seconds=seen.cpu_seconds if seen is not None else None,
        peak_memory_bytes=seen.peak_memory_bytes if seen is not None else None,
        isolation=verdict.isolation,
        environment=verdict.environment,
        flags=verdict.flags,
        message=printable(seen.message if seen is not None else detail),
    )
    return row.model_dump()


class VerdictFile:
    """The file that `-o` names: JSONL, or Parquet by its suffix; it appears when it is whole.

    A device or pipe, such as `/dev/stdout`, gets JSONL.

    Args:
        path: As the user named it.
        source: What is read, as the user named it: it must not be the same file.

    Raises:
        ConfigError: It is a folder, the source or beside nothing, or its suffix is none of these.
    """

    def __init__(self, path: Path, source: str) -> None:
        self.special = path.exists() and not path.is_file() and not path.is_dir()
        self._named = path
        self.path = path if self.special else path.resolve()
        if path.is_dir():
            raise ConfigError(f"-o {path}: is a folder; name a file")
        if self.special:
            return
        if path.exists() and Path(source).exists() and path.samefile(source):
            raise ConfigError(f"-o {path}: is the input itself; name another file")
        if not self.path.parent.is_dir():
            raise ConfigError(f"-o {path}: can't be written, its folder does not exist; make it")
        if path.suffix not in (*JSONL, *PARQUET):
            raise ConfigError(
                f"-o {path}: can't tell what kind of file to write; name it .jsonl or .parquet"
            )

    def write(self, rows: Iterable[dict[str, Any]]) -> None:
        """Write all rows, in bounded memory.

        Raises:
            ConfigError: The device takes no more.
            RunDirectoryError: The disk is full or the folder can't be written.
        """
        if self.special:
            self._write_through(rows)
        elif self._named.suffix in PARQUET:
            sink = ParquetSink(self.path, arrow_schema(VerdictRow))
            for row in rows:
                sink.add(row)
            sink.close()
        else:
            with explained(self.path):
                with draft_of(self.path).open("w", encoding="utf-8") as file:
                    file.writelines(map(_line, rows))
                publish(self.path)

    def write_beside(self, name: str, content: Mapping[str, Any]) -> Path | None:
        """Write `<output>.<name>.json`; beside a device nothing is written.

        Raises:
            RunDirectoryError: The disk is full or the folder can't be written.
        """
        if self.special:
            return None
        path = self.path.with_name(f"{self.path.name}.{name}.json")
        write_whole(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")
        return path

    def _write_through(self, rows: Iterable[dict[str, Any]]) -> None:
        try:
            with self.path.open("w", encoding="utf-8") as file:
                file.writelines(map(_line, rows))
        except OSError as error:
            raise ConfigError(
                f"-o {self._named}: can't be written ({error.strerror}); name a file"
            ) from error


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row) + "\n"
