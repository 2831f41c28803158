"""What a reader of sources finds: texts to make seeds of, and places where it found none."""

from dataclasses import dataclass
from typing import Literal

BrokenReason = Literal[
    "broken_line", "missing_text", "empty_text", "undecodable", "unreadable", "duplicate_seed"
]

RAW_EXCERPT = 2000
"""Characters kept of a line that could not be read: enough to recognise it by."""


@dataclass(frozen=True, slots=True)
class Found:
    """A text that can become a seed."""

    place: str
    """Where in the source: `line 12`, `row 3`, or a file's path below the folder."""
    origin: str
    """The same for the record: file and line, or the row's own id."""
    text: str
    license: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A place of the source that gives no seed, and why."""

    place: str
    reason: BrokenReason
    detail: str
    """What is wrong there and what to do about it, as a sentence without the file's name."""
    raw: str
    """The row as JSON, or the raw line where it was not a row."""


def printable(text: str) -> str:
    r"""Text that any file can hold: lone surrogates written out as `\udXXX`."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def excerpt(raw: bytes | str) -> str:
    r"""The beginning of a raw line, bytes that are not UTF-8 written out as `\xNN`."""
    text = raw.decode("utf-8", "backslashreplace") if isinstance(raw, bytes) else printable(raw)
    text = text.rstrip("\r\n")
    return text if len(text) <= RAW_EXCERPT else text[:RAW_EXCERPT] + "…"
