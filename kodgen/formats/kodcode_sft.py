"""The columns of KodCode-V1-SFT-R1, and some of our own after them: one row per right answer.

`r1_*` keep their names though any model may have answered; `r1_correctness` is the text that the
card has, `verified` the same as a truth value. As there, wrong answers are a split of their own:
one of each task that has no right one.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kodgen.formats.answer import spoken
from kodgen.formats.base import About, Format, Replied, Row
from kodgen.formats.kodcode import card_cells, card_columns, metadata, own_cells, own_columns
from kodgen.records import Response

if TYPE_CHECKING:
    import pyarrow as pa


def _schema(_about: About) -> "pa.Schema":
    import pyarrow as pa

    string, number = pa.string(), pa.int64()
    turn = pa.struct([("from", string), ("value", string)])
    return pa.schema(
        [
            *card_columns(),
            ("r1_pass_sequence", pa.list_(number)),
            ("r1_pass_trial_num", number),
            ("r1_correctness", string),
            ("r1_solution", string),
            ("metadata", string),
            ("conversations", pa.list_(turn)),
            *own_columns(),
            ("verified", pa.bool_()),
            ("response_id", string),
            ("response_model", string),
            ("response_prompt_version", string),
            ("response_tokens", number),
            ("response_approach", string),
        ]
    )


def _rows(replied: Replied, _about: About) -> Iterator[Row]:
    for response in replied.right:
        yield _row(replied, response)


def _wrong(replied: Replied, _about: About) -> Iterator[Row]:
    everything = _in_order(replied)
    if everything and not any(response.verdict.passed for response in everything):
        yield _row(replied, everything[0])


def _in_order(replied: Replied) -> Sequence[Response]:
    return sorted((*replied.right, *replied.others), key=lambda response: response.attempt)


def _row(replied: Replied, response: Response) -> Row:
    sequence = [int(one.verdict.passed) for one in _in_order(replied)]
    return {
        **card_cells(replied.triplet),
        "r1_pass_sequence": sequence,
        "r1_pass_trial_num": sum(sequence),
        "r1_correctness": str(response.verdict.passed),
        "r1_solution": response.code,
        "metadata": metadata(replied.triplet),
        "conversations": [
            {"from": "human", "value": replied.triplet.question},
            {"from": "gpt", "value": spoken(response)},
        ],
        **own_cells(replied.triplet),
        "verified": response.verdict.passed,
        "response_id": response.id,
        "response_model": response.model,
        "response_prompt_version": response.prompt_version,
        "response_tokens": response.completion_tokens,
        "response_approach": response.approach,
    }


FORMAT = Format(
    config="kodcode_sft",
    describe="Right answers in full, with KodCode-V1-SFT-R1's columns.",
    source="responses",
    schema=_schema,
    rows=_rows,
    aside=_wrong,
)
