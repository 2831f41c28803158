"""What a training format is: named rows with an Arrow schema, made by a pure function."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from kodgen.records import Pair, Response, Trial, Triplet

if TYPE_CHECKING:
    import pyarrow as pa

Source = Literal["triplets", "answers", "responses", "pairs"]
"""What rows are made from: triplets with their attempts; answers to train on, which are right
responses where the run has any and triplets' own solutions if not; all responses to a triplet,
right or wrong; or preference pairs."""
Row = dict[str, Any]
Item = TypeVar("Item", "Solved", "Answer", "Replied", Pair)


@dataclass(frozen=True, slots=True)
class Solved:
    """A triplet with all attempts at its question."""

    triplet: Triplet
    trials: tuple[Trial, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A triplet with one right answer to its question."""

    triplet: Triplet
    response: Response | None
    """None where the answer is the triplet's own solution."""


@dataclass(frozen=True, slots=True)
class Replied:
    """A triplet with all answers in full to its question."""

    triplet: Triplet
    right: tuple[Response, ...]
    """Those that were kept."""
    others: tuple[Response, ...]
    """Wrong ones, and right ones that were not kept."""


@dataclass(frozen=True, slots=True)
class About:
    """What a format needs to know of all rows before the first."""

    most_attempts: int
    """The most attempts any question had."""


@dataclass(frozen=True, slots=True)
class Written:
    """A config of a dataset once its rows are written; what extra files are made from."""

    name: str
    """Of the dataset."""
    files: Mapping[str, tuple[str, ...]]
    """File names by split, relative to the config's folder; splits without rows are not there."""
    rows: Mapping[str, int]
    """Rows by split."""


def no_rows(_item: Any, _about: About) -> tuple[Row, ...]:
    """Of a format that puts nothing aside."""
    return ()


def no_files(_written: Written) -> dict[str, str]:
    """Of a format that needs no file but its rows."""
    return {}


@dataclass(frozen=True, slots=True)
class Format(Generic[Item]):
    """One config of a released dataset.

    All are Parquet, which every trainer here reads: `load_dataset` takes a folder's configs to be
    files of one kind, that of the first.
    """

    config: str
    """Name of the dataset config and of its folder."""
    describe: str
    """One sentence for the card."""
    source: Source
    schema: Callable[[About], "pa.Schema"]
    """The Arrow schema of its rows."""
    rows: Callable[[Item, About], Iterable[Row]]
    """The rows that one item of the source becomes; most often one."""
    aside: Callable[[Item, About], Iterable[Row]] = no_rows
    """Rows for the split `incorrect`, such as wrong answers."""
    extras: Callable[[Written], Mapping[str, str]] = no_files
    """Files to lie beside the rows: text by path relative to the dataset's folder."""
