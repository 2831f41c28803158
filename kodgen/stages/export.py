"""Export: verified triplets as the rows of each training format asked for."""

from collections.abc import Iterator, Sequence
from typing import Any

from kodgen.formats.base import Format, Trials
from kodgen.formats.registry import FORMATS
from kodgen.records import Triplet


def formats_of(names: Sequence[str]) -> tuple[Format, ...]:
    """The formats by name, in the order asked for; a name asked for twice counts once."""
    return tuple(FORMATS[name] for name in dict.fromkeys(names))


def export_rows(
    form: Format, triplets: Sequence[Triplet], trials: Trials, most_attempts: int
) -> Iterator[dict[str, Any]]:
    """Rows of one format, one per triplet, in the triplets' order."""
    for triplet in triplets:
        yield form.row(triplet, trials[triplet.id], most_attempts)
