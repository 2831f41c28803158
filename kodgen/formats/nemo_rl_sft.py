"""NeMo-RL's SFT format: `input` and `output`, the keys its `ResponseDataset` reads by default."""

from typing import TYPE_CHECKING

from kodgen.formats.base import About, Format
from kodgen.formats.columns import schema_of
from kodgen.formats.openrlhf_sft import exchanges

if TYPE_CHECKING:
    import pyarrow as pa


def _schema(_about: About) -> "pa.Schema":
    import pyarrow as pa

    return schema_of(("input", pa.string()), ("output", pa.string()))


FORMAT = Format(
    config="nemo_rl_sft",
    describe="Questions and right answers as `input` and `output`, for NeMo-RL's SFT.",
    source="answers",
    schema=_schema,
    rows=exchanges,
)
