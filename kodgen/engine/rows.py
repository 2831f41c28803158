"""Runs a row stage: one task per row, a bounded window of open rows, each row journalled once."""

import asyncio
import gc
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from kodgen.config import Target
from kodgen.engine.drawing import Cells, Drawing, InOrder, TowardsTarget
from kodgen.engine.progress import Progress
from kodgen.engine.stopping import Stop, StoppedEarly
from kodgen.engine.store.journal import Journal
from kodgen.engine.tools import StageTools, row_key, stage_note
from kodgen.errors import LLMUnanswered
from kodgen.records import Record, Rejected, Trial
from kodgen.stages.base import Outcome, RowStage, reject

UNANSWERED = "the model's server answered other requests, but not this row's"
COLLECTED_AT = (20_000, 20, 20)
"""New objects, and younger collections, before each generation is collected; Python's are 700 and
10, which costs a tenth of a row's CPU."""
BEGUN_AT_ONCE = 64
"""Rows begun before the answers that came meanwhile are looked at."""

In = TypeVar("In", bound=Record)
Out = TypeVar("Out", bound=Record)


async def run_rows(  # noqa: PLR0913 (one call, and each argument is another thing)
    stage: RowStage[In, Out],
    rows: Iterable[In],
    tools: StageTools,
    journal: Journal,
    progress: Progress,
    window: int,
    *,
    made_by: Callable[[In], str],
    stop: Stop,
    target: Target | None = None,
    drop_unanswered: bool = False,
) -> dict[str, str]:
    """Process every row that the journal doesn't hold yet, or as many as a target needs.

    Args:
        stage: The stage.
        rows: Its input.
        tools: What it is lent.
        journal: Where finished rows go, and are recalled from.
        progress: Told of every row done.
        window: Most rows open at a time.
        made_by: What a row's outcome follows from, its answers aside: a digest of the stage as
            it is now and of the row. A row is recalled where that is the same.
        stop: Ends the run early: what is under way ends, and nothing new is begun.
        target: Rows to verify; all of them if None. For rows with a `subset` that become rows
            with a `difficulty`.
        drop_unanswered: Reject rows whose requests alone the server won't answer, for good.

    Returns:
        Rows that got no answer from the server, with the reason; they are not journalled, unless
        `drop_unanswered` rejects them for good.

    Raises:
        KodgenError: The run can't go on (server down, sandbox broken, disk full), or was to stop.
        Exception: A bug in the stage; named with its row.
    """
    drawing = _drawing(rows, journal, progress, made_by, target)
    loop = _Rows(stage, tools, journal, progress, drawing, made_by, drop=drop_unanswered)
    try:
        with _few_collections():
            await loop.run(window, stop)
    finally:
        tools.rows_wait = False
        await loop.cancel()
    if stop.reason is not None:
        raise stop.reason
    return loop.unanswered


@contextmanager
def _few_collections() -> Iterator[None]:
    """Have the collector run less while thousands of rows are open, which are no garbage.

    What is alive at the start, libraries above all, it need not go through again and again.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*COLLECTED_AT)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _drawing(
    rows: Iterable[In],
    journal: Journal,
    progress: Progress,
    made_by: Callable[[In], str],
    target: Target | None,
) -> Drawing[In]:
    def recalled(row: In) -> Cells | None:
        note = journal.note(row_key(_id(row), made_by(row)))
        if note is None:
            return None
        progress.recalled(note)
        cells: Cells = note["cells"]
        return cells

    return InOrder(rows, recalled) if target is None else TowardsTarget(rows, recalled, target)


class _Rows:
    """The rows of a stage that are open."""

    def __init__(
        self,
        stage: RowStage[Any, Any],
        tools: StageTools,
        journal: Journal,
        progress: Progress,
        drawing: Drawing[Any],
        made_by: Callable[[Any], str],
        *,
        drop: bool,
    ) -> None:
        self.unanswered: dict[str, str] = {}
        self._stage = stage
        self._tools = tools
        self._journal = journal
        self._progress = progress
        self._drawing = drawing
        self._made_by = made_by
        self._drop = drop
        self._open: dict[asyncio.Task[Outcome[Any]], Any] = {}
        # A queue of its own: `asyncio.wait` would go through all open rows for each one done.
        self._done: deque[asyncio.Task[Outcome[Any]]] = deque()
        self._wake = asyncio.Event()

    async def run(self, window: int, stop: Stop) -> None:
        """Begin rows and finish them, until none is left to begin or the run is to stop."""
        self._tools.rows_wait = True
        while True:
            begun = self._begin(window) if stop.reason is None else 0
            if begun == 0 and not self._open:
                return
            # Full batches leave more to begin, so answers are looked at and it goes on.
            if begun < BEGUN_AT_ONCE:
                await self._wake.wait()
            else:
                await asyncio.sleep(0)
            self._wake.clear()
            while self._done:
                self._finish(self._done.popleft())

    def _begin(self, window: int) -> int:
        begun = 0
        room = min(window - len(self._open), BEGUN_AT_ONCE)
        for row in self._drawing.begin(room):
            task = asyncio.ensure_future(self._stage.process(row, self._tools))
            self._open[task] = row
            task.add_done_callback(self._ended)
            begun += 1
        self._tools.rows_wait = begun == room and self._drawing.wait()
        return begun

    def _ended(self, task: asyncio.Task[Outcome[Any]]) -> None:
        self._done.append(task)
        self._wake.set()

    def _finish(self, task: asyncio.Task[Outcome[Any]]) -> None:
        row = self._open.pop(task)
        try:
            outcome = task.result()
        except StoppedEarly:
            self._drawing.finished(_id(row), None)
            return
        except LLMUnanswered as error:
            if not self._drop:
                self.unanswered[_id(row)] = str(error)
                self._drawing.finished(_id(row), None)
                return
            # Not the error's own words: they name the server, and differ from run to run.
            dropped = reject(self._stage.name, row, "llm_unanswered", UNANSWERED)
            outcome = Outcome(rejected=(dropped,))
        except Exception as error:
            error.add_note(f"while {self._stage.name} worked on {_id(row)}")
            raise
        line = outcome_line(_id(row), self._made_by(row), outcome)
        self._journal.append(line)
        self._progress.finished(line["outcome"])
        note = stage_note(line)
        self._drawing.finished(_id(row), note["cells"] if note is not None else ())

    async def cancel(self) -> None:
        """End the rows still open; where all are done there are none."""
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)


def _id(row: Record) -> str:
    return str(row.id)  # type: ignore[attr-defined]  # every record that flows has one


def outcome_line(row: str, made_by: str, outcome: Outcome[Any]) -> dict[str, Any]:
    """The journal's line for a finished row."""
    found = {
        "kept": [record.model_dump(mode="json") for record in outcome.kept],
        "rejected": [record.model_dump(mode="json") for record in outcome.rejected],
        "trials": [record.model_dump(mode="json") for record in outcome.trials],
    }
    line: dict[str, Any] = {"row": row, "made_by": made_by, "outcome": found}
    if outcome.surplus:
        line["surplus"] = [record.model_dump(mode="json") for record in outcome.surplus]
    return line


def parsed_outcome(line: dict[str, Any], produces: type[Out]) -> Outcome[Out]:
    """An outcome back from its journal line, without what was surplus."""
    outcome = line["outcome"]
    return Outcome(
        kept=tuple(produces.model_validate(kept) for kept in outcome["kept"]),
        rejected=tuple(Rejected.model_validate(rejected) for rejected in outcome["rejected"]),
        trials=tuple(Trial.model_validate(trial) for trial in outcome["trials"]),
    )
