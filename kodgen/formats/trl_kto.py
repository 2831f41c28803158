"""TRL's KTO format: `prompt`, `completion` and whether it is wanted, `label`.

Each pair is taken apart, as TRL's own `unpair_preference_dataset` does it: an answer of two pairs
is there twice.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kodgen.formats.base import About, Format, Row
from kodgen.formats.columns import lineage, messages, said, schema_of
from kodgen.records import Pair

if TYPE_CHECKING:
    import pyarrow as pa


def _schema(_about: About) -> "pa.Schema":
    import pyarrow as pa

    return schema_of(
        ("prompt", messages()),
        ("completion", messages()),
        ("label", pa.bool_()),
        ("criterion", pa.string()),
    )


def _rows(pair: Pair, _about: About) -> Iterator[Row]:
    for answer, wanted in ((pair.chosen, True), (pair.rejected, False)):
        yield {
            "prompt": [said("user", pair.question)],
            "completion": [said("assistant", answer)],
            "label": wanted,
            "criterion": pair.criterion,
            **lineage(pair),
        }


FORMAT = Format(
    config="trl_kto",
    describe="Single answers, wanted or not, for TRL's KTOTrainer.",
    source="pairs",
    schema=_schema,
    rows=_rows,
)
