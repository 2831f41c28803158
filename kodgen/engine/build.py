"""Builds a dataset: every stage in turn, each sealed before the next begins."""

import logging
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from kodgen.config import OpenAILLM, Pipeline, RecordedLLM
from kodgen.engine.asking import Asker
from kodgen.engine.cluster import Cluster
from kodgen.engine.completions import CompletionStore
from kodgen.engine.dataset import write_dataset
from kodgen.engine.gather import gather
from kodgen.engine.journal import Journal
from kodgen.engine.progress import Progress
from kodgen.engine.prompt_files import load_prompts
from kodgen.engine.rows import parsed_outcome, run_rows
from kodgen.engine.rundir import RunDirectory
from kodgen.engine.sealing import Sealed, read_sealed, seal
from kodgen.engine.tables import read_records
from kodgen.engine.tools import StageTools, row_key, stage_key
from kodgen.errors import ConfigError, LLMUnanswered, NothingKeptError
from kodgen.llm.backends import open_llm
from kodgen.records import Draw, Question, Record, Rejected, Trial, Triplet
from kodgen.resources import shipped
from kodgen.similarity.benchmarks import load_benchmark
from kodgen.stages.base import Outcome, RowStage, TableStage
from kodgen.stages.decontaminate import DecontaminateStage
from kodgen.stages.deduplicate import DeduplicateStage
from kodgen.stages.export import formats_of
from kodgen.stages.prompts import Prompt
from kodgen.stages.solve import SolveStage
from kodgen.stages.synthesize import SynthesizeStage

In = TypeVar("In", bound=Record)
Out = TypeVar("Out", bound=Record)
LLM = OpenAILLM | RecordedLLM
REJECTS_SHOWN = 5

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Built:
    """What a build left behind."""

    run: Path
    dataset: Path
    stages: tuple[Sealed, ...]
    rows: int


async def build(
    pipeline: Pipeline,
    run: Path,
    *,
    limit: int | None = None,
    drop_unanswered: bool = False,
) -> Built:
    """Build a pipeline's dataset in a run directory, going on from wherever it stands.

    Args:
        pipeline: The pipeline.
        run: The run directory; made if missing.
        limit: The most questions of each subset (a preview); all of them if None.
        drop_unanswered: Reject rows whose requests alone the server won't answer, for good.

    Raises:
        KodgenError: The run can't go on; what is done is kept, and the message says what to do.
        NothingKeptError: It is done, but no question was verified.
    """
    prompts = _prompts(pipeline)
    _check_prefill(pipeline)
    versions = {name: prompt.version for name, prompt in prompts.items()}
    directory = RunDirectory(run, pipeline, versions)
    async with AsyncExitStack() as stack:
        stack.callback(directory.close)
        building = _Building(pipeline, directory, stack, drop_unanswered=drop_unanswered)
        building.take_in(limit)
        synthesize = SynthesizeStage(pipeline, prompts)
        await building.row_stage(synthesize, Draw, pipeline.synthesize.llm or pipeline.llm)
        await building.table_stage(DeduplicateStage(pipeline.deduplicate), Question)
        tasks = [
            task
            for benchmark in pipeline.decontaminate.benchmarks
            for task in load_benchmark(benchmark, pipeline.base)
        ]
        decontaminate = DecontaminateStage(pipeline.decontaminate, tasks)
        await building.table_stage(decontaminate, Question)
        solve = SolveStage(pipeline, prompts["solve"])
        await building.row_stage(
            solve, Question, pipeline.solve.llm or pipeline.llm, with_trials=True
        )
        return building.export()


def _prompts(pipeline: Pipeline) -> Mapping[str, Prompt]:
    prompts = dict(load_prompts(shipped("prompts")))
    if pipeline.prompts is not None:
        prompts.update(load_prompts(pipeline.resolve(pipeline.prompts)))
    return prompts


def _check_prefill(pipeline: Pipeline) -> None:
    llm = pipeline.synthesize.llm or pipeline.llm
    prefilled = [subset.name for subset in pipeline.subsets if subset.method == "prefill"]
    if prefilled and isinstance(llm, OpenAILLM) and not (llm.raw_completions and llm.user_turn):
        raise ConfigError(
            f"subset {prefilled[0]!r}: prefill continues the user's own turn, which a chat API "
            "can't; use a server with /v1/completions and set llm.raw_completions: true and "
            "llm.user_turn to how its chat template opens that turn, or remove the subset"
        )


class _Building:
    """One build in progress: the folder of the latest sealed stage is the next one's input."""

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
        self._askers: dict[LLM, Asker] = {}
        self._store: CompletionStore | None = None
        self._cluster = Cluster(pipeline.sandbox, pipeline.engine.ray_address)
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
            measured = {"seconds": _since(started)}
            sealed = seal(folder, "seeds", 1, Draw, [outcome], rows_in, measured)
        self._done(sealed, folder)

    async def row_stage(
        self,
        stage: RowStage[In, Out],
        consumes: type[In],
        llm: LLM,
        *,
        with_trials: bool = False,
    ) -> None:
        """Run a row stage, or recall that it is done."""
        folder = self._next_folder(stage.name)
        sealed = read_sealed(folder)
        if sealed is None:
            started = time.monotonic()
            total = self._sealed[-1].kept
            asker = self._asker(llm)
            spent = self._completions().spent[stage.name]
            journal = Journal(folder / "journal.jsonl", stage_key)
            try:
                if with_trials:
                    await self._cluster.start_sandboxes()
                tools = StageTools(asker, self._cluster.run, journal)
                with Progress(stage.name, total, spent) as progress:
                    unanswered = await run_rows(
                        stage,
                        self._rows(consumes),
                        tools,
                        journal,
                        progress,
                        self._pipeline.engine.window,
                        drop_unanswered=self._drop_unanswered,
                    )
                _refuse_to_seal(stage.name, total, unanswered)
                measured = {
                    "seconds": _since(started),
                    "prompt_tokens": spent.prompt,
                    "completion_tokens": spent.completion,
                }
                sealed = seal(
                    folder,
                    stage.name,
                    stage.version,
                    stage.produces,
                    self._outcomes(journal, consumes, stage.produces),
                    total,
                    measured,
                    with_trials=with_trials,
                )
            finally:
                journal.close()
        self._done(sealed, folder)

    async def table_stage(self, stage: TableStage[In, Out], consumes: type[In]) -> None:
        """Run a table stage, or recall that it is done."""
        folder = self._next_folder(stage.name)
        sealed = read_sealed(folder)
        if sealed is None:
            started = time.monotonic()
            rows = list(self._rows(consumes))
            with Progress(stage.name, len(rows)) as progress:
                outcome = await self._cluster.process(stage, rows)
                progress.table(len(rows), len(outcome.kept), len(outcome.rejected))
            sealed = seal(
                folder,
                stage.name,
                stage.version,
                stage.produces,
                [outcome],
                len(rows),
                {"seconds": _since(started)},
            )
        self._done(sealed, folder)

    def export(self) -> Built:
        """Write the dataset from the latest stage's triplets and trials."""
        triplets = list(self._rows(Triplet))
        stages = tuple(self._sealed)
        run = self._directory.path
        if not triplets:
            raise NothingKeptError(
                f"no question was verified; {run} keeps every rejected row with its reason "
                "(rejected.parquet of each stage)"
            )
        by_question: dict[str, list[Trial]] = {}
        for trial in _trials(self._latest / "trials.parquet"):
            by_question.setdefault(trial.question_id, []).append(trial)
        formats = formats_of(self._pipeline.export.formats)
        write_dataset(self._directory.dataset, self._pipeline.name, formats, triplets, by_question)
        return Built(run=run, dataset=self._directory.dataset, stages=stages, rows=len(triplets))

    def _next_folder(self, name: str) -> Path:
        return self._directory.stage(len(self._sealed), name)

    def _done(self, sealed: Sealed, folder: Path) -> None:
        self._sealed.append(sealed)
        self._latest = folder

    def _rows(self, model: type[In]) -> Iterator[In]:
        return read_records(self._latest / "kept.parquet", model)

    def _outcomes(
        self, journal: Journal, consumes: type[In], produces: type[Out]
    ) -> Iterable[Outcome[Out]]:
        for row in self._rows(consumes):
            line = journal.get(row_key(str(row.id)))  # type: ignore[attr-defined]
            assert line is not None, "a stage is sealed only when every row is journalled"
            yield parsed_outcome(line, produces)

    def _completions(self) -> CompletionStore:
        if self._store is None:
            self._store = CompletionStore(self._directory.completions)
            self._stack.callback(self._store.close)
        return self._store

    def _asker(self, section: LLM) -> Asker:
        if section not in self._askers:
            llm = open_llm(section, self._pipeline.base)
            asker = Asker(llm, section, self._completions())
            self._stack.push_async_callback(asker.close)
            self._askers[section] = asker
        return self._askers[section]


def _warn_of_rejected(rejected: Sequence[Rejected], folder: Path) -> None:
    for one in rejected[:REJECTS_SHOWN]:
        log.warning("%s (%s)", one.evidence, one.reason)
    if len(rejected) > REJECTS_SHOWN:
        log.warning("%d more like this: %s", len(rejected) - REJECTS_SHOWN, folder)


def _trials(path: Path) -> Iterator[Trial]:
    """Trials as sealed: their observations stay in a file of their own."""
    return read_records(path, Trial)


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
