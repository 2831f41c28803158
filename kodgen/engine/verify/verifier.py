"""Takes the rows of a table through the sandbox, many at a time, and keeps each verdict."""

import asyncio
from collections import deque
from itertools import islice
from typing import Any

from kodgen.engine.progress import Progress
from kodgen.engine.tools import Run, run_patiently
from kodgen.engine.verify.columns import Columns
from kodgen.engine.verify.journal import VerifyJournal
from kodgen.engine.verify.verdict_rows import verdict_row
from kodgen.records import Verdict
from kodgen.tables.row import Broken, Row
from kodgen.tables.table import Table

READ_AT_ONCE = 64
"""Rows read in one go, beside the event loop, which a slow disk or network must not hold up."""


class Verifier:
    """Verifies those rows of a table that a journal has no verdict for, and adds theirs to it.

    Args:
        table: The rows.
        columns: Where in a row the code is.
        run: What runs it.
        journal: Takes each verdict as it comes, in whatever order.
        progress: Shows how it gets on.
    """

    def __init__(
        self,
        table: Table,
        columns: Columns,
        run: Run,
        journal: VerifyJournal,
        progress: Progress,
    ) -> None:
        self._table = table
        self._columns = columns
        self._run = run
        self._journal = journal
        self._progress = progress
        self._rows = (
            (number, row) for number, row in enumerate(columns.rows(table)) if number not in journal
        )
        self._read: deque[tuple[int, Row | Broken]] = deque()
        self._reading = asyncio.Lock()

    async def verify(self, at_once: int) -> None:
        """Verify the rows, so many at a time.

        Raises:
            InputError: The table can't be read further.
            RunDirectoryError: The journal can't be written.
            SandboxFault: The sandbox failed on a row again and again.
        """
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(at_once):
                    group.create_task(self._worker())
        except BaseExceptionGroup as failures:
            raise failures.exceptions[0] from None

    async def _worker(self) -> None:
        while (numbered := await self._next()) is not None:
            number, row = numbered
            verdict = await self._verdict(number, row)
            self._journal.add(number, verdict)
            self._progress.verified(passed=verdict["outcome"] == "passed")

    async def _next(self) -> tuple[int, Row | Broken] | None:
        async with self._reading:
            if not self._read:
                self._read.extend(await asyncio.to_thread(self._take))
            return self._read.popleft() if self._read else None

    def _take(self) -> list[tuple[int, Row | Broken]]:
        return list(islice(self._rows, READ_AT_ONCE))

    async def _verdict(self, number: int, row: Row | Broken) -> dict[str, Any]:
        name = self._columns.name(row, number)
        pair = self._columns.pair(row)
        if isinstance(pair, Broken):
            verdict = Verdict(outcome="error", reason=pair.reason, isolation="not_run")
            return verdict_row(name, verdict, f"{pair.place}: {pair.detail}")
        place = f"{self._table.name}, {row.place}"
        verdict = await run_patiently(self._run, place, pair.solution, pair.test)
        return verdict_row(name, verdict)
