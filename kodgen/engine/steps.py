"""Which stages a pipeline has, in their order, and how each is made."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from kodgen.config import Pipeline
from kodgen.contamination.benchmarks.loading import load_benchmark
from kodgen.contamination.task import BenchmarkTask
from kodgen.prompts import Prompt
from kodgen.similarity.embedding import Embedder, open_embedder
from kodgen.similarity.vector_store import open_cached
from kodgen.stages.annotate import AnnotateStage
from kodgen.stages.base import RowStage, TableStage
from kodgen.stages.crosscheck import CrosscheckStage
from kodgen.stages.decontaminate import DecontaminateStage
from kodgen.stages.deduplicate import DeduplicateStage, Released
from kodgen.stages.mutate import MutateStage
from kodgen.stages.prefer import MixStage, PreferStage
from kodgen.stages.recheck import RecheckStage
from kodgen.stages.respond import RespondStage
from kodgen.stages.restyle import RestyleStage
from kodgen.stages.select import SelectStage
from kodgen.stages.solve import SolveStage
from kodgen.stages.synthesize import SynthesizeStage

AnyStage = RowStage[Any, Any] | TableStage[Any, Any]


@dataclass(frozen=True, slots=True)
class Needs:
    """What stages are made from."""

    pipeline: Pipeline
    prompts: Mapping[str, Prompt]
    tasks: Callable[[], Sequence[BenchmarkTask]]
    """The tasks of all benchmarks, read when they are asked for."""
    released: Callable[[], Sequence[Released]]
    """The questions of all released datasets, read when they are asked for."""
    vectors: Path | None = None
    """Where vectors of texts are kept; None to keep none."""

    def embedder(self, name: str) -> Callable[[], Embedder]:
        """What opens an embedder, wherever the stage runs."""
        if self.vectors is None:
            return partial(open_embedder, name)
        return partial(open_cached, name, self.vectors.absolute())


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of a pipeline."""

    kind: type[AnyStage]
    make: Callable[[Needs], AnyStage]
    wanted: Callable[[Pipeline], bool] = lambda pipeline: True  # noqa: ARG005
    runs_code: bool = False
    trials: bool = False
    """Whether what it runs are attempts at questions, to be sealed as such."""

    @property
    def name(self) -> str:
        """Of the stage."""
        return self.kind.name


STEPS = (
    Step(SynthesizeStage, lambda needs: SynthesizeStage(needs.pipeline, needs.prompts)),
    Step(
        DeduplicateStage,
        lambda needs: DeduplicateStage(
            needs.pipeline.deduplicate,
            {subset.name: subset.duplicates for subset in needs.pipeline.subsets},
            needs.released(),
            needs.embedder(needs.pipeline.deduplicate.embedder),
        ),
    ),
    Step(
        DecontaminateStage,
        lambda needs: DecontaminateStage(
            needs.pipeline.decontaminate,
            needs.tasks(),
            needs.embedder(needs.pipeline.decontaminate.embedder),
        ),
    ),
    Step(
        AnnotateStage,
        lambda needs: AnnotateStage(needs.pipeline, needs.prompts["annotate"]),
        wanted=lambda pipeline: pipeline.annotate is not None,
    ),
    Step(
        SolveStage,
        lambda needs: SolveStage(needs.pipeline, needs.prompts["solve"]),
        runs_code=True,
        trials=True,
    ),
    Step(
        CrosscheckStage,
        lambda needs: CrosscheckStage(needs.pipeline),
        wanted=lambda pipeline: pipeline.crosscheck is not None,
        runs_code=True,
    ),
    Step(
        MutateStage,
        lambda needs: MutateStage(needs.pipeline),
        wanted=lambda pipeline: pipeline.mutate is not None,
        runs_code=True,
    ),
    Step(
        RestyleStage,
        lambda needs: RestyleStage(needs.pipeline, needs.prompts["restyle"]),
        wanted=lambda pipeline: pipeline.restyle is not None,
        runs_code=True,
    ),
    Step(
        RecheckStage,
        lambda needs: RecheckStage(needs.pipeline.decontaminate, needs.tasks()),
        wanted=lambda pipeline: bool(pipeline.decontaminate.benchmarks),
    ),
    Step(
        SelectStage,
        lambda needs: SelectStage(needs.pipeline),
        wanted=lambda pipeline: pipeline.select is not None,
    ),
    Step(
        RespondStage,
        lambda needs: RespondStage(needs.pipeline, needs.prompts["respond"]),
        wanted=lambda pipeline: pipeline.respond is not None,
        runs_code=True,
    ),
    Step(
        PreferStage,
        lambda needs: PreferStage(needs.pipeline),
        wanted=lambda pipeline: pipeline.prefer is not None,
        runs_code=True,
    ),
    Step(
        MixStage,
        lambda needs: MixStage(needs.pipeline),
        wanted=lambda pipeline: pipeline.prefer is not None and pipeline.prefer.keep_weights,
    ),
)
"""Every stage there is, in the order in which they are done."""


def steps_of(pipeline: Pipeline) -> tuple[Step, ...]:
    """The stages of a pipeline, after the seeds."""
    return tuple(step for step in STEPS if step.wanted(pipeline))


def benchmark_tasks(pipeline: Pipeline) -> list[BenchmarkTask]:
    """The tasks of all benchmarks of a pipeline.

    Raises:
        InputError: A benchmark can't be read.
    """
    return [
        task
        for benchmark in pipeline.decontaminate.benchmarks
        for task in load_benchmark(benchmark, pipeline.base)
    ]
