"""What a release says of itself, as plain values: read elsewhere, told here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kodgen.config import Release
from kodgen.hub.licences import Settled

Feature = Mapping[str, Any]
"""One column as the Hub's cards have it: `name` and `dtype`, `list` or `struct`."""


@dataclass(frozen=True, slots=True)
class Split:
    """The files of one split, as they lie in the folder."""

    name: str
    files: tuple[str, ...]
    """Relative to the release's folder."""
    rows: int
    bytes: int
    """Of the values, uncompressed."""
    file_bytes: int


@dataclass(frozen=True, slots=True)
class Config:
    """One config of the dataset."""

    name: str
    describe: str
    splits: tuple[Split, ...]
    features: tuple[Feature, ...]

    @property
    def rows(self) -> int:
        """Of all splits."""
        return sum(split.rows for split in self.splits)

    def pattern(self, split: str) -> str:
        """Which files a split is."""
        return f"{self.name}/{split}-*.parquet"


@dataclass(frozen=True, slots=True)
class StageCount:
    """What became of rows in one stage."""

    stage: str
    rows_in: int
    kept: int
    rejected: Mapping[str, int]
    attempts: Mapping[str, int]
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SeedSource:
    """Where seeds came from."""

    name: str
    seeds: int
    licenses: Mapping[str, int]
    """Seeds by licence."""
    url: str | None


@dataclass(frozen=True, slots=True)
class BenchmarkFound:
    """What the audit found of one benchmark."""

    name: str
    tasks: int
    identity: Mapping[str, str]
    contaminated: int
    """Rows."""
    review: int


@dataclass(frozen=True, slots=True)
class Audited:
    """What the audit says of the released texts."""

    texts: int
    review: int
    by_chance: int
    """Attempts that pass a task's tests, without any text of it."""
    layers: tuple[str, ...]
    not_run: Mapping[str, str]
    embedder: str
    benchmarks: tuple[BenchmarkFound, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """All of it."""

    name: str
    repo: str
    version: str
    kodgen: Mapping[str, str]
    pipeline: Mapping[str, Any]
    """As the run's record has it, without paths of the machine."""
    says: Release
    license: Settled
    configs: tuple[Config, ...]
    questions: int
    """Verified rows, both styles counted."""
    subsets: Mapping[str, int]
    difficulties: Mapping[str, int]
    styles: Mapping[str, int]
    isolation: Mapping[str, int]
    coverage: float | None
    """Mean of the rows that have one, in percent."""
    measures: Mapping[str, int]
    """Rows that have a value of `crosscheck`, `strength`."""
    models: Mapping[str, Mapping[str, int]]
    """Rows by model, by what the model did."""
    terms: Mapping[str, str]
    sources: tuple[SeedSource, ...]
    stages: tuple[StageCount, ...]
    audited: Audited
    left_out: int
    """Questions that the owner left out."""

    @property
    def rows(self) -> int:
        """Of the config that is shown first."""
        return self.configs[0].rows

    @property
    def maintainer(self) -> str:
        """Who answers for it."""
        return self.says.maintainer or self.repo.partition("/")[0]

    @property
    def url(self) -> str:
        """Where it will be."""
        return f"https://huggingface.co/datasets/{self.repo}"

    @property
    def contact(self) -> str:
        """Where mistakes are reported."""
        return self.says.contact or f"{self.url}/discussions"
