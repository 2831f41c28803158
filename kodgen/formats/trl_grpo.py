"""TRL's GRPO format: conversational `prompt`; its reward function is given the other columns."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kodgen.formats.base import About, Format, Row, Solved, Written
from kodgen.formats.columns import lineage, messages, said, schema_of
from kodgen.formats.rendering import rendered
from kodgen.formats.task import ground_truth, prompt

if TYPE_CHECKING:
    import pyarrow as pa


def _schema(_about: About) -> "pa.Schema":
    import pyarrow as pa

    return schema_of(("prompt", messages()), ("ground_truth", pa.string()))


def _rows(solved: Solved, _about: About) -> Iterator[Row]:
    triplet = solved.triplet
    yield {
        "prompt": [said("user", prompt(triplet))],
        "ground_truth": ground_truth(triplet),
        **lineage(triplet),
    }


def _extras(_written: Written) -> dict[str, str]:
    return {"trl_grpo/reward_kodgen.py": rendered("reward.py.j2", trainer="trl", name="reward")}


FORMAT = Format(
    config="trl_grpo",
    describe="Prompts with the tests that answers must pass, for TRL's GRPOTrainer.",
    source="triplets",
    schema=_schema,
    rows=_rows,
    extras=_extras,
)
