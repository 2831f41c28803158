"""Builds a dataset: looks at everything a mistake can hide in, then runs every stage in turn."""

import logging
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from kodgen.config import Pipeline
from kodgen.engine.building import Building, Built
from kodgen.engine.fingerprints import Fingerprints
from kodgen.engine.inputs import benchmark_digests, seed_digests, template_digests
from kodgen.engine.limits import NO_LIMITS, Limits, check_limits
from kodgen.engine.lookahead import look_ahead
from kodgen.engine.models import ASKING, sections_of
from kodgen.engine.prompt_files import load_prompts
from kodgen.engine.released import released_digests
from kodgen.engine.steps import Needs, steps_of
from kodgen.engine.stopping import Stop
from kodgen.engine.store.rundir import RunDirectory
from kodgen.methods.registry import method_of
from kodgen.pipeline.plugins import plugin_digests
from kodgen.prompts import Prompt
from kodgen.resources import shipped
from kodgen.stages.base import TableStage

PROMPTED: Mapping[str, Mapping[str, Any]] = {
    "annotate": {"question": "?"},
    "solve": {"question": "?"},
    "restyle": {"question": "?", "solution": "?", "test": "?"},
    "respond": {"question": "?", "style": "instruct", "declarations": ["?"]},
}
"""What the templates of stages are given, in kind; those of methods say themselves."""
CHANGES_SHOWN = 10
"""Changed keys that are told one by one at the start of a build."""

log = logging.getLogger(__name__)


async def build(
    pipeline: Pipeline,
    run: Path,
    *,
    limit: int | None = None,
    drop_unanswered: bool = False,
    stop: Stop | None = None,
    limits: Limits = NO_LIMITS,
) -> Built:
    """Build a pipeline's dataset in a run directory, going on from wherever it stands.

    Args:
        pipeline: The pipeline.
        run: The run directory; made if missing.
        limit: The most questions of each subset (a preview); all of them if None.
        drop_unanswered: Reject rows whose requests alone the server won't answer, for good.
        stop: Ends the build early when it is told to.
        limits: What the user allows it to take; at a limit it ends early.

    Raises:
        KodgenError: The run can't go on; what is done is kept, and the message says what to do.
        NothingKeptError: It is done, but no question was verified.
    """
    check_limits(limits, {stage: sections_of(pipeline, stage) for stage in ASKING})
    prompts = load_used_prompts(pipeline)
    prints = fingerprints_of(pipeline, prompts)
    directory = RunDirectory(run, prints.described())
    async with AsyncExitStack() as stack:
        stack.callback(directory.close)
        building = Building(
            pipeline,
            directory,
            prints,
            stack,
            stop=stop or Stop(),
            limits=limits,
            drop_unanswered=drop_unanswered,
        )
        await run_stages(pipeline, prompts, building, directory, limit)
        return building.export()


async def run_stages(
    pipeline: Pipeline,
    prompts: Mapping[str, Prompt],
    building: Building,
    directory: RunDirectory,
    limit: int | None = None,
) -> None:
    """Have every stage done, in turn.

    Raises:
        KodgenError: As `build` does.
    """
    steps = steps_of(pipeline)
    names = [step.name for step in steps]
    directory.arrange(["seeds", *names])
    building.take_in(limit)
    unfinished = building.unfinished(steps)
    _say_changes(directory, unfinished)
    inputs = await look_ahead(pipeline, building, unfinished)
    needs = Needs(
        pipeline,
        prompts,
        tasks=lambda: inputs.tasks,
        released=lambda: inputs.released,
        vectors=directory.vectors,
    )
    for number, step in enumerate(steps):
        stage = step.make(needs)
        if isinstance(stage, TableStage):
            await building.table_stage(stage)
        else:
            later = tuple(name for name in names[number + 1 :] if name in ASKING)
            await building.row_stage(step, stage, later)


def fingerprints_of(pipeline: Pipeline, prompts: Mapping[str, Prompt]) -> Fingerprints:
    """What decides a pipeline's rows, its files as they are now.

    Raises:
        InputError: One of them is there but can't be read.
    """
    return Fingerprints(
        pipeline=pipeline,
        prompts={name: prompt.version for name, prompt in prompts.items()},
        versions={step.name: step.kind.version for step in steps_of(pipeline)},
        inputs=seed_digests(pipeline),
        benchmarks=benchmark_digests(pipeline),
        released=released_digests(pipeline),
        templates=template_digests(pipeline),
        plugins=plugin_digests(pipeline.plugins, pipeline.base),
    )


def _say_changes(directory: RunDirectory, unfinished: Sequence[str]) -> None:
    if not directory.changes:
        return
    shown = [f"  {line}" for line in directory.changes[:CHANGES_SHOWN]]
    if len(directory.changes) > CHANGES_SHOWN:
        shown.append(f"  and {len(directory.changes) - CHANGES_SHOWN} more")
    again = f"made again where that matters: {', '.join(unfinished)}" if unfinished else ""
    log.warning(
        "the pipeline changed since %s was last worked on:\n%s\n%s; answers and verdicts that "
        "still hold are used again",
        directory.path,
        "\n".join(shown),
        again or "no stage has to be made again",
    )


def load_used_prompts(pipeline: Pipeline) -> Mapping[str, Prompt]:
    """The templates that the pipeline's stages use, each rendered once to see that it can be.

    Raises:
        ConfigError: One is missing, is no Jinja, or names a value that it is not given.
    """
    found = dict(load_prompts(shipped("prompts")))
    if pipeline.prompts is not None:
        found.update(load_prompts(pipeline.resolve(pipeline.prompts)))
    asking = [name for name in ASKING if name != "synthesize" and sections_of(pipeline, name)]
    used = {name: found[name] for name in asking if name in found}
    for name, prompt in used.items():
        prompt.render(**PROMPTED[name])
    for name in sorted({subset.method for subset in pipeline.subsets}):
        method = method_of(name)
        if not method.prompted:
            continue
        if name not in found and method.template is not None:
            found[name] = Prompt(method.template, name)
        if name in found:
            used[name] = found[name]
            for variant in method.variants or ("",):
                used[name].render(**method.values(["?"], variant))
    return used
