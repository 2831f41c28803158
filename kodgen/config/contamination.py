"""Sections of contamination: benchmarks to stay away from, and what counts as a leak of one."""

from pathlib import Path

from pydantic import Field, model_validator

from kodgen.config.section import Name, Section


class Benchmark(Section):
    """A benchmark to stay away from."""

    name: Name = Field(description="Name to report it by; of a known benchmark, how to read it.")
    path: Path | None = Field(default=None, description="Its JSONL, JSON or Parquet file.")
    hub: str | None = Field(default=None, description="Its dataset id on the Hugging Face Hub.")
    revision: str | None = Field(default=None, description="Revision of the Hub dataset.")
    split: str = Field(default="test", description="Split of the Hub dataset.")
    text: str | None = Field(default=None, description="Column of the task's text; guessed if not.")
    id: str | None = Field(default=None, description="Column of the task's id; guessed if not.")
    solution: str | None = Field(
        default=None, description="Column of the reference solution; guessed if not."
    )
    tests: str | None = Field(default=None, description="Column of the tests; guessed if not.")
    entry_point: str | None = Field(
        default=None, description="Column of the tested function's name; guessed if not."
    )

    @model_validator(mode="after")
    def _one_place(self) -> "Benchmark":
        if self.path is not None and self.hub is not None:
            raise ValueError("give `path` or `hub`, not both")
        return self


class Bounds(Section):
    """Scores of one layer from which on a row counts as something."""

    contaminated: float | None = Field(
        default=None, ge=0, le=1, description="Score that makes a row contaminated; null for none."
    )
    review: float | None = Field(
        default=None, ge=0, le=1, description="Score that has a row looked at; null for none."
    )


AUDITS_ALONE = ("behaviour", "judge")
"""Layers that no build applies."""


class ContaminationPolicy(Section):
    """What counts as a leak, layer by layer."""

    exact: Bounds = Field(
        default=Bounds(contaminated=1), description="The same text, but for case and signs."
    )
    ngram: Bounds = Field(
        default=Bounds(contaminated=0.5, review=0.0),
        description="Share of a task's words in n-grams that the row holds too.",
    )
    structure: Bounds = Field(
        default=Bounds(contaminated=1), description="The same solution, but for names."
    )
    literals: Bounds = Field(
        default=Bounds(contaminated=1), description="The same inputs with the same results."
    )
    embedding: Bounds = Field(
        default=Bounds(contaminated=0.95),
        description="Likeness in meaning, scaled for each model: 2 % of clean rows reach 0.5, its "
        "own bound for a review; a cosine of 0.95 or more is the score itself.",
    )
    behaviour: Bounds = Field(
        default=Bounds(contaminated=1),
        description="The row's solution passes the task's tests; audits alone run it.",
    )
    judge: Bounds = Field(
        default=Bounds(review=0.5),
        description="A language model calls them the same task; audits alone ask it.",
    )

    def bounds(self, layer: str) -> Bounds:
        """Of one layer, by its name."""
        found: Bounds = getattr(self, layer)
        return found
