"""Verifies a file of solutions and tests, anyone's: one verdict per row, in the rows' order."""

import asyncio
import json
import os
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from kodgen import config
from kodgen.engine.files import draft_of
from kodgen.engine.progress import Progress
from kodgen.engine.tools import Run, run_patiently
from kodgen.errors import ConfigError, InputError
from kodgen.records import Verdict
from kodgen.tables.row import ID_COLUMNS, Broken, Row, nearest_column, row_id
from kodgen.tables.files import read_rows

WAITING_PER_WORKER = 8
"""Rows read ahead of the sandbox: enough never to starve it, few enough to stay small."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a row the solution, its tests and its id are; the id is guessed if None."""

    solution: str = "solution"
    test: str = "test"
    id: str | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """The columns to look for a row's id in."""
        return ID_COLUMNS if self.id is None else (self.id,)


async def verify_file(
    source: Path, output: Path, columns: Columns, limits: config.Sandbox
) -> dict[str, int]:
    """Run every row of `source` and write a JSONL line for each to `output`.

    A row without code is an `error` row, not a failure of the command.

    Returns:
        Number of rows by outcome, most frequent first.

    Raises:
        InputError: The file can't be read, is empty, or has no such columns.
        ConfigError: The output can't be written, or is the input.
        IsolationError: This machine can't isolate and limits alone were not accepted.
        SandboxFault: The sandbox failed on a row again and again.
    """
    from kodgen.sandbox import Sandbox

    _check_output(source, output)
    total = _check(source, columns)
    counts: Counter[str] = Counter()
    ahead_limit = WAITING_PER_WORKER * (limits.workers or len(os.sched_getaffinity(0)))
    async with Sandbox(limits) as sandbox:
        ahead: deque[asyncio.Task[dict[str, Any]]] = deque()
        with _draft(output) as file, Progress("verify", total) as progress:

            async def write_next() -> None:
                line = await ahead.popleft()
                counts[line["outcome"]] += 1
                file.write(json.dumps(line) + "\n")
                progress.verified(passed=line["outcome"] == "passed")

            try:
                for number, row in enumerate(_rows(source, columns)):
                    verifying = _verify(sandbox.run, row, columns, number)
                    ahead.append(asyncio.ensure_future(verifying))
                    if len(ahead) >= ahead_limit:
                        await write_next()
                while ahead:
                    await write_next()
            finally:
                for task in ahead:
                    task.cancel()
                await asyncio.gather(*ahead, return_exceptions=True)
    return dict(counts.most_common())


@contextmanager
def _draft(output: Path) -> Iterator[TextIO]:
    """A file that appears under its name only when it is whole; a device is written to at once."""
    special = output.exists() and not output.is_file()
    place = output.resolve()
    draft = output if special else draft_of(place)
    try:
        with draft.open("w", encoding="utf-8") as file:
            yield file
        if not special:
            draft.replace(place)
    except OSError as error:
        raise ConfigError(
            f"-o {output}: can't be written ({error.strerror}); name a file in a folder that "
            "exists and has space"
        ) from error
    finally:
        if not special:
            draft.unlink(missing_ok=True)


def _check_output(source: Path, output: Path) -> None:
    if output.exists() and source.exists() and output.samefile(source):
        raise ConfigError(f"-o {output}: is the input itself; name another file")
    if output.is_dir():
        raise ConfigError(f"-o {output}: is a folder; name a file")


def _rows(source: Path, columns: Columns) -> Iterator[Row | Broken]:
    return read_rows(source, (columns.solution, columns.test, *columns.ids))


def _check(source: Path, columns: Columns) -> int:
    """Number of rows, once it is sure that some row has each column."""
    total = 0
    seen: dict[str, None] = {}
    for row in _rows(source, columns):
        total += 1
        if isinstance(row, Row):
            seen.update(dict.fromkeys(row.values))
    if total == 0:
        raise InputError(f"{source}: holds no rows; there is nothing to verify")
    options = {
        columns.solution: "--solution-column",
        columns.test: "--test-column",
        columns.id: "--id-column",
    }
    for name, option in options.items():
        if name is not None and name not in seen:
            raise InputError(
                f"{source}: no row has the column {name!r}; name another with {option}"
                + nearest_column(name, list(seen))
            )
    return total


async def _verify(run: Run, row: Row | Broken, columns: Columns, number: int) -> dict[str, Any]:
    if isinstance(row, Broken):
        return _line(str(number), _error(row.reason), row.detail)
    name = row_id(row, columns.ids, number)
    solution, test = row.values.get(columns.solution), row.values.get(columns.test)
    for column, value in ((columns.solution, solution), (columns.test, test)):
        if not isinstance(value, str) or not value.strip():
            return _line(name, _error("no_code"), f"{row.place}: column {column!r} holds no code")
    assert isinstance(solution, str)
    assert isinstance(test, str)
    verdict = await run_patiently(run, row.place, solution, test)
    return _line(name, verdict, "")


def _error(reason: str) -> Verdict:
    return Verdict(outcome="error", reason=reason, isolation="not_run")


def _line(name: str, verdict: Verdict, detail: str) -> dict[str, Any]:
    observed = verdict.observed
    return {
        "id": name,
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "coverage": verdict.coverage,
        "tests": [test.model_dump() for test in verdict.tests],
        "wall_seconds": observed.wall_seconds if observed else None,
        "cpu_seconds": observed.cpu_seconds if observed else None,
        "peak_memory_bytes": observed.peak_memory_bytes if observed else None,
        "isolation": verdict.isolation,
        "message": observed.message if observed else detail,
    }
