"""Sections of the stages after solving: from verified triplets to rows to train on."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from kodgen.config.models import LLMSection, Sampling
from kodgen.config.section import Name, Section

Level = Literal["easy", "medium", "hard"]
Criterion = Literal["correctness", "runtime", "length", "random"]


class Crosscheck(Section):
    """Run every trial's solution against every trial's tests, and choose by what they agree on."""

    trials: int = Field(
        default=10,
        ge=2,
        le=100,
        description="Trials of a question that are compared, passing ones first; runs grow with "
        "its square.",
    )
    damping: float = Field(
        default=0.85, gt=0, lt=1, description="Of the mutual ranking (CodeDPO, section 3.2)."
    )
    rounds: int = Field(default=10, ge=1, le=1000, description="Rounds of the mutual ranking.")
    reject_suspect: bool = Field(
        default=False, description="Reject triplets whose solutions split into camps."
    )


class Mutate(Section):
    """Put faults into each solution and see whether its tests notice."""

    mutants: int = Field(
        default=20, ge=1, le=1000, description="Most mutants of a solution that are run."
    )
    threshold: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="Share of mutants that tests must notice; weaker triplets are rejected.",
    )
    reruns: int = Field(
        default=2,
        ge=0,
        le=20,
        description="Times that a triplet must pass again under other hash seeds and orders.",
    )


class Restyle(Section):
    """Make completion tasks of triplets: signature, docstring, examples."""

    llm: LLMSection | None = Field(default=None, description="Instead of the pipeline's `llm`.")
    sampling: Sampling = Field(
        default_factory=Sampling, description="How completion tasks are sampled."
    )
    attempts: int = Field(
        default=3, ge=1, le=100, description="Tries at a task before it is given up."
    )
    subsets: tuple[Name, ...] = Field(
        default=(), description="Subsets to make completion tasks of; all of them if left out."
    )


class Select(Section):
    """Keep some of the triplets, before any is answered in full."""

    difficulty: tuple[Level, ...] = Field(
        default=(), description="Difficulties that stay; empty for all."
    )
    per_difficulty: dict[Level, Annotated[int, Field(ge=0)]] = Field(
        default_factory=dict, description="Most questions of each difficulty named."
    )
    per_subset: dict[Name, Annotated[int, Field(ge=0)]] = Field(
        default_factory=dict, description="Most questions of each subset named."
    )
    styles: tuple[Literal["instruct", "complete"], ...] = Field(
        default=(), description="Styles that stay; empty for both."
    )
    question_tokens: tuple[int, int] | None = Field(
        default=None, description="Least and most tokens of a question; no bounds if left out."
    )
    suspect: bool = Field(default=True, description="Whether suspect triplets stay.")


class Respond(Section):
    """Have a reasoning model answer every question in full, and run its answers."""

    llm: LLMSection | None = Field(default=None, description="Instead of the pipeline's `llm`.")
    sampling: Sampling = Field(
        default_factory=lambda: Sampling(temperature=0.6, top_p=0.95, max_tokens=16_384),
        description="How answers are sampled.",
    )
    recipe: Literal["all", "deep", "diverse"] = Field(
        default="all",
        description="Keep every right answer, the one with the longest reasoning, or `keep` right "
        "ones that differ most.",
    )
    attempts: int = Field(default=3, ge=1, le=100, description="Answers to each question.")
    keep: int = Field(default=5, ge=1, le=100, description="Right answers that `diverse` keeps.")
    tokens: tuple[int, int] = Field(
        default=(0, 16_384),
        description="Least and most tokens of an answer, its reasoning counted.",
    )
    classes: bool = Field(
        default=False, description="Whether an answer may be a class where functions are asked for."
    )

    @model_validator(mode="after")
    def _enough(self) -> "Respond":
        if self.recipe == "diverse" and self.attempts < self.keep:
            raise ValueError(
                f"recipe `diverse` keeps {self.keep} answers, but `attempts` is {self.attempts}"
            )
        return self


class Prefer(Section):
    """Make pairs of a chosen and a rejected answer."""

    criteria: dict[Criterion, Annotated[float, Field(gt=0)]] = Field(
        default_factory=lambda: {"correctness": 1.0},
        min_length=1,
        description="Weights of what pairs are made by; each pair is of one criterion.",
    )
    source: Literal["auto", "trials", "responses"] = Field(
        default="auto",
        description="Whether answers are attempts or answers in full; the latter if there are any.",
    )
    pairs: int = Field(default=1, ge=1, le=100, description="Most pairs of a question.")
    speedup: float = Field(
        default=1.2,
        gt=1,
        le=1000,
        description="Times faster that an answer must be to be chosen for its run time.",
    )
    repeats: int = Field(
        default=5, ge=3, le=101, description="Times that each answer's run time is measured."
    )
