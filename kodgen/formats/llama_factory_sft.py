"""LLaMA-Factory's SFT format: chats, and `dataset_info.json` beside them."""

from typing import TYPE_CHECKING

from kodgen.formats.base import About, Format, Written
from kodgen.formats.columns import messages, schema_of
from kodgen.formats.dataset_info import TAGS, dataset_info
from kodgen.formats.trl_sft import chats

if TYPE_CHECKING:
    import pyarrow as pa


def _schema(_about: About) -> "pa.Schema":
    return schema_of(("messages", messages()))


def _extras(written: Written) -> dict[str, str]:
    columns = {"messages": "messages"}
    about = {"formatting": "sharegpt", "columns": columns, "tags": TAGS}
    return dataset_info(FORMAT.config, written, about)


FORMAT = Format(
    config="llama_factory_sft",
    describe="Questions and right answers as chats, for LLaMA-Factory.",
    source="answers",
    schema=_schema,
    rows=chats,
    extras=_extras,
)
