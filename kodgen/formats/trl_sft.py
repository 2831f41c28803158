"""TRL's conversational SFT format: `messages` with role and content (TRL docs, dataset formats)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kodgen.formats.base import Format
from kodgen.records import Trial, Triplet

if TYPE_CHECKING:
    import pyarrow as pa


def _schema(_most_attempts: int) -> "pa.Schema":
    import pyarrow as pa

    message = pa.struct([("role", pa.string()), ("content", pa.string())])
    return pa.schema(
        [
            ("messages", pa.list_(message)),
            ("question_id", pa.string()),
            ("subset", pa.string()),
            ("style", pa.string()),
            ("difficulty", pa.string()),
        ]
    )


def _row(triplet: Triplet, _trials: Sequence[Trial], _most_attempts: int) -> dict[str, Any]:
    # A fence longer than any run of backticks in the code can't be closed by the code itself.
    fence = "```"
    while fence in triplet.solution:
        fence += "`"
    answer = f"{fence}python\n{triplet.solution}\n{fence}"
    return {
        "messages": [
            {"role": "user", "content": triplet.question},
            {"role": "assistant", "content": answer},
        ],
        "question_id": triplet.id,
        "subset": triplet.subset,
        "style": triplet.style,
        "difficulty": triplet.difficulty,
    }


FORMAT = Format(
    config="trl_sft",
    describe="The same rows as chats, for TRL's SFTTrainer.",
    schema=_schema,
    row=_row,
)
