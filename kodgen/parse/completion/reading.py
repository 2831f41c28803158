"""Takes a completion task's code out of what a model wrote, however it is laid out.

Our prompt asks for `<completion>` around a fenced block. KodCode's asks for the markers
`<|Completion Begin|>` and `<|Completion End|>` (arXiv 2503.02951), and its models answer with
both, with one of them and a fence, with a fence alone, or with neither.
"""

import re
from collections.abc import Iterator

from kodgen.parse.completion.fault import Fault
from kodgen.parse.completion.filling import filled
from kodgen.parse.fences import python_blocks
from kodgen.parse.python import GOOD, as_python, rank
from kodgen.parse.reasoning import without_reasoning

_MARKER = re.compile(
    r"^[ \t>#*`]{0,8}<\|?[ \t]{0,3}(?P<slash>/)?[ \t]{0,3}completion(?:[ _-]task)?"
    r"(?:[ \t_-]{1,3}(?P<side>begin|start|end))?[ \t]{0,3}\|?>[ \t*`]{0,8}$",
    re.IGNORECASE | re.MULTILINE,
)
"""Alone on its line: a docstring may speak of such a tag inside one."""


def read_skeleton(text: str, finish_reason: str) -> str | Fault:
    """The code of a completion task, made to parse where only bodies are missing.

    Of several candidates the last that defines something is meant: what stands before it may be
    the task or the solution, repeated.
    """
    text = without_reasoning(text.replace("\r\n", "\n"))
    if not text.strip():
        return Fault("unparsed_completion", "the answer is empty")
    marks = list(_MARKER.finditer(text))
    shut = any(_is_end(mark) for mark in marks)
    blocks = python_blocks(text)
    if finish_reason == "length" and not shut and not (blocks and blocks[-1].closed):
        return Fault("unparsed_completion", "the answer is cut off at its token limit")
    for candidate in _candidates(text, marks):
        code = filled(as_python(candidate))
        if code is not None and rank(code, tests=False) > GOOD:
            return code
    return Fault("unparsed_completion", "nothing in the answer is Python that defines anything")


def _candidates(text: str, marks: list[re.Match[str]]) -> Iterator[str]:
    """Texts that may be the code, the most explicit first."""
    for number in range(len(marks) - 1, -1, -1):
        if not _is_end(marks[number]):
            end = marks[number + 1].start() if number + 1 < len(marks) else len(text)
            section = text[marks[number].end() : end]
            yield from (block.code for block in reversed(python_blocks(section)))
            yield section
    yield from (block.code for block in reversed(python_blocks(text)))
    yield text if not marks else text[: marks[0].start()]


def _is_end(mark: re.Match[str]) -> bool:
    return bool(mark["slash"]) or (mark["side"] or "").lower() == "end"
