"""Benchmark tasks to stay away from, read from a file or from the Hugging Face Hub."""

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from kodgen.config import Benchmark
from kodgen.errors import InputError
from kodgen.records import Record

TEXT_COLUMNS = (
    "instruct_prompt",  # BigCodeBench
    "question_content",  # LiveCodeBench
    "prompt",  # HumanEval, MBPP sanitized
    "text",  # MBPP
    "question",
    "description",
)
ID_COLUMNS = ("task_id", "question_id", "id", "name")


class BenchmarkTask(Record):
    """One task of a benchmark."""

    benchmark: str
    task_id: str
    text: str

    @property
    def name(self) -> str:
        """How records refer to it: `<benchmark>/<task id>`."""
        return f"{self.benchmark}/{self.task_id}"


def load_benchmark(section: Benchmark, base: Path) -> list[BenchmarkTask]:
    """All tasks of a benchmark, in its order.

    A benchmark must be whole, so anything wrong with it is an error and not a rejected row.

    Args:
        section: Where it is and which columns to read; the usual ones are guessed.
        base: Folder that a relative path starts from.

    Raises:
        InputError: It can't be read, is empty, has a broken line, no such column, or an empty
            task; the message names file and line.
    """
    if section.hub is not None:
        place = f"{section.hub} ({section.split})"
        rows = list(_hub_rows(section))
    else:
        assert section.path is not None
        path = base / section.path
        place = str(path)
        rows = list(_file_rows(path))
    if not rows:
        raise InputError(f"{place}: benchmark {section.name!r} holds no tasks; fetch it again")
    columns = list(rows[0][1])
    text = _column(place, "text", section.text, TEXT_COLUMNS, columns)
    name = _column(place, "id", section.id, ID_COLUMNS, columns)
    return [_task(section.name, place, where, row, text, name) for where, row in rows]


def _task(
    benchmark: str, place: str, where: str, row: Mapping[str, Any], text: str, name: str
) -> BenchmarkTask:
    value = row.get(text)
    if not isinstance(value, str) or not value.strip():
        raise InputError(
            f"{place}, {where}: column {text!r} holds no text, and a benchmark with holes would "
            "hide leaks; correct the file or name another column with `text`"
        )
    if row.get(name) is None:
        raise InputError(f"{place}, {where}: column {name!r} is empty; name another with `id`")
    return BenchmarkTask(
        benchmark=benchmark, task_id=str(row[name]).removeprefix(f"{benchmark}/"), text=value
    )


def _file_rows(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    name = path.name.removesuffix(".gz")
    try:
        if name.endswith(".parquet"):
            import pyarrow.parquet as pq

            for number, row in enumerate(pq.read_table(path).to_pylist(), 1):
                yield f"row {number}", row
            return
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        content = raw.decode("utf-8-sig")
    except (OSError, ValueError, EOFError) as error:
        raise InputError(f"{path}: can't be read as a benchmark ({error})") from error
    if name.endswith((".jsonl", ".ndjson")):
        lines = content.split("\n")
        yield from (
            (f"line {number}", _object(path, f"line {number}", line))
            for number, line in enumerate(lines, 1)
            if line.strip()
        )
    elif name.endswith(".json"):
        rows = _parsed(path, "the whole file", content)
        if not isinstance(rows, list):
            raise InputError(f"{path}: holds no JSON array of tasks")
        for number, row in enumerate(rows, 1):
            if not isinstance(row, dict):
                raise InputError(f"{path}, row {number}: is no JSON object")
            yield f"row {number}", row
    else:
        raise InputError(
            f"{path}: can't tell its kind; a benchmark is a .jsonl, .json (either may end in .gz) "
            "or .parquet file"
        )


def _object(path: Path, where: str, line: str) -> Mapping[str, Any]:
    value = _parsed(path, where, line)
    if not isinstance(value, dict):
        raise InputError(f"{path}, {where}: is no JSON object")
    return value


def _parsed(path: Path, where: str, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise InputError(
            f"{path}, {where}: not JSON ({error}); a benchmark must be whole, so fetch it again"
        ) from error


def _hub_rows(section: Benchmark) -> Iterator[tuple[str, Mapping[str, Any]]]:
    import datasets

    try:
        rows = datasets.load_dataset(section.hub, split=section.split, revision=section.revision)
    except Exception as error:  # datasets raises many kinds, none of them ours
        raise InputError(
            f"benchmark {section.name!r}: {section.hub} can't be loaded from the Hub ({error}); "
            "check its id, split and revision, or give a file with `path`"
        ) from error
    for number, row in enumerate(rows, 1):
        yield f"row {number}", row


def _column(
    place: str, key: str, named: str | None, usual: Sequence[str], columns: Sequence[str]
) -> str:
    if named is None:
        found = next((column for column in usual if column in columns), None)
        if found is not None:
            return found
        raise InputError(
            f"{place}: can't tell which column is the task's {key}; name one with `{key}`; the "
            f"columns are {', '.join(map(repr, columns))}"
        )
    if named in columns:
        return named
    close = get_close_matches(named, columns, n=1)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    raise InputError(
        f"{place}: has no column {named!r}, which `{key}` names; the columns are "
        f"{', '.join(map(repr, columns))}{hint}"
    )
