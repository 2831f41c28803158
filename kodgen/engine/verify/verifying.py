"""Verifies a table of solutions and tests, anyone's: one verdict per row, in the rows' order."""

import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kodgen import __version__, config
from kodgen.engine.progress import Progress
from kodgen.engine.verify.columns import Columns
from kodgen.engine.verify.journal import VerifyJournal
from kodgen.engine.verify.summary import Summary
from kodgen.engine.verify.verdict_rows import VerdictFile
from kodgen.engine.verify.verifier import Verifier
from kodgen.errors import ConfigError
from kodgen.pipeline.identity import identity
from kodgen.tables.table import open_table

AT_ONCE_PER_WORKER = 4
"""Rows in the sandbox's hands: enough never to starve it while some wait to be tried again."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of verifying a table."""

    output: Path
    environment: Path | None
    """What the trials ran on, in full; None where the output is a device."""
    found: Mapping[str, Any]
    """Counts, as `Summary.data` gives them."""
    run_now: int
    """Rows verified now, and not by an earlier command that was stopped."""
    seconds: float
    """For these, on the clock."""

    def as_dict(self) -> dict[str, Any]:
        """All of it as plain JSON values."""
        return {
            "output": str(self.output),
            "environment": None if self.environment is None else str(self.environment),
            **self.found,
            "verified_now": self.run_now,
            "seconds": round(self.seconds, 3),
            "rows_per_second": round(self.run_now / self.seconds, 2) if self.seconds else None,
        }


OPTIONS = {"workers": "--jobs"}
"""Options that are not named as the setting they give."""


def sandbox_settings(options: Mapping[str, Any]) -> config.Sandbox:
    """The sandbox's settings from options by the settings' names; None is as if not given.

    Raises:
        ConfigError: A value is out of bounds.
    """
    given = {name: value for name, value in options.items() if value is not None}
    if "python" in given:
        given["python"] = given["python"].absolute()
    try:
        return config.Sandbox(**given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = str(first["loc"][0])
        option = OPTIONS.get(name, "--" + name.replace("_", "-"))
        said = first["msg"][:1].lower() + first["msg"][1:]
        raise ConfigError(f"{option}: {said}, got {first['input']!r}") from error


async def verify_file(
    source: str,
    output: Path,
    columns: Columns,
    limits: config.Sandbox,
    *,
    restart: bool = False,
) -> Verified:
    """Run every row of a table and write one row for each to `output`.

    A row without code is an `error` row, not a failure of the command. Verdicts are kept beside
    the output until it is whole, so that the same command goes on after a kill.

    Args:
        source: A JSONL, JSON, CSV or Parquet file, a folder of Parquet, or a Hub dataset.
        output: The JSONL or Parquet file to write.
        columns: Where in a row the code is.
        limits: The sandbox's settings.
        restart: Discard what a stopped command kept.

    Raises:
        InputError: The table can't be read, is empty, or has no such columns.
        ConfigError: The output can't be written or is the input, or a setting can't be met.
        RunDirectoryError: What was kept belongs to another command, or can't be written.
        IsolationError: This machine can't isolate and limits alone were not accepted.
        SandboxFault: The sandbox failed on a row again and again; the others are kept.
    """
    from kodgen.sandbox import Sandbox

    file = VerdictFile(output, source)
    table = open_table(source)
    columns.check(table)
    total = table.count()
    work = {"kodgen": __version__, "input": table.identity(), "columns": columns.as_dict()}
    async with Sandbox(limits) as sandbox:
        work |= {
            "sandbox": _settings(limits),
            "isolation": sandbox.isolation,
            "environment": sandbox.environment.digest,
        }
        with (
            _beside(file) as place,
            VerifyJournal(place, work, restart=restart) as journal,
        ):
            before, started = journal.done, time.monotonic()
            with Progress("verify", total) as progress:
                progress.verified_before(journal.done, journal.passed)
                at_once = AT_ONCE_PER_WORKER * (limits.workers or len(os.sched_getaffinity(0)))
                await Verifier(table, columns, sandbox.run, journal, progress).verify(at_once)
            run_now, seconds = journal.done - before, time.monotonic() - started
            summary = Summary()
            environment = file.write_beside("environment", sandbox.environment.as_dict())
            file.write(summary.counting(journal.verdicts()))
            journal.discard()
    return Verified(output, environment, summary.data(), run_now, seconds)


def _settings(limits: config.Sandbox) -> dict[str, Any]:
    """The settings that can change a verdict.

    Not where the interpreter lies nor which level was asked for: what came of these is known.
    """
    asked = {"isolation", "accept_no_isolation", "python"}
    return {key: value for key, value in identity(limits).items() if key not in asked}


@contextmanager
def _beside(file: VerdictFile) -> Iterator[Path]:
    """Where the journal lies: beside the output; beside a device nothing can."""
    if not file.special:
        yield file.path.with_name(file.path.name + ".partial.jsonl")
        return
    with tempfile.TemporaryDirectory(prefix="kodgen-") as folder:
        yield Path(folder) / "partial.jsonl"
