"""verl's SFT format: `messages`, which its `MultiTurnSFTDataset` reads (verl 0.9)."""

from typing import TYPE_CHECKING

from kodgen.formats.base import About, Format
from kodgen.formats.columns import messages, schema_of
from kodgen.formats.trl_sft import chats

if TYPE_CHECKING:
    import pyarrow as pa


def _schema(_about: About) -> "pa.Schema":
    return schema_of(("messages", messages()))


FORMAT = Format(
    config="verl_sft",
    describe="Questions and right answers as chats, for verl's SFT trainer.",
    source="answers",
    schema=_schema,
    rows=chats,
)
