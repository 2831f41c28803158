"""OpenRLHF's SFT format: `input` and `output` (OpenRLHF 0.11, `datasets/sft_dataset.py`)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kodgen.formats.answer import answer_text
from kodgen.formats.base import About, Answer, Format, Row
from kodgen.formats.columns import lineage, schema_of

if TYPE_CHECKING:
    import pyarrow as pa


def _schema(_about: About) -> "pa.Schema":
    import pyarrow as pa

    return schema_of(("input", pa.string()), ("output", pa.string()))


def exchanges(answer: Answer, _about: About) -> Iterator[Row]:
    """Question and answer as two texts."""
    triplet = answer.triplet
    yield {"input": triplet.question, "output": answer_text(answer), **lineage(triplet)}


FORMAT = Format(
    config="openrlhf_sft",
    describe="Questions and right answers as `input` and `output`, for OpenRLHF's SFT.",
    source="answers",
    schema=_schema,
    rows=exchanges,
)
