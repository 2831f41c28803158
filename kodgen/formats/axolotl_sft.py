"""axolotl's SFT format: `messages`, read by `type: chat_template`, its default."""

from typing import TYPE_CHECKING

from kodgen.formats.base import About, Format
from kodgen.formats.columns import messages, schema_of
from kodgen.formats.trl_sft import chats

if TYPE_CHECKING:
    import pyarrow as pa


def _schema(_about: About) -> "pa.Schema":
    return schema_of(("messages", messages()))


FORMAT = Format(
    config="axolotl_sft",
    describe="Questions and right answers as chats, for axolotl (`type: chat_template`).",
    source="answers",
    schema=_schema,
    rows=chats,
)
