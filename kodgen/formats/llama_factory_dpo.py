"""LLaMA-Factory's preference format: a chat that ends with the user, and two single messages."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kodgen.formats.base import About, Format, Row, Written
from kodgen.formats.columns import lineage, message, messages, said, schema_of
from kodgen.formats.dataset_info import TAGS, dataset_info
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


def _extras(written: Written) -> dict[str, str]:
    columns = {"messages": "messages", "chosen": "chosen", "rejected": "rejected"}
    about = {"ranking": True, "formatting": "sharegpt", "columns": columns, "tags": TAGS}
    return dataset_info(FORMAT.config, written, about)


FORMAT = Format(
    config="llama_factory_dpo",
    describe="Chosen and rejected answers, for LLaMA-Factory.",
    source="pairs",
    schema=_schema,
    rows=_rows,
    extras=_extras,
)
