"""Reads an answer in full: its reasoning apart, and the one module of code that it means."""

import re

from kodgen.parse.fences import fenced_blocks
from kodgen.parse.python import GOOD, rank
from kodgen.parse.reasoning import without_reasoning
from kodgen.parse.response.asked import Asked
from kodgen.parse.response.assembly import Assembled, assemble
from kodgen.parse.response.continued import continued, given_parts
from kodgen.parse.response.demo import without_demo
from kodgen.parse.response.naming import with_asked_name
from kodgen.parse.response.pieces import (
    Piece,
    fenced_pieces,
    loose_pieces,
    piece_of,
    tagged_pieces,
)
from kodgen.parse.unparsed import Unparsed

_TAG = re.compile(r"\A\s*<(?:think|thinking)>|</(?:think|thinking)>\s*\Z", re.IGNORECASE)
_LAYOUTS = (fenced_pieces, tagged_pieces, loose_pieces)
"""The most explicit first."""


def split_reasoning(text: str, reasoning: str | None) -> tuple[str | None, str]:
    """Reasoning and answer of a completion, both without white space around them.

    Args:
        text: The completion.
        reasoning: What the server kept apart; `<think>` in the text is looked for if it did not.

    Returns:
        None for the reasoning where there is none.
    """
    text = text.replace("\r\n", "\n")
    if reasoning is not None and reasoning.strip():
        return reasoning.strip(), text.strip()
    answer = without_reasoning(text)
    thought = _TAG.sub("", text[: len(text) - len(answer)])
    return _TAG.sub("", thought).strip() or None, answer.strip()


def parse_response(answer: str, asked: Asked, finish_reason: str) -> str | Unparsed:
    """The code of an answer, without the demonstration it may end in.

    Reasons: `truncated` where the completion was cut off at its token limit, be the code whole or
    not; `empty_completion`; `no_solution_found`.

    Args:
        answer: What follows the reasoning.
        asked: What the tests need, and what a completion task gives.
        finish_reason: As the server said; `length` where it was cut off.
    """
    if finish_reason == "length":
        return Unparsed("truncated")
    if not answer.strip():
        return Unparsed("empty_completion")
    found = _assembled(answer, asked)
    if found is None or (not found.covered and asked.names):
        code = continued(answer, asked) or (found.code if found else _nearest(answer))
    else:
        code = found.code
    if not code:
        return Unparsed("no_solution_found")
    return with_asked_name(without_demo(code, asked.names), asked.names, asked.question)


def _assembled(answer: str, asked: Asked) -> Assembled | None:
    """What the first layout that has all that is asked for makes up, or the most of any."""
    given = piece_of(given_parts(asked))
    best: Assembled | None = None
    for layout in _LAYOUTS:
        found = assemble(_with_given(layout(answer), given), asked.names)
        if found and (best is None or found.covered > best.covered):
            best = found
        if best and best.covered == len(asked.names):
            break
    return best


def _with_given(pieces: list[Piece], given: Piece | None) -> list[Piece]:
    return [given, *pieces] if given and pieces else pieces


def _nearest(answer: str) -> str | None:
    """Code that defines nothing asked for, or is broken: for the sandbox to say what is wrong."""
    codes = [block.code for block in fenced_blocks(answer) if block.is_python]
    codes += [piece.code for piece in [*tagged_pieces(answer), *loose_pieces(answer)]]
    ranked = [(rank(code, tests=False), code) for code in codes]
    good = [code for value, code in ranked if value >= GOOD]
    broken = [code for value, code in ranked if value and re.search(r"^\s*(?:def|class) ", code)]
    candidates = good or broken
    return max(candidates, key=len) if candidates else None
