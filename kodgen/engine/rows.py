"""Runs a row stage: one task per row, a bounded window of open rows, each row journalled once."""

import asyncio
import itertools
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from kodgen.engine.progress import Progress
from kodgen.engine.store.journal import Journal
from kodgen.engine.tools import row_key
from kodgen.errors import LLMUnanswered
from kodgen.records import Record, Rejected, Trial
from kodgen.stages.base import Outcome, RowStage, Tools, reject

UNANSWERED = "the model's server answered other requests, but not this row's"

In = TypeVar("In", bound=Record)
Out = TypeVar("Out", bound=Record)


async def run_rows(
    stage: RowStage[In, Out],
    rows: Iterable[In],
    tools: Tools,
    journal: Journal,
    progress: Progress,
    window: int,
    *,
    drop_unanswered: bool,
) -> dict[str, str]:
    """Process every row that the journal doesn't hold yet.

    Returns:
        Rows that got no answer from the server, with the reason; they are not journalled, unless
        `drop_unanswered` rejects them for good.

    Raises:
        KodgenError: The run can't go on (server down, sandbox broken, disk full).
        Exception: A bug in the stage; named with its row.
    """
    open_tasks: dict[asyncio.Task[Outcome[Out]], In] = {}
    unanswered: dict[str, str] = {}
    waiting = _unfinished(rows, journal, progress)
    try:
        while True:
            for row in itertools.islice(waiting, window - len(open_tasks)):
                open_tasks[asyncio.ensure_future(stage.process(row, tools))] = row
            if not open_tasks:
                return unanswered
            done, _ = await asyncio.wait(open_tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                row = open_tasks.pop(task)
                try:
                    outcome = task.result()
                except LLMUnanswered as error:
                    if not drop_unanswered:
                        unanswered[_id(row)] = str(error)
                        continue
                    # Not the error's own words: they name the server, and differ from run to run.
                    dropped = reject(stage.name, row, "llm_unanswered", UNANSWERED)
                    outcome = Outcome(rejected=(dropped,))
                except Exception as error:
                    error.add_note(f"while {stage.name} worked on {_id(row)}")
                    raise
                line = outcome_line(_id(row), outcome)
                journal.append(line)
                progress.finished(line["outcome"])
    finally:
        for task in open_tasks:
            task.cancel()
        await asyncio.gather(*open_tasks, return_exceptions=True)


def _unfinished(rows: Iterable[In], journal: Journal, progress: Progress) -> Iterator[In]:
    """Rows that the journal does not hold, as they are asked for; the others count as done."""
    for row in rows:
        known = journal.get(row_key(_id(row)))
        if known is None:
            yield row
        else:
            progress.recalled(known["outcome"])


def _id(row: Record) -> str:
    return str(row.id)  # type: ignore[attr-defined]  # every record that flows has one


def outcome_line(row: str, outcome: Outcome[Any]) -> dict[str, Any]:
    """The journal's line for a finished row."""
    return {
        "row": row,
        "outcome": {
            "kept": [record.model_dump(mode="json") for record in outcome.kept],
            "rejected": [record.model_dump(mode="json") for record in outcome.rejected],
            "trials": [record.model_dump(mode="json") for record in outcome.trials],
        },
    }


def parsed_outcome(line: dict[str, Any], produces: type[Out]) -> Outcome[Out]:
    """An outcome back from its journal line."""
    outcome = line["outcome"]
    return Outcome(
        kept=tuple(produces.model_validate(kept) for kept in outcome["kept"]),
        rejected=tuple(Rejected.model_validate(rejected) for rejected in outcome["rejected"]),
        trials=tuple(Trial.model_validate(trial) for trial in outcome["trials"]),
    )
