"""OpenRLHF's RL format: `input`, and `label` for its reward file (OpenRLHF 0.11)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kodgen.formats.base import About, Format, Row, Solved, Written
from kodgen.formats.columns import lineage, schema_of
from kodgen.formats.rendering import rendered
from kodgen.formats.task import DATA_SOURCE, ground_truth, prompt

if TYPE_CHECKING:
    import pyarrow as pa


def _schema(_about: About) -> "pa.Schema":
    import pyarrow as pa

    string = pa.string()
    return schema_of(("input", string), ("label", string), ("datasource", string))


def _rows(solved: Solved, _about: About) -> Iterator[Row]:
    triplet = solved.triplet
    yield {
        "input": prompt(triplet),
        "label": ground_truth(triplet),
        "datasource": DATA_SOURCE,
        **lineage(triplet),
    }


def _extras(_written: Written) -> dict[str, str]:
    text = rendered("reward.py.j2", trainer="openrlhf", name="reward_func")
    return {"openrlhf_rl/reward_kodgen.py": text}


FORMAT = Format(
    config="openrlhf_rl",
    describe="Prompts with the tests that answers must pass, for OpenRLHF.",
    source="triplets",
    schema=_schema,
    rows=_rows,
    extras=_extras,
)
