"""One build in progress: stage after stage, each from the rows that the one before it sealed."""

import itertools
import logging
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from kodgen.config import OpenAILLM, Pipeline, RecordedLLM, Sandbox
from kodgen.engine.asking.asker import Asker
from kodgen.engine.cluster import Cluster
from kodgen.engine.dataset import write_dataset
from kodgen.engine.gather import gather
from kodgen.engine.progress import Progress
from kodgen.engine.rows import parsed_outcome, run_rows
from kodgen.engine.store.completions import CompletionStore
from kodgen.engine.store.journal import Journal
from kodgen.engine.store.rundir import RunDirectory
from kodgen.engine.store.sealing import Sealed, Work, read_sealed, seal
from kodgen.engine.store.tables import read_records
from kodgen.engine.tools import StageTools, row_key, stage_key
from kodgen.errors import LLMUnanswered, NothingKeptError, RunDirectoryError
from kodgen.llm.backends import open_llm
from kodgen.llm.protocol import LLM
from kodgen.records import Draw, Record, Rejected, Trial, Triplet
from kodgen.stages.base import Outcome, RowStage, TableStage
from kodgen.stages.export import formats_of

In = TypeVar("In", bound=Record)
Out = TypeVar("Out", bound=Record)
LLMSection = OpenAILLM | RecordedLLM
REJECTS_SHOWN = 5

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
        stack: Closes what the build opens.
        drop_unanswered: Reject rows whose requests alone the server won't answer, for good.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        directory: RunDirectory,
        stack: AsyncExitStack,
        *,
        drop_unanswered: bool,
    ) -> None:
        self._pipeline = pipeline
        self._directory = directory
        self._stack = stack
        self._drop_unanswered = drop_unanswered
        self._sealed: list[Sealed] = []
        self._latest = directory.path
        self._askers: dict[LLMSection, Asker] = {}
        self._store: CompletionStore | None = None
        self._cluster = Cluster(sandbox_of(pipeline), pipeline.engine.ray_address)
        stack.push_async_callback(self._cluster.close)

    def take_in(self, limit: int | None) -> None:
        """Stage 0: seeds, drawn."""
        folder = self._next_folder("seeds")
        sealed = read_sealed(folder)
        if sealed is None:
            started = time.monotonic()
            outcome = gather(self._pipeline, limit)
            _warn_of_rejected(outcome.rejected, folder)
            rows_in = len(outcome.kept) + len(outcome.rejected)
            work = Work("seeds", 1, rows_in, {"seconds": _since(started)})
            sealed = seal(folder, work, Draw, [outcome])
        self._done(sealed, folder)

    def needs(self, stage: str) -> bool:
        """Whether a stage still has to be run, as far as its manifest tells."""
        return not any(self._directory.path.glob(f"[0-9][0-9]-{stage}/manifest.json"))

    def open_llm(self, section: LLMSection) -> LLM:
        """The backend of a section, opened when first asked for.

        Raises:
            InputError: A file of recorded completions is missing or malformed.
            LLMMisconfigured: There is no key, or the server's URL is none.
        """
        return self._asker(section).llm

    async def row_stage(
        self, stage: RowStage[In, Out], llm: LLMSection, *, with_trials: bool = False
    ) -> None:
        """Run a row stage, or recall that it is done."""
        folder = self._next_folder(stage.name)
        sealed = self._recalled(folder)
        if sealed is None:
            started = time.monotonic()
            total = self._sealed[-1].kept
            asker = self._asker(llm)
            spent = self._completions().spent[stage.name]
            journal = Journal(folder / "journal.jsonl", stage_key)
            try:
                if with_trials:
                    await self._cluster.start_sandboxes()
                    self._record_environments()
                tools = StageTools(asker, self._cluster.run, journal)
                with Progress(stage.name, total, spent) as progress:
                    unanswered = await run_rows(
                        stage,
                        self._rows(stage.consumes),
                        tools,
                        journal,
                        progress,
                        self._pipeline.engine.window,
                        drop_unanswered=self._drop_unanswered,
                    )
                self._record_environments()
                _refuse_to_seal(stage.name, total, unanswered)
                measured = {
                    "seconds": _since(started),
                    "prompt_tokens": spent.prompt,
                    "completion_tokens": spent.completion,
                }
                work = Work(stage.name, stage.version, total, measured, self._made_from)
                outcomes = self._outcomes(journal, stage)
                sealed = seal(folder, work, stage.produces, outcomes, with_trials=with_trials)
            finally:
                journal.close()
        self._done(sealed, folder)

    def _record_environments(self) -> None:
        for environment in self._cluster.environments.values():
            self._directory.record_environment(environment)

    async def table_stage(self, stage: TableStage[In, Out]) -> None:
        """Run a table stage, or recall that it is done."""
        folder = self._next_folder(stage.name)
        sealed = self._recalled(folder)
        if sealed is None:
            started = time.monotonic()
            rows = list(self._rows(stage.consumes))
            with Progress(stage.name, len(rows)) as progress:
                outcome = await self._cluster.process(stage, rows)
                progress.table(len(rows), len(outcome.kept), len(outcome.rejected))
            measured = {"seconds": _since(started)}
            work = Work(stage.name, stage.version, len(rows), measured, self._made_from)
            sealed = seal(folder, work, stage.produces, [outcome])
        self._done(sealed, folder)

    def export(self) -> Built:
        """Write the dataset from the latest stage's triplets and trials."""
        run = self._directory.path
        rows = self._sealed[-1].kept
        if rows == 0:
            raise NothingKeptError(
                f"no question was verified; {run} keeps every rejected row with its reason "
                "(rejected.parquet of each stage)"
            )
        dataset = self._directory.dataset
        formats = formats_of(self._pipeline.export.formats)
        write_dataset(dataset, self._pipeline.name, formats, self._verified)
        return Built(run=run, dataset=dataset, stages=tuple(self._sealed), rows=rows)

    def _verified(self) -> Iterator[tuple[Triplet, list[Trial]]]:
        """Every triplet with all its trials; both files stand in the order of the questions."""
        trials = read_records(self._latest / "trials.parquet", Trial)
        by_question = itertools.groupby(trials, key=lambda trial: trial.question_id)
        for triplet in self._rows(Triplet):
            of_it = next(group for question, group in by_question if question == triplet.id)
            yield triplet, list(of_it)

    def _next_folder(self, name: str) -> Path:
        return self._directory.stage(len(self._sealed), name)

    @property
    def _made_from(self) -> str:
        return self._sealed[-1].kept_digest

    def _recalled(self, folder: Path) -> Sealed | None:
        """A stage as sealed before; None if it was not.

        Raises:
            RunDirectoryError: It was made from other rows than the stage before it holds now.
        """
        sealed = read_sealed(folder)
        if sealed is not None and sealed.made_from != self._made_from:
            raise RunDirectoryError(
                f"{folder} was made from other rows than {self._latest} holds now; delete it to "
                "have it made again"
            )
        return sealed

    def _done(self, sealed: Sealed, folder: Path) -> None:
        self._sealed.append(sealed)
        self._latest = folder

    def _rows(self, model: type[In]) -> Iterator[In]:
        return read_records(self._latest / "kept.parquet", model)

    def _outcomes(self, journal: Journal, stage: RowStage[In, Out]) -> Iterable[Outcome[Out]]:
        for row in self._rows(stage.consumes):
            line = journal.get(row_key(str(row.id)))  # type: ignore[attr-defined]
            assert line is not None, "a stage is sealed only when every row is journalled"
            yield parsed_outcome(line, stage.produces)

    def _completions(self) -> CompletionStore:
        if self._store is None:
            self._store = CompletionStore(self._directory.completions)
            self._stack.callback(self._store.close)
        return self._store

    def _asker(self, section: LLMSection) -> Asker:
        if section not in self._askers:
            llm = open_llm(section, self._pipeline.base)
            asker = Asker(llm, section, self._completions())
            self._stack.push_async_callback(asker.close)
            self._askers[section] = asker
        return self._askers[section]


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
