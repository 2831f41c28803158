"""What a training format is: named rows with an Arrow schema, made by a pure function."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kodgen.records import Trial, Triplet

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Format:
    """One config of a released dataset."""

    config: str
    """Name of the dataset config and of its folder."""
    describe: str
    """One sentence for the card."""
    schema: Callable[[int], "pa.Schema"]
    """Arrow schema, given the most attempts any question had."""
    row: Callable[[Triplet, Sequence[Trial], int], dict[str, Any]]
    """One triplet with its trials and the most attempts any question had, as a row."""
