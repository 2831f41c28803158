"""NeMo-RL's GRPO format: `input`, and the tests as `output`, which its environment is given."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kodgen.formats.base import About, Format, Row, Solved
from kodgen.formats.columns import lineage, schema_of
from kodgen.formats.task import ground_truth, prompt

if TYPE_CHECKING:
    import pyarrow as pa


def _schema(_about: About) -> "pa.Schema":
    import pyarrow as pa

    return schema_of(("input", pa.string()), ("output", pa.string()))


def _rows(solved: Solved, _about: About) -> Iterator[Row]:
    triplet = solved.triplet
    yield {"input": prompt(triplet), "output": ground_truth(triplet), **lineage(triplet)}


FORMAT = Format(
    config="nemo_rl_grpo",
    describe="Prompts with the tests that answers must pass, for NeMo-RL's GRPO.",
    source="triplets",
    schema=_schema,
    rows=_rows,
)
