"""Sections of the stages: what each does with the rows it is given."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from kodgen.config.contamination import AUDITS_ALONE, Benchmark, ContaminationPolicy
from kodgen.config.models import LLMSection, Sampling
from kodgen.config.section import OPERATIONAL, Name, Section


class Synthesize(Section):
    """Write questions from seeds."""

    llm: LLMSection | None = Field(default=None, description="Instead of the pipeline's `llm`.")
    sampling: Sampling = Field(default_factory=Sampling, description="How questions are sampled.")


Quality = Literal["very poor", "poor", "average", "good", "excellent"]
Category = Literal[
    "Algorithm Implementation",
    "Function Generation",
    "Class Implementation",
    "Data Structure Implementation",
    "Data Processing",
    "Machine Learning",
    "Web Development",
    "Database Query",
    "Scripting and Automation",
    "User Interface",
    "Debugging",
    "Refactoring",
    "Test Writing",
    "Explanation",
    "Other",
]
"""What kind of task a question is; `prompts/annotate.j2` says what each of them means."""


class Keep(Section):
    """Which annotated questions stay. A tag that could not be told fails no question by itself."""

    quality: tuple[Quality, ...] = Field(
        default=("good", "excellent"), description="Qualities that stay; empty for all."
    )
    category: tuple[Category, ...] = Field(
        default=(), description="Kinds of task that stay; empty for all."
    )
    language: tuple[str, ...] = Field(
        default=("python",),
        description="Programming languages that stay, and tasks that name none; empty for all.",
    )
    stdin: bool = Field(default=False, description="Whether tasks that read their input stay.")
    unknown: bool = Field(
        default=True, description="Whether a question stays where a tag could not be told."
    )


class Annotate(Section):
    """Have a model tag questions before they are solved, and keep those that are wanted."""

    llm: LLMSection | None = Field(default=None, description="Instead of the pipeline's `llm`.")
    sampling: Sampling = Field(
        default_factory=lambda: Sampling(temperature=0, max_tokens=1024),
        description="How tags are sampled.",
    )
    subsets: tuple[Name, ...] = Field(
        default=(), description="Subsets to annotate; all of them if left out."
    )
    keep: Keep = Field(default_factory=Keep, description="Which of them stay.")


class ReleasedDataset(Section):
    """Questions that were released before; rows that repeat one of them are dropped."""

    path: Path = Field(description="Its file, or a folder of Parquet files.")
    text: str = Field(default="question", description="Column of the question.")
    id: str | None = Field(default=None, description="Column of the row's id; guessed if not.")


class Deduplicate(Section):
    """Keep one of every cluster of near-duplicates."""

    threshold: float = Field(
        default=0.95,
        gt=0,
        le=1,
        description="Cosine at and above which two questions are one (KodCode's, section 2.1).",
    )
    embedder: str = Field(
        default="hashing",
        description="`hashing`, or a sentence-transformers model by Hub name or folder.",
    )
    against: tuple[ReleasedDataset, ...] = Field(
        default=(), description="Datasets released before, which no row may repeat."
    )


class Decontaminate(Section):
    """Reject questions that leak a benchmark's task, before solving and again at the end."""

    benchmarks: tuple[Benchmark, ...] = Field(default=(), description="What to stay away from.")
    threshold: float = Field(
        default=0.95,
        gt=0,
        le=1,
        description="Likeness in meaning at and above which a question is rejected; a cosine as "
        "high is enough (KodCode's, section 3.2). Short for `policy.embedding.contaminated`.",
    )
    embedder: str = Field(
        default="hashing",
        description="`hashing`, or a sentence-transformers model by Hub name or folder.",
    )
    policy: ContaminationPolicy = Field(
        default_factory=ContaminationPolicy, description="What counts as a leak, by layer."
    )
    reject: Literal["contaminated", "review"] = Field(
        default="contaminated",
        description="Whether rows to be reviewed are rejected as well as contaminated ones.",
    )

    @model_validator(mode="after")
    def _of_layers_that_builds_apply(self) -> "Decontaminate":
        usual = ContaminationPolicy()
        for layer in AUDITS_ALONE:
            if self.policy.bounds(layer) != usual.bounds(layer):
                raise ValueError(
                    f"`policy.{layer}` does nothing in a build: leave it out, and have "
                    "`kodgen audit` look at the run"
                )
        return self


class Attempts(Section):
    """How many attempts a question of each difficulty gets in all."""

    easy: int = Field(default=3, ge=1, le=1000, description="Attempts for an easy question.")
    medium: int = Field(default=5, ge=1, le=1000, description="Attempts for a medium question.")
    hard: int = Field(default=10, ge=1, le=1000, description="Attempts for a hard question.")


class Solve(Section):
    """Write solution and tests for each question, and run them."""

    llm: LLMSection | None = Field(default=None, description="Instead of the pipeline's `llm`.")
    sampling: Sampling = Field(default_factory=Sampling, description="How attempts are sampled.")
    probe: int = Field(
        default=3, ge=1, le=1000, description="Attempts before a difficulty is first read off."
    )
    budget: Attempts = Field(
        default_factory=Attempts, description="Attempts in all, by difficulty so far."
    )
    speculate: int = Field(
        default=4,
        ge=1,
        le=64,
        description="Attempts at one question at a time, ahead of need, once no new one waits.",
        json_schema_extra=OPERATIONAL,
    )


class Target(Section):
    """How many verified rows are enough: no question is attempted that no cell needs."""

    rows: int | None = Field(default=None, ge=1, description="Verified rows in all.")
    per_subset: dict[Name, Annotated[int, Field(ge=0)]] = Field(
        default_factory=dict, description="Verified rows of each subset named."
    )
    per_difficulty: dict[Literal["easy", "medium", "hard"], Annotated[int, Field(ge=0)]] = Field(
        default_factory=dict, description="Verified rows of each difficulty named."
    )

    @model_validator(mode="after")
    def _something(self) -> "Target":
        if self.rows is None and not self.per_subset and not self.per_difficulty:
            raise ValueError("give `rows`, `per_subset` or `per_difficulty`")
        for name in ("per_subset", "per_difficulty"):
            wanted = sum(getattr(self, name).values())
            if self.rows is not None and wanted > self.rows:
                raise ValueError(
                    f"`rows` is {self.rows}, but the cells of `{name}` need {wanted}; raise it, "
                    "or leave it out to have as many rows as the cells need"
                )
        return self


FormatName = Literal[
    "kodcode",
    "kodcode_sft",
    "trl_sft",
    "trl_grpo",
    "trl_dpo",
    "trl_kto",
    "verl_rl",
    "verl_sft",
    "openrlhf_sft",
    "openrlhf_rl",
    "openrlhf_dpo",
    "llama_factory_sft",
    "llama_factory_dpo",
    "axolotl_sft",
    "axolotl_dpo",
    "nemo_rl_sft",
    "nemo_rl_grpo",
    "nemo_rl_dpo",
    "skyrl",
    "verifiers",
    "alpaca",
]
"""A file of `kodgen/formats/` each."""


class Export(Section):
    """What the dataset folder holds."""

    formats: tuple[FormatName, ...] = Field(
        default=("kodcode", "trl_sft"), min_length=1, description="One dataset config each."
    )
    test_fraction: float = Field(
        default=0.0,
        ge=0,
        lt=1,
        description="Share of questions whose rows are the split `test`, chosen by the seed; all "
        "rows of a question are on one side.",
    )
    shard_mb: int = Field(
        default=300,
        ge=1,
        le=5000,
        description="Size in MiB at which a file of rows ends and the next begins; the Hub "
        "advises 200 to 500.",
    )
