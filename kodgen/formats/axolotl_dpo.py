"""axolotl's preference format: `messages`, `chosen`, `rejected`, by `type: chat_template.default`.

It takes `chosen` and `rejected` as single messages, unlike TRL.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kodgen.formats.base import About, Format, Row
from kodgen.formats.columns import lineage, message, messages, said, schema_of
from kodgen.records import Pair

if TYPE_CHECKING:
    import pyarrow as pa


def _schema(_about: About) -> "pa.Schema":
    return schema_of(("messages", messages()), ("chosen", message()), ("rejected", message()))


def _rows(pair: Pair, _about: About) -> Iterator[Row]:
    yield {
        "messages": [said("user", pair.question)],
        "chosen": said("assistant", pair.chosen),
        "rejected": said("assistant", pair.rejected),
        **lineage(pair),
    }


FORMAT = Format(
    config="axolotl_dpo",
    describe="Chosen and rejected answers, for axolotl (`type: chat_template.default`).",
    source="pairs",
    schema=_schema,
    rows=_rows,
)
