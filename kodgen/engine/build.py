"""Builds a dataset: looks at everything a mistake can hide in, then runs every stage in turn."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from kodgen.config import Pipeline
from kodgen.engine.building import Building, Built, sandbox_of
from kodgen.engine.prompt_files import load_prompts
from kodgen.engine.store.rundir import RunDirectory
from kodgen.errors import ConfigError
from kodgen.resources import shipped
from kodgen.sandbox.interpreter import examine
from kodgen.similarity.benchmarks import BenchmarkTask, load_benchmark
from kodgen.similarity.embedding import open_embedder
from kodgen.stages.decontaminate import DecontaminateStage
from kodgen.stages.deduplicate import DeduplicateStage
from kodgen.stages.prompts import Prompt
from kodgen.stages.solve import SolveStage
from kodgen.stages.synthesize import NOT_PROMPTED, SynthesizeStage

STAGES = (SynthesizeStage, DeduplicateStage, DecontaminateStage, SolveStage)


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
    versions = {name: prompt.version for name, prompt in prompts.items()}
    stage_versions = {stage.name: stage.version for stage in STAGES}
    directory = RunDirectory(run, pipeline, versions, stage_versions)
    async with AsyncExitStack() as stack:
        stack.callback(directory.close)
        building = Building(pipeline, directory, stack, drop_unanswered=drop_unanswered)
        building.take_in(limit)
        tasks = await _look_ahead(pipeline, building)
        synthesize = SynthesizeStage(pipeline, prompts)
        await building.row_stage(synthesize, pipeline.synthesize.llm or pipeline.llm)
        await building.table_stage(DeduplicateStage(pipeline.deduplicate))
        await building.table_stage(DecontaminateStage(pipeline.decontaminate, tasks))
        solve = SolveStage(pipeline, prompts["solve"])
        await building.row_stage(solve, pipeline.solve.llm or pipeline.llm, with_trials=True)
        return building.export()


def _prompts(pipeline: Pipeline) -> Mapping[str, Prompt]:
    """The templates that the pipeline's stages use, each rendered once to see that it can be.

    Raises:
        ConfigError: One is missing, is no Jinja, or names a value that it is not given.
    """
    found = dict(load_prompts(shipped("prompts")))
    if pipeline.prompts is not None:
        found.update(load_prompts(pipeline.resolve(pipeline.prompts)))
    methods = {subset.method for subset in pipeline.subsets} - NOT_PROMPTED
    used = {name: found[name] for name in sorted({*methods, "solve"}) if name in found}
    for name, prompt in used.items():
        prompt.render(**({"question": "?"} if name == "solve" else {"seeds": ["?"]}))
    return used


async def _look_ahead(pipeline: Pipeline, building: Building) -> Sequence[BenchmarkTask]:
    """Find out before the first request what would else stop the run after many.

    Returns:
        The tasks of all benchmarks; none where their stage is done already.

    Raises:
        ConfigError: A model can't prefill, an embedder's package is missing, or trials can't run
            under the Python that is to be theirs.
        InputError: A benchmark, an embedder or recorded completions can't be read.
        LLMMisconfigured: A model's key or URL is missing or wrong.
    """
    if building.needs("synthesize"):
        prefilled = [subset.name for subset in pipeline.subsets if subset.method == "prefill"]
        llm = building.open_llm(pipeline.synthesize.llm or pipeline.llm)
        if prefilled and not llm.can_prefill:
            raise ConfigError(
                f"subset {prefilled[0]!r}: prefill continues the user's own turn, which a chat API "
                "can't; use a server with /v1/completions and set llm.raw_completions: true and "
                "llm.user_turn to how its chat template opens that turn, or remove the subset"
            )
    if building.needs("solve"):
        building.open_llm(pipeline.solve.llm or pipeline.llm)
        if pipeline.engine.ray_address is None:
            # A cluster's nodes have Pythons of their own.
            await asyncio.to_thread(examine, sandbox_of(pipeline).python)
    embedders = set()
    if building.needs("deduplicate"):
        embedders.add(pipeline.deduplicate.embedder)
    tasks: list[BenchmarkTask] = []
    if building.needs("decontaminate"):
        for benchmark in pipeline.decontaminate.benchmarks:
            tasks += load_benchmark(benchmark, pipeline.base)
            embedders.add(pipeline.decontaminate.embedder)
    for embedder in sorted(embedders):
        await asyncio.to_thread(open_embedder, embedder)
    return tasks
