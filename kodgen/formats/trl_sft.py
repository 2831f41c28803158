"""TRL's conversational SFT format: `messages` with role and content (TRL docs, dataset formats)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kodgen.formats.answer import answer_text
from kodgen.formats.base import About, Answer, Format, Row
from kodgen.formats.columns import lineage, messages, said, schema_of

if TYPE_CHECKING:
    import pyarrow as pa


def _schema(_about: About) -> "pa.Schema":
    return schema_of(("messages", messages()))


def chats(answer: Answer, _about: About) -> Iterator[Row]:
    """The one chat of an answer, as every trainer that reads `messages` takes it."""
    user, assistant = said("user", answer.triplet.question), said("assistant", answer_text(answer))
    yield {"messages": [user, assistant], **lineage(answer.triplet)}


FORMAT = Format(
    config="trl_sft",
    describe="Questions and right answers as chats, for TRL's SFTTrainer.",
    source="answers",
    schema=_schema,
    rows=chats,
)
