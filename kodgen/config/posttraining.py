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
        default=0.85,
        gt=0,
        lt=1,
        description="Share of a score that each round of the mutual ranking renews (CodeDPO, "
        "section 3.2; PageRank's usual value).",
    )
    rounds: int = Field(
        default=10, ge=1, le=1000, description="Rounds of the mutual ranking; CodeDPO makes 10."
    )
    reject_suspect: bool = Field(
        default=False,
        description="Reject triplets that other trials contradict with no majority against them; "
        "they are flagged `suspect` if not.",
    )


class Mutate(Section):
    """Put faults into each solution and see whether its tests notice."""

    mutants: int = Field(
        default=20,
        ge=1,
        le=1000,
        description="Most mutants of a solution that are run; of 20, a score is known to "
        "about 0.2 either way (95 %, binomial).",
    )
    threshold: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="Share of the mutants with other outputs that tests must notice; weaker "
        "triplets are rejected. Recorded tests that look at types alone fall below 0.8 in 34 of "
        "39 cases, as they were in 2 of 39.",
    )
    reruns: int = Field(
        default=2,
        ge=0,
        le=20,
        description="Times that a triplet must pass again, each under another hash seed, order "
        "and clock.",
    )


class Restyle(Section):
    """Make completion tasks of triplets: signature, docstring, examples."""

    llm: LLMSection | None = Field(default=None, description="Instead of the pipeline's `llm`.")
    sampling: Sampling = Field(
        default_factory=Sampling, description="How completion tasks are sampled."
    )
    attempts: int = Field(
        default=3,
        ge=1,
        le=100,
        description="Tries at a completion task, each with a seed of its own, before it is given "
        "up.",
    )
    subsets: tuple[Name, ...] = Field(
        default=(), description="Subsets to make completion tasks of; all of them if left out."
    )


class Select(Section):
    """Keep some of the triplets, before any is answered in full. Quotas count questions."""

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
    question_tokens: tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=1)]] | None = Field(
        default=None,
        description="Least and most tokens of a question, four characters each; no bounds if left "
        "out.",
    )
    suspect: bool = Field(
        default=True, description="Whether triplets stay that crosscheck flagged `suspect`."
    )

    @model_validator(mode="after")
    def _in_order(self) -> "Select":
        if self.question_tokens is not None and self.question_tokens[0] > self.question_tokens[1]:
            raise ValueError(
                f"question_tokens begins at {self.question_tokens[0]} and ends at "
                f"{self.question_tokens[1]}; give the least first"
            )
        for level in self.per_difficulty:
            if self.difficulty and level not in self.difficulty:
                raise ValueError(
                    f"per_difficulty has a quota of {level!r}, but `difficulty` keeps only "
                    f"{', '.join(self.difficulty)}; name it there or drop its quota"
                )
        return self


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


def _correctness() -> dict[Criterion, Annotated[float, Field(gt=0)]]:
    return {"correctness": 1.0}


class Prefer(Section):
    """Make pairs of a chosen and a rejected answer."""

    criteria: dict[Criterion, Annotated[float, Field(gt=0)]] = Field(
        default_factory=_correctness,
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
    longer: float = Field(
        default=1.5,
        gt=1,
        le=1000,
        description="Times longer that an answer must be to be rejected for its length.",
    )
    keep_weights: bool = Field(
        default=True,
        description="Drop pairs of those criteria that make more of them than their weight says.",
    )
