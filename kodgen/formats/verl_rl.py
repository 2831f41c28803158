"""verl's RL format: five columns, and a reward function, since verl knows none for pytest.

verl scores rows by `data_source` and refuses one it does not know, unless
`custom_reward_function.path` names a file (verl 0.9, `utils/reward_score`).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kodgen.formats.base import About, Format, Row, Solved, Written
from kodgen.formats.columns import lineage, messages, row_id, said, schema_of
from kodgen.formats.rendering import rendered
from kodgen.formats.task import DATA_SOURCE, ground_truth, prompt
from kodgen.records import content_hash

if TYPE_CHECKING:
    import pyarrow as pa


def _schema(_about: About) -> "pa.Schema":
    import pyarrow as pa

    string = pa.string()
    return schema_of(
        ("data_source", string),
        ("prompt", messages()),
        ("ability", string),
        ("reward_model", pa.struct([("style", string), ("ground_truth", string)])),
        ("extra_info", pa.struct([("index", pa.int64()), ("question_id", string)])),
    )


def _rows(solved: Solved, _about: About) -> Iterator[Row]:
    triplet = solved.triplet
    name = row_id(triplet)
    yield {
        "data_source": DATA_SOURCE,
        "prompt": [said("user", prompt(triplet))],
        "ability": "code",
        "reward_model": {"style": "rule", "ground_truth": ground_truth(triplet)},
        # A number that stays when rows are added, and 48 bits long.
        "extra_info": {"index": int(content_hash(name, length=12), 16), "question_id": name},
        **lineage(triplet),
    }


def _extras(_written: Written) -> dict[str, str]:
    text = rendered("reward.py.j2", trainer="verl", name="compute_score")
    return {"verl_rl/reward_kodgen.py": text}


FORMAT = Format(
    config="verl_rl",
    describe="Prompts with the tests that answers must pass, for verl.",
    source="triplets",
    schema=_schema,
    rows=_rows,
    extras=_extras,
)
