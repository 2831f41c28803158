"""SkyRL's format: verl's but for `env_class` and `reward_spec`, with an environment beside it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kodgen.formats.base import About, Format, Row, Solved, Written
from kodgen.formats.columns import lineage, messages, row_id, said, schema_of
from kodgen.formats.rendering import rendered
from kodgen.formats.task import DATA_SOURCE, ground_truth, prompt

if TYPE_CHECKING:
    import pyarrow as pa


def _schema(_about: About) -> "pa.Schema":
    import pyarrow as pa

    string = pa.string()
    return schema_of(
        ("data_source", string),
        ("prompt", messages()),
        ("env_class", string),
        ("reward_spec", pa.struct([("method", string), ("ground_truth", string)])),
        ("extra_info", pa.struct([("question_id", string)])),
    )


def _rows(solved: Solved, _about: About) -> Iterator[Row]:
    triplet = solved.triplet
    yield {
        "data_source": DATA_SOURCE,
        "prompt": [said("user", prompt(triplet))],
        "env_class": "kodgen",
        "reward_spec": {"method": "rule", "ground_truth": ground_truth(triplet)},
        "extra_info": {"question_id": row_id(triplet)},
        **lineage(triplet),
    }


def _extras(_written: Written) -> dict[str, str]:
    return {"skyrl/kodgen_env.py": rendered("skyrl_env.py.j2")}


FORMAT = Format(
    config="skyrl",
    describe="Prompts with the tests that answers must pass, for SkyRL.",
    source="triplets",
    schema=_schema,
    rows=_rows,
    extras=_extras,
)
