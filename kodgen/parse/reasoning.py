"""Drops the reasoning that a model wrote before its answer.

Some chat templates end in `<think>`, so that a completion begins inside the reasoning and holds
the closing tag alone.
"""

import re

from kodgen.parse.fences import fenced_blocks, is_inside
from kodgen.parse.python import is_python

_OPENED = re.compile(r"\A\s*<(?P<tag>think|thinking)>", re.IGNORECASE)
_OPENING = re.compile(r"<(?:think|thinking)>", re.IGNORECASE)
_UNOPENED = re.compile(
    r"^[ \t]*</(?:think|thinking)>|</(?:think|thinking)>[ \t]*$", re.IGNORECASE | re.MULTILINE
)
_SECTION = re.compile(r"^[ \t]*<(?P<name>solution|tests?|question)>", re.IGNORECASE | re.MULTILINE)


def without_reasoning(text: str) -> str:
    """The answer alone, empty where the reasoning never ends.

    Reasoning either begins the text with its tag, or ends with a closing tag that nothing opened,
    at the begin or end of a line. A tag inside fenced code or an open section is part of that.
    """
    opened = _OPENED.match(text)
    if not opened:
        return text[_end_of_unopened(text) :]
    closings = [m.span() for m in re.finditer(rf"</{opened['tag']}>", text, re.IGNORECASE)]
    if not closings:
        return ""
    code = _code_spans(text)
    _, end = next((span for span in closings if not is_inside(code, *span)), closings[0])
    return text[end:]


def _end_of_unopened(text: str) -> int:
    """Where reasoning ends that began in the prompt; 0 where there is none."""
    closing = _UNOPENED.search(text)
    if not closing or _OPENING.search(text, 0, closing.start()):
        return 0
    if is_inside(_code_spans(text), *closing.span()) or _in_section(text, closing.start()):
        return 0
    return closing.end()


def _code_spans(text: str) -> list[tuple[int, int]]:
    """Fenced blocks; one that reads as no Python may be a draft that was broken off."""
    return [
        (block.start, block.end)
        for block in fenced_blocks(text)
        if (is_python(block.code) if block.is_python else block.closed)
    ]


def _in_section(text: str, offset: int) -> bool:
    """Whether the last section opened before an offset is closed only behind it."""
    sections = list(_SECTION.finditer(text, 0, offset))
    if not sections:
        return False
    mark = re.compile(rf"<(?P<closing>/?){sections[-1]['name']}>", re.IGNORECASE)
    if any(m["closing"] for m in mark.finditer(text, sections[-1].end(), offset)):
        return False
    following = mark.search(text, offset)
    return following is not None and bool(following["closing"])
