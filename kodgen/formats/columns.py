"""Columns that many formats have: chats, and where a row comes from."""

from typing import TYPE_CHECKING, Any

from kodgen.formats.base import Row
from kodgen.records import Pair, Response, Style, Triplet

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIXES: dict[Style, str] = {"instruct": "_I", "complete": "_C"}
"""KodCode's, by which its `question_id` tells the two styles of one question apart."""


def row_id(row: Triplet | Response | Pair) -> str:
    """KodCode's `question_id`: the question's own id with the style's suffix."""
    return row.question_id + SUFFIXES[row.style]


def message() -> "pa.DataType":
    """One message of a chat."""
    import pyarrow as pa

    return pa.struct([("role", pa.string()), ("content", pa.string())])


def messages() -> "pa.DataType":
    """A chat."""
    import pyarrow as pa

    return pa.list_(message())


def said(role: str, content: str) -> dict[str, str]:
    """A message."""
    return {"role": role, "content": content}


def schema_of(*own: tuple[str, Any]) -> "pa.Schema":
    """A schema of a format's own columns and those that say where a row comes from."""
    import pyarrow as pa

    string = pa.string()
    return pa.schema(
        [
            *own,
            ("question_id", string),
            ("subset", string),
            ("style", string),
            ("difficulty", string),
            ("license", pa.list_(string)),
        ]
    )


def lineage(row: Triplet | Pair) -> Row:
    """Those columns of a row."""
    return {
        "question_id": row_id(row),
        "subset": row.subset,
        "style": row.style,
        "difficulty": row.difficulty,
        "license": list(row.licenses),
    }
