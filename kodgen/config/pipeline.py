"""The pipeline file as a whole."""

from pathlib import Path

from pydantic import Field, PrivateAttr, model_validator

from kodgen.config.models import LLMSection, LLMSettings
from kodgen.config.posttraining import Crosscheck, Mutate, Prefer, Respond, Restyle, Select
from kodgen.config.release import Release
from kodgen.config.sandbox import Sandbox
from kodgen.config.section import OPERATIONAL, Name, Section
from kodgen.config.stages import (
    Annotate,
    Decontaminate,
    Deduplicate,
    Export,
    Solve,
    Synthesize,
    Target,
)
from kodgen.config.subsets import Subset


class Engine(Section):
    """How the work is run."""

    window: int = Field(
        default=10_000, ge=1, description="Rows open at a time.", json_schema_extra=OPERATIONAL
    )
    metrics_port: int | None = Field(
        default=None,
        ge=1024,
        le=65_535,
        description="Port of this machine to show Prometheus metrics at; none if left out.",
        json_schema_extra=OPERATIONAL,
    )
    ray_address: str | None = Field(
        default=None,
        description="Address of a running Ray cluster; a local one is started if left out.",
        json_schema_extra=OPERATIONAL,
    )


class Pipeline(Section):
    """A pipeline file."""

    name: Name = Field(description="Name of the run; its directory is `<runs>/<name>`.")
    seed: int = Field(default=0, ge=0, description="Drives every random choice of the run.")
    runs: Path = Field(
        default=Path("runs"),
        description="Folder of run directories; relative to the working directory.",
        json_schema_extra=OPERATIONAL,
    )
    prompts: Path | None = Field(
        default=None,
        description="Folder of prompt templates that replace kodgen's own of the same name.",
    )
    plugins: tuple[str, ...] = Field(
        default=(),
        description="Python files (relative to this one) or modules with your own sources and "
        "methods.",
    )
    models: dict[Name, LLMSection] = Field(
        default_factory=dict,
        description="Language models by a name that any `llm` or `llms` may give instead of them.",
        json_schema_extra=OPERATIONAL,
    )
    llm: LLMSection = Field(description="The language model of every stage without its own.")
    questions: int | None = Field(
        default=None, ge=1, description="Questions to draw in all, shared by the subsets' weights."
    )
    subsets: tuple[Subset, ...] = Field(min_length=1, description="The parts of the dataset.")
    synthesize: Synthesize = Field(default_factory=Synthesize, description="Writing questions.")
    deduplicate: Deduplicate = Field(
        default_factory=Deduplicate, description="Dropping near-duplicates."
    )
    decontaminate: Decontaminate = Field(
        default_factory=Decontaminate, description="Dropping benchmark leaks."
    )
    annotate: Annotate | None = Field(
        default=None, description="Tagging questions before they are solved; not done if left out."
    )
    solve: Solve = Field(default_factory=Solve, description="Solving and verifying.")
    target: Target | None = Field(
        default=None, description="Stop when this many rows are verified; all questions if not."
    )
    crosscheck: Crosscheck | None = Field(
        default=None, description="Comparing all attempts at a question; not done if left out."
    )
    mutate: Mutate | None = Field(
        default=None, description="Measuring how strong tests are; not done if left out."
    )
    restyle: Restyle | None = Field(
        default=None, description="Making completion tasks besides; not done if left out."
    )
    select: Select | None = Field(
        default=None, description="Which triplets go on; all of them if left out."
    )
    respond: Respond | None = Field(
        default=None, description="Answering questions in full; not done if left out."
    )
    prefer: Prefer | None = Field(
        default=None, description="Making preference pairs; not done if left out."
    )
    sandbox: Sandbox = Field(default_factory=Sandbox, description="Limits of the sandbox.")
    export: Export = Field(default_factory=Export, description="Writing the dataset.")
    release: Release = Field(
        default_factory=Release,
        description="What a release says that no file of the run tells.",
        json_schema_extra=OPERATIONAL,
    )
    engine: Engine = Field(
        default_factory=Engine, description="How much work is open at a time, and where."
    )

    _base: Path = PrivateAttr(default_factory=Path)

    @property
    def base(self) -> Path:
        """Folder of the pipeline file, which its relative paths start from."""
        return self._base

    def at(self, base: Path) -> "Pipeline":
        """Say where the pipeline file lies."""
        self._base = base
        return self

    def resolve(self, path: Path) -> Path:
        """A path of the pipeline file as a path of this machine."""
        return path if path.is_absolute() else self._base / path

    @model_validator(mode="after")
    def _consistent(self) -> "Pipeline":
        names = [subset.name for subset in self.subsets]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two subsets are named {name!r}; names must differ")
        for where, given in (
            ("target.per_subset", self.target.per_subset if self.target else ()),
            ("annotate.subsets", self.annotate.subsets if self.annotate else ()),
            ("restyle.subsets", self.restyle.subsets if self.restyle else ()),
            ("select.per_subset", self.select.per_subset if self.select else ()),
        ):
            unknown = sorted(set(given) - set(names))
            if unknown:
                raise ValueError(
                    f"{where} names {unknown[0]!r}, but the subsets are {', '.join(names)}"
                )
        weighted = [subset.name for subset in self.subsets if subset.weight is not None]
        if weighted and self.questions is None:
            raise ValueError(
                f"subset {weighted[0]!r} has a `weight`: say of how many `questions` in all, at "
                "the top level"
            )
        if self.questions is not None and not weighted:
            raise ValueError("`questions` are shared by `weight`, but no subset has one")
        _one_section_a_model(self)
        for subset in self.subsets:
            attempts = attempts_of(self, subset.name)
            for level in ("easy", "medium", "hard"):
                if attempts[level] < attempts["probe"]:
                    raise ValueError(
                        f"subset {subset.name!r}: budget.{level} is {attempts[level]}, but probe "
                        f"makes {attempts['probe']} attempts before a difficulty is known; "
                        "lower `probe` or raise the budget"
                    )
        return self


def writers_of(pipeline: Pipeline, subset: Subset) -> tuple[LLMSettings, ...]:
    """The models that write a subset's questions, in turn."""
    return subset.llms or (pipeline.synthesize.llm or pipeline.llm,)


def _one_section_a_model(pipeline: Pipeline) -> None:
    # A request names its model alone, so a name must say which section answers it.
    seen: dict[str, LLMSettings] = {}
    for subset in pipeline.subsets:
        for section in writers_of(pipeline, subset):
            if seen.setdefault(section.model, section) != section:
                raise ValueError(
                    f"two different sections that write questions have the model "
                    f"{section.model!r}; make them one, or give one of them another name"
                )


def attempts_of(pipeline: Pipeline, subset: str) -> dict[str, int]:
    """The `probe`, `easy`, `medium` and `hard` attempts that hold for one subset.

    Raises:
        KeyError: The pipeline has no such subset.
    """
    override = next((s.budget for s in pipeline.subsets if s.name == subset), None)
    if override is None:
        raise KeyError(subset)
    general = {"probe": pipeline.solve.probe, **pipeline.solve.budget.model_dump()}
    own = {key: value for key, value in override.model_dump().items() if value is not None}
    return general | own
