"""NeMo-RL's preference format: a `context` and ranked `completions`; a lower rank is preferred."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kodgen.formats.base import About, Format, Row
from kodgen.formats.columns import lineage, messages, said, schema_of
from kodgen.records import Pair

if TYPE_CHECKING:
    import pyarrow as pa


def _schema(_about: About) -> "pa.Schema":
    import pyarrow as pa

    completion = pa.struct([("rank", pa.int64()), ("completion", messages())])
    return schema_of(("context", messages()), ("completions", pa.list_(completion)))


def _rows(pair: Pair, _about: About) -> Iterator[Row]:
    yield {
        "context": [said("user", pair.question)],
        "completions": [
            {"rank": rank, "completion": [said("assistant", answer)]}
            for rank, answer in enumerate((pair.chosen, pair.rejected))
        ],
        **lineage(pair),
    }


FORMAT = Format(
    config="nemo_rl_dpo",
    describe="Chosen and rejected answers by rank, for NeMo-RL's DPO and reward model.",
    source="pairs",
    schema=_schema,
    rows=_rows,
)
