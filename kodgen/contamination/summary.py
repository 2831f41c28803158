"""What an audit reports: one model, written as `report.json` and shown as `index.html`."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from kodgen.records import Record

RowStatus = Literal["clean", "review", "contaminated", "error"]
STATUSES: tuple[RowStatus, ...] = ("clean", "review", "contaminated", "error")
FORMAT = 1
"""Of the report; a change that a reader would stumble over raises it."""


class Counts(Record):
    """Rows by status. `error` is a row that no layer could look at."""

    rows: int
    clean: int
    review: int
    contaminated: int
    error: int


class SubsetCounts(Counts):
    """Rows of one part of the dataset; an empty name where the dataset has no parts."""

    subset: str


class Cell(Record):
    """One benchmark and one subset: a row counts for every benchmark that it leaks."""

    benchmark: str
    subset: str
    rows: int = Field(description="Of the subset in all; what the percentages are of.")
    contaminated: int
    review: int = Field(description="To be reviewed, and not contaminated with this benchmark.")
    contaminated_percent: float | None = Field(description="Null for a subset without rows.")
    review_percent: float | None = Field(description="Null likewise.")


class TaskFound(Record):
    """A benchmark's task that some row leaks, or may leak."""

    task_id: str
    status: Literal["review", "contaminated"]
    rows: int = Field(description="Rows with that status because of this task.")
    layers: tuple[str, ...] = Field(description="Layers that say so, sorted.")


class Coverage(Record):
    """How much of a benchmark the dataset holds."""

    benchmark: str
    tasks: int
    contaminated: int = Field(description="Tasks that at least one row is contaminated with.")
    review: int = Field(description="Tasks that rows are to be reviewed for, and no worse.")
    contaminated_percent: float
    review_percent: float
    found: tuple[TaskFound, ...] = Field(description="Those tasks, by id.")


class LayerRun(Record):
    """What became of one layer."""

    layer: str
    ran: bool
    why_not: str = Field(description="Why it did not run, and what to do about it; empty if ran.")
    looked_at: int = Field(description="Rows that it could look at.")
    unseen: Mapping[str, int] = Field(description="Rows it could not look at, by reason code.")
    contaminated: int = Field(description="Rows that are contaminated by what it found.")
    review: int = Field(description="Rows that are to be reviewed by it, and no worse by it.")
    alone: int = Field(description="Contaminated rows that no other layer says are.")
    notes: Mapping[str, Any] = Field(default_factory=dict, description="What it says of itself.")


class Histogram(Record):
    """Cosines of rows to their nearest task: 50 bins of 0.02 from 0 to 1, the last one closed."""

    subset: str = Field(description="Name of a subset; `*` for all rows.")
    rows: int = Field(description="Rows that have a cosine.")
    bins: tuple[int, ...]
    mean: float | None
    p50: float | None
    p95: float | None
    p99: float | None
    max: float | None


class SweepPoint(Record):
    """What another cosine, taken alone as the threshold, would flag of one benchmark."""

    benchmark: str
    threshold: float
    rows: int = Field(description="Rows whose nearest task of this benchmark is at or above it.")
    tasks: int = Field(description="Tasks that are such a row's nearest one.")


class KindResult(Record):
    """Self-test: rows planted in one way, and what the same layers and policy made of them."""

    kind: str = Field(
        description="`verbatim`, `renamed`, `reworded`, `rewritten`, `tests_only`, "
        "`solution_only`; or a kind of known negatives."
    )
    leaks: bool = Field(description="Whether these rows leak a task, so that finding them is due.")
    rows: int
    contaminated: int
    review: int
    error: int = Field(description="Rows that no layer could look at.")
    right_task: int = Field(description="Flagged rows of which a hit names the task planted.")
    by_layer: Mapping[str, int] = Field(description="Rows that each layer alone would flag.")
    rate: float | None = Field(
        description="Share flagged (`review` or worse): recall of leaks, false alarms of others; "
        "null without rows."
    )
    low: float | None = Field(description="Lower end of its 95 % Wilson interval.")
    high: float | None = Field(description="Upper end likewise.")


class BenchmarkAbout(Record):
    """Which benchmark was compared with."""

    name: str
    source: str = Field(description="File or Hub dataset.")
    identity: Mapping[str, str] = Field(description="SHA-256, revision: what tells its content.")
    tasks: int
    expected: int | None = Field(
        default=None, description="Tasks of the whole benchmark; null where that is not known."
    )
    views: Mapping[str, int] = Field(description="Tasks that have each view.")
    solutions: int
    tests: int


class Unread(Record):
    """Rows that could not be read, or only in part."""

    reason: str = Field(description="Reason code in snake_case.")
    rows: int
    whole: bool = Field(description="Whether these rows have the status `error` because of it.")
    examples: tuple[str, ...] = Field(description="Where, and what is wrong, of the first few.")


class Provenance(Record):
    """What the result depends on; equal provenance, equal result."""

    kodgen: str
    dataset: str
    dataset_identity: Mapping[str, str]
    columns: Mapping[str, str] = Field(description="Column read for each part; guessed or given.")
    shape: str = Field(description="How rows were read: `columns` or a chat layout.")
    benchmarks: tuple[BenchmarkAbout, ...]
    embedder: Mapping[str, Any] = Field(
        description="Name, revision and calibration; empty where none was used."
    )
    policy: Mapping[str, Any]
    layers: tuple[str, ...] = Field(description="Layers asked for.")
    seed: int
    versions: Mapping[str, str] = Field(description="Python and the libraries that took part.")


class Pair(Record):
    """A row and a task side by side."""

    id: str
    subset: str
    benchmark: str
    task_id: str
    status: RowStatus = Field(description="Of the row, by what was found with this task.")
    similarity: float | None = Field(description="Cosine of the two; null if not measured.")
    layers: tuple[str, ...]
    question: str
    solution: str | None
    tests: str | None
    task_views: Mapping[str, str]
    task_solution: str | None
    task_tests: str | None
    hits: tuple[Mapping[str, Any], ...] = Field(
        description="Each hit of this task: `layer`, `field` (of the row), `view` (of the task), "
        "`score`, `status`, `evidence`."
    )


class AuditReport(Record):
    """The whole of it. `measured` alone differs between two runs of the same audit."""

    format: int = FORMAT
    provenance: Provenance
    totals: Counts
    subsets: tuple[SubsetCounts, ...] = Field(description="By name.")
    layers: tuple[LayerRun, ...] = Field(description="In the order in which they are applied.")
    matrix: tuple[Cell, ...] = Field(description="By benchmark, then subset: every combination.")
    coverage: tuple[Coverage, ...]
    histograms: tuple[Histogram, ...] = Field(
        description="Of all rows first, then by subset; none without an embedding."
    )
    sweep: tuple[SweepPoint, ...] = Field(
        description="By benchmark, 0.50 to 0.99 in steps of 0.01; none without an embedding."
    )
    truncated_percent: float | None = Field(
        description="Rows whose question is longer than the embedding model reads at once; null "
        "without an embedding."
    )
    unread: tuple[Unread, ...]
    self_test: tuple[KindResult, ...] = Field(description="Empty where it was left out.")
    measured: Mapping[str, Any] = Field(
        description="`started`, `ended` (ISO 8601, UTC), `seconds` by step, `rows_per_second`."
    )
