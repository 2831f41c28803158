"""One build in progress: stage after stage, each from the rows that the one before it sealed."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from kodgen.config import Pipeline, Sandbox
from kodgen.engine.batch import Collector
from kodgen.engine.chain import Chain, Link, Source
from kodgen.engine.cluster import Cluster
from kodgen.engine.dataset import write_dataset
from kodgen.engine.fingerprints import Fingerprints
from kodgen.engine.gather import gather
from kodgen.engine.limits import Limits
from kodgen.engine.models import Models
from kodgen.engine.rows import parsed_outcome, run_rows
from kodgen.engine.steps import Step
from kodgen.engine.stopping import Stop
from kodgen.engine.store.completions import CompletionStore
from kodgen.engine.store.journal import Journal
from kodgen.engine.store.rundir import RunDirectory, folder_name
from kodgen.engine.store.sealing import Sealed, Work, read_matching, read_sealed, seal
from kodgen.engine.targets import Settling, shortfall_lines
from kodgen.engine.tools import Run, StageTools, row_key, stage_key, stage_note
from kodgen.engine.watch import Watch
from kodgen.errors import LLMUnanswered, NothingKeptError
from kodgen.records import Draw, Record, Rejected, Triplet
from kodgen.stages.base import Outcome, RowStage, TableStage

In = TypeVar("In", bound=Record)
Out = TypeVar("Out", bound=Record)
REJECTS_SHOWN = 5
AFTER_TARGET = frozenset({"crosscheck", "mutate", "recheck", "select"})
"""Stages that turn verified rows away, which a target has counted by then."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Built:
    """What a build left behind."""

    run: Path
    dataset: Path
    stages: tuple[Sealed, ...]
    rows: int


class Building:
    """The folder of the latest sealed stage is the next one's input.

    Args:
        pipeline: The pipeline.
        directory: Its run directory.
        prints: What its rows are made by.
        stack: Closes what the build opens.
        stop: Whether the build is to end early.
        limits: What the user allows it to take.
        drop_unanswered: Reject rows whose requests alone the server won't answer, for good.
        collector: Takes down what is to be asked, instead of its being asked.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        directory: RunDirectory,
        prints: Fingerprints,
        stack: AsyncExitStack,
        *,
        stop: Stop,
        limits: Limits,
        drop_unanswered: bool = False,
        collector: Collector | None = None,
    ) -> None:
        self._pipeline = pipeline
        self._directory = directory
        self._prints = prints
        self._stop = stop
        self._drop_unanswered = drop_unanswered
        self._collector = collector
        self._chain = Chain()
        self._target: Mapping[str, Any] = {}
        self._cluster = Cluster(sandbox_of(pipeline), pipeline.engine.ray_address)
        stack.push_async_callback(self._cluster.close)
        self._store = CompletionStore(directory.completions, prints.variant())
        stack.callback(self._store.close)
        self.models = Models(
            pipeline,
            self._store,
            self._cluster,
            stop,
            stack,
            after_answer=self._check_limits,
            instead=None if collector is None else collector.backend,
        )
        self._watch = Watch(
            pipeline,
            directory.path,
            stop,
            limits,
            spent=lambda: self._store.spent,
            held=self.models.held,
        )
        stack.callback(self._watch.close)

    def _check_limits(self) -> None:
        self._watch.check()

    def take_in(self, limit: int | None) -> None:
        """Stage 0: seeds, drawn."""
        folder = self._next_folder("seeds")
        made_by = self._prints.seeds(limit)
        sealed = read_sealed(folder)
        if sealed is None or sealed.made_by != made_by:
            started = time.monotonic()
            outcome = gather(self._pipeline, limit)
            _warn_of_rejected(outcome.rejected, folder)
            rows_in = len(outcome.kept) + len(outcome.rejected)
            work = Work("seeds", 1, rows_in, {"seconds": _since(started)}, made_by=made_by)
            sealed = seal(folder, work, Draw, [outcome])
        self._chain.add(Link(sealed, folder), Draw)

    def unfinished(self, steps: Sequence[Step]) -> list[str]:
        """Of all stages after the seeds, in order, those that can't be recalled as they are.

        Whether one after the first of them can is not known yet, so it counts as one that can't.
        """
        chain = self._chain.copy()
        for number, step in enumerate(steps):
            folder = self._directory.path / folder_name(number + 1, step.name)
            sealed = self._matching(folder, step.name, chain.source(step.kind.consumes))
            if sealed is None:
                return [one.name for one in steps[number:]]
            chain.add(Link(sealed, folder), step.kind.produces, trials=step.trials)
        return []

    async def row_stage(
        self, step: Step, stage: RowStage[In, Out], later: tuple[str, ...] = ()
    ) -> None:
        """Run a row stage, or recall that it is done.

        Args:
            step: What kind of stage it is.
            stage: The stage.
            later: Names of the row stages that follow.
        """
        folder = self._next_folder(stage.name)
        source = self._chain.source(stage.consumes)
        sealed = self._matching(folder, stage.name, source)
        if sealed is None:
            self._end_if_told()
            sealed = await self._run_row_stage(step, stage, folder, source)
        await self.models.release(stage.name, later)
        self._chain.add(Link(sealed, folder), stage.produces, trials=step.trials)
        if step.trials:
            self._target = sealed.target

    async def _run_row_stage(
        self, step: Step, stage: RowStage[In, Out], folder: Path, source: Source
    ) -> Sealed:
        total = source.rows
        asker = await self.models.open(stage.name)
        target = self._pipeline.target if step.trials else None
        journal = Journal(folder / "journal.jsonl", stage_key, stage_note)
        try:
            if step.runs_code:
                await self._cluster.start_sandboxes()
                self._record_environments()
            run: Run = self._cluster.run
            speculate = self._pipeline.solve.speculate if step.trials else 1
            if self._collector is not None:
                run, speculate = self._collector.watching(run), 1
            sandbox = self._cluster.snapshot if step.runs_code else None
            tools = StageTools(
                asker,
                run,
                journal,
                sandbox=self._prints.sandbox(),
                speculate=speculate,
                sandboxes=sandbox,
            )
            gpu = partial(self.models.gpu_use, stage.name)
            with self._watch.stage(
                stage.name,
                total,
                asking=asker.snapshot if self.models.sections(stage.name) else None,
                sandbox=sandbox,
                gpu=gpu,
                wanted=None if target is None else target.rows,
            ) as progress:
                unanswered = await run_rows(
                    stage,
                    source.read(),
                    tools,
                    journal,
                    progress,
                    self._pipeline.engine.window,
                    made_by=self._prints.row(stage.name),
                    stop=self._stop,
                    target=target,
                    drop_unanswered=self._drop_unanswered,
                )
            self._record_environments()
            if target is None:
                _refuse_to_seal(stage.name, total, unanswered)
            work = self._work(stage.name, stage.version, source)
            settling: Settling[In, Out] = Settling(target, stage.name)
            recall = self._recall(journal, stage, total, unanswered)
            outcomes = settling.outcomes(source.read(), recall)
            return seal(
                folder,
                work,
                stage.produces,
                outcomes,
                with_trials=step.trials,
                target=settling.report,
            )
        finally:
            journal.close()

    def _record_environments(self) -> None:
        for environment in self._cluster.environments.values():
            self._directory.record_environment(environment)

    def _end_if_told(self) -> None:
        """Begin no stage where the run is to end.

        Raises:
            KodgenError: Why it is to end.
        """
        if self._stop.reason is not None:
            raise self._stop.reason

    async def table_stage(self, stage: TableStage[In, Out]) -> None:
        """Run a table stage, or recall that it is done."""
        folder = self._next_folder(stage.name)
        source = self._chain.source(stage.consumes)
        sealed = self._matching(folder, stage.name, source)
        if sealed is None:
            self._end_if_told()
            rows = list(source.read())
            with self._watch.stage(stage.name, len(rows)) as progress:
                outcome = await self._cluster.process(stage, rows)
                progress.table(len(rows), len(outcome.kept), len(outcome.rejected))
            work = self._work(stage.name, stage.version, source)
            sealed = seal(folder, work, stage.produces, [outcome])
        self._chain.add(Link(sealed, folder), stage.produces)

    def export(self) -> Built:
        """Write the dataset from the latest stage's triplets and their trials."""
        run = self._directory.path
        rows = self._chain.source(Triplet).rows
        for line in shortfall_lines(self._target):
            log.warning("%s", line)
        later = {
            sealed.stage: sum(sealed.rejected.values())
            for sealed in self._chain.sealed
            if sealed.stage in AFTER_TARGET and sealed.rejected
        }
        if self._target and later:
            log.warning(
                "some of the rows that the target counts were rejected after they were verified "
                "(%s); raise the target by as many to make up for them",
                ", ".join(f"{stage} {count}" for stage, count in later.items()),
            )
        if rows == 0:
            raise NothingKeptError(
                f"no question was verified; {run} keeps every rejected row with its reason "
                "(rejected.parquet of each stage)"
            )
        dataset = self._directory.dataset
        write_dataset(dataset, self._pipeline, self._chain.rows())
        return Built(run=run, dataset=dataset, stages=self._chain.sealed, rows=rows)

    def _next_folder(self, name: str) -> Path:
        return self._directory.stage(len(self._chain), name)

    def _matching(self, folder: Path, stage: str, source: Source) -> Sealed | None:
        """A stage as sealed before from this input in this way; None if it was not."""
        return read_matching(folder, source.digest, self._prints.stage(stage))

    def _work(self, stage: str, version: int, source: Source) -> Work:
        measured = self._watch.measured(stage, source.rows)
        made_by = self._prints.stage(stage)
        return Work(stage, version, source.rows, measured, source.digest, made_by)

    def _recall(
        self,
        journal: Journal,
        stage: RowStage[In, Out],
        total: int,
        unanswered: Mapping[str, str],
    ) -> Callable[[In], Outcome[Out]]:
        made_by = self._prints.row(stage.name)

        def outcome(row: In) -> Outcome[Out]:
            line = journal.get(row_key(str(row.id), made_by(row)))  # type: ignore[attr-defined]
            if line is None:
                # Of a target: others may have filled it, but this row comes before them.
                _refuse_to_seal(stage.name, total, unanswered)
            assert line is not None, "a stage is sealed only when every needed row is journalled"
            return parsed_outcome(line, stage.produces)

        return outcome


def sandbox_of(pipeline: Pipeline) -> Sandbox:
    """A pipeline's sandbox settings, its interpreter's path as one of this machine."""
    section = pipeline.sandbox
    if section.python is None:
        return section
    python = pipeline.resolve(section.python.expanduser()).absolute()
    return section.model_copy(update={"python": python})


def _warn_of_rejected(rejected: Sequence[Rejected], folder: Path) -> None:
    for one in rejected[:REJECTS_SHOWN]:
        log.warning("%s (%s)", one.evidence, one.reason)
    if len(rejected) > REJECTS_SHOWN:
        log.warning("%d more like this: %s", len(rejected) - REJECTS_SHOWN, folder)


def _since(started: float) -> float:
    return round(time.monotonic() - started, 3)


def _refuse_to_seal(stage: str, total: int, unanswered: Mapping[str, str]) -> None:
    if unanswered:
        last = list(unanswered.values())[-1]
        raise LLMUnanswered(
            f"{stage}: {len(unanswered)} of {total} rows got no answer (one of them: {last}). "
            "All others are kept. Run the same command to ask again for these alone, or add "
            "--drop-unanswered to reject them and go on."
        )
