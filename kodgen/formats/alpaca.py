"""The Alpaca format: `instruction`, `input` and `output`, which every trainer reads."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kodgen.formats.answer import answer_text
from kodgen.formats.base import About, Answer, Format, Row
from kodgen.formats.columns import lineage, schema_of

if TYPE_CHECKING:
    import pyarrow as pa


def _schema(_about: About) -> "pa.Schema":
    import pyarrow as pa

    string = pa.string()
    return schema_of(("instruction", string), ("input", string), ("output", string))


def _rows(answer: Answer, _about: About) -> Iterator[Row]:
    triplet = answer.triplet
    yield {
        "instruction": triplet.question,
        "input": "",
        "output": answer_text(answer),
        **lineage(triplet),
    }


FORMAT = Format(
    config="alpaca",
    describe="Questions and right answers as `instruction` and `output`.",
    source="answers",
    schema=_schema,
    rows=_rows,
)
