"""TRL's DPO format: `prompt`, `chosen` and `rejected` as messages, the prompt told apart."""

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
        ("chosen", messages()),
        ("rejected", messages()),
        ("criterion", pa.string()),
        ("margin", pa.float64()),
    )


def _rows(pair: Pair, _about: About) -> Iterator[Row]:
    yield {
        "prompt": [said("user", pair.question)],
        "chosen": [said("assistant", pair.chosen)],
        "rejected": [said("assistant", pair.rejected)],
        "criterion": pair.criterion,
        "margin": pair.margin,
        **lineage(pair),
    }


FORMAT = Format(
    config="trl_dpo",
    describe="Chosen and rejected answers, for TRL's DPOTrainer and RewardTrainer.",
    source="pairs",
    schema=_schema,
    rows=_rows,
)
