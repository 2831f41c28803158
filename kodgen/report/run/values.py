"""What a report shows of a run, as plain values: read elsewhere, drawn here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kodgen.report.run.passing import Bracket
from kodgen.report.run.spread import Bars, Spread

BySubset = Mapping[str, int]
DIFFICULTIES = ("easy", "medium", "hard")


@dataclass(frozen=True, slots=True)
class StageFacts:
    """A sealed stage, as its manifest has it, and its rows by subset."""

    name: str
    version: int
    rows_in: int
    kept: int
    rejected: Mapping[str, int]
    trials: Mapping[str, int]
    missing_modules: Mapping[str, int]
    measured: Mapping[str, float]
    kept_by: BySubset
    """Rows without a subset yet, as of a seed that can't be read, count under an empty name."""
    rejected_by: Mapping[str, BySubset]
    """By reason, then by subset."""


@dataclass(frozen=True, slots=True)
class SubsetAttempts:
    """The attempts at one subset's questions."""

    questions: int
    """Those decided: asked of the model until there was a verdict."""
    at: Mapping[int, Bracket]
    """pass@k by k."""
    certain: int
    """Attempts that every question got."""
    made: int
    passed: int


@dataclass(frozen=True, slots=True)
class Leaks:
    """Rows that leak a benchmark's task, and how near the others come."""

    benchmarks: tuple[str, ...]
    cells: Mapping[tuple[str, str], int]
    """Rejected rows by benchmark and subset; a row counts for every benchmark that it leaks."""
    compared: BySubset
    """Questions whose nearest task is known."""
    similarity: Mapping[str, Bars]
    """Cosine to the nearest task, by subset."""
    every: Bars | None
    """Of all subsets together."""
    embedder: str


@dataclass(frozen=True, slots=True)
class QuestionMap:
    """Questions as points of a plane."""

    points: Mapping[str, tuple[tuple[float, float], ...]]
    """By subset."""
    shown: int
    of: int
    embedder: str
    explained: float
    """Share of the variance that the plane holds, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A question that was dropped for another."""

    id: str
    subset: str
    reason: str
    score: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """A question, and what was dropped for it."""

    kept: str
    text: str
    """Empty where the kept one is not of this run, but released before."""
    dropped: int
    copies: tuple[Copy, ...]
    """The first few."""


@dataclass(frozen=True, slots=True)
class Duplicates:
    """All clusters in numbers, and the largest ones in full."""

    sizes: Mapping[int, int]
    """How many questions stand for so many dropped ones."""
    largest: tuple[Cluster, ...]


@dataclass(frozen=True, slots=True)
class Extreme:
    """A question that took long, or failed often."""

    id: str
    text: str
    kept: bool
    attempts: int
    passed: int
    seconds: float | None
    """Of its slowest attempt."""
    reasons: Mapping[str, int]
    """Why attempts failed, and how often."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Questions by the attempts that were made at them."""

    verified: Mapping[int, int]
    never: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Sample:
    """A row to be looked at: what it is found by, and all of it as JSON values."""

    subset: str
    difficulty: str
    """Empty where there is none."""
    outcome: str
    """`verified`, or `<stage>: <reason>`."""
    style: str
    shown: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RunValues:
    """All that a report shows."""

    name: str
    about: Mapping[str, Any]
    pipeline: str
    """The pipeline as resolved, as YAML."""
    notes: tuple[str, ...]
    """What a reader should know before all else: stages that are not finished, files not read."""
    stages: tuple[StageFacts, ...]
    final: str
    """The latest stage that kept verified rows; empty without one."""
    subsets: tuple[str, ...]
    attempts: Mapping[str, SubsetAttempts]
    difficulty: Mapping[str, BySubset]
    """By subset: questions by label, those that never passed by the reason they were rejected."""
    lengths: Mapping[str, Mapping[str, Spread]]
    """By what is measured (`question`, `solution`, `tests`, `test_count`, `answer`), by subset."""
    spent: Spent
    outcomes: Mapping[str, BySubset]
    """Attempts by the reason they failed for, empty for a pass; by subset."""
    quality: Mapping[str, Bars]
    """`coverage` in percent, `strength` and `consensus` from 0 to 1; those that were measured."""
    leaks: Leaks | None
    map: QuestionMap | None
    duplicates: Duplicates | None
    slowest: tuple[Extreme, ...]
    failing: tuple[Extreme, ...]
    answers: Mapping[str, BySubset]
    """Answers in full, by what became of them (`kept` or the reason); by subset."""
    pairs: Mapping[str, BySubset]
    """Preference pairs by criterion; by subset."""
    samples: tuple[Sample, ...]
    rows: int
    """Verified rows of the latest stage, and all rejected ones: what samples are of."""
