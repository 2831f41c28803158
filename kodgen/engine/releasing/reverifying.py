"""Verifies a sample of rows anew, from the very files that go out."""

import asyncio
import heapq
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kodgen import config
from kodgen.engine.releasing.exported import Exported, read_rows
from kodgen.engine.releasing.stopping import Failed
from kodgen.errors import SandboxFault
from kodgen.hub.facts import Config
from kodgen.records import Verdict, content_hash

TRIES = 3
"""Of a row on which the sandbox itself fails."""


def sample(folder: Path, of: Config, seed: int, count: int) -> list[Exported]:
    """Rows drawn by a hash of their ids; the same ones each time."""
    rows = (row for row in read_rows(folder, of) if row.split != "incorrect")
    return heapq.nsmallest(
        count, rows, key=lambda row: content_hash(str(seed), "reverify", row.id, row.place)
    )


async def reverify(rows: Iterable[Exported], limits: config.Sandbox) -> list[Failed]:
    """Rows that do not pass now.

    Raises:
        IsolationError: This machine can't isolate, and limits alone were not accepted.
        SandboxFault: The sandbox failed on a row again and again.
    """
    from kodgen.sandbox import Sandbox

    chosen = list(rows)
    async with Sandbox(limits) as sandbox:
        verdicts = await asyncio.gather(*(_verdict(sandbox, row) for row in chosen))
    wrong = [
        f"{row.named}: {verdict.outcome}{f' ({verdict.reason})' if verdict.reason else ''}"
        for row, verdict in zip(chosen, verdicts, strict=True)
        if not verdict.passed
    ]
    if not wrong:
        return []
    what = (
        f"{len(wrong)} of {len(chosen)} rows drawn do not pass their tests now; run them on the "
        "interpreter that the run used (`sandbox.python`), or leave them out (`release.leave_out`)"
    )
    return [Failed("rows pass again in a fresh sandbox", what, tuple(wrong))]


async def _verdict(sandbox: Any, row: Exported) -> Verdict:
    for _ in range(TRIES):
        verdict: Verdict = await sandbox.run(row.values["solution"], row.values["test"])
        if verdict.outcome != "infra":
            return verdict
    raise SandboxFault(f"{row.named}: the sandbox failed {TRIES} times ({verdict.reason})")
