"""OpenRLHF's preference format: `prompt`, `chosen` and `rejected`, all lists of messages.

With a chat template OpenRLHF adds prompt and answer, so that neither may be a text.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kodgen.formats.base import About, Format, Row
from kodgen.formats.columns import lineage, messages, said, schema_of
from kodgen.records import Pair

if TYPE_CHECKING:
    import pyarrow as pa


def _schema(_about: About) -> "pa.Schema":
    return schema_of(("prompt", messages()), ("chosen", messages()), ("rejected", messages()))


def _rows(pair: Pair, _about: About) -> Iterator[Row]:
    # No `margin`: OpenRLHF would take it into its loss, and criteria differ in its unit.
    yield {
        "prompt": [said("user", pair.question)],
        "chosen": [said("assistant", pair.chosen)],
        "rejected": [said("assistant", pair.rejected)],
        **lineage(pair),
    }


FORMAT = Format(
    config="openrlhf_dpo",
    describe="Chosen and rejected answers, for OpenRLHF's DPO and reward model.",
    source="pairs",
    schema=_schema,
    rows=_rows,
)
