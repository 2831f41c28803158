"""The ways in which models lay out a solution and its tests, each read into candidates."""

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from kodgen.parse.fences import Block, fenced_blocks, is_inside, lines_with, python_blocks
from kodgen.parse.python import GOOD, as_python, is_python, rank, tidy

Key = Literal["solution", "test"]

_MARKER = re.compile(
    r"(?P<line>^[ \t>#]*(?P<quote>[*_`\"']{1,3})?)?"
    r"(?:<(?P<slash>/?)(?P<name>solution|tests?)(?:[ \t]+[\w-]+=[^<>\n]*)?>"
    r"|<\|[ \t]*(?P<bar>solution|tests?)[ \t]+(?P<edge>begin|end)[ \t]*\|>)"
    r"(?(quote)(?:(?P=quote))?)(?P<last>(?=[ \t]*$))?",
    re.IGNORECASE | re.MULTILINE,
)
_MARKER_BEGINS = re.compile("<")
_HEADING = re.compile(
    r"^[ \t]*(?:[-*+][ \t]+)?(?:#{1,6}[ \t]*)?(?:\*\*)?(?:\d+[.)][ \t]*)?(?:\*\*)?`?"
    r"(?:python |unit |pytest )?(?P<name>solution|tests?|test_solution)(?:\.py)?"
    r"(?: code| file| cases)?`?[ \t]*:?[ \t]*(?:\*\*)?:?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_TITLE = re.compile(rf"^[ \t]*(?P<level>#{{1,6}})[ \t][^\n]*$|{_HEADING.pattern}", _HEADING.flags)
"""Any heading, so that a section ends where another topic begins."""

_TRIES = 12
"""Markers looked at as the end of one section: a bound on time, real answers hold four."""

_TEST_CODE = re.compile(r"^\s*(async\s+)?def\s+test|^\s*class\s+Test", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that may be the solution or the tests. Of equally good ones the last is meant."""

    key: Key
    code: str


@dataclass(frozen=True, slots=True)
class _Mark:
    key: Key
    closing: bool
    placed: bool
    """Whether it stands where markers do: openings begin a line, closings begin or end one."""
    start: int
    end: int


def tagged_outside_fences(text: str) -> list[Candidate]:
    """Sections between markers, where no marker counts that stands inside fenced code."""
    spans = [(block.start, block.end) for block in fenced_blocks(text)]
    marks = [m for m in _marks(text) if not is_inside(spans, m.start, m.start + 1)]
    return _sections(text, marks)


def tagged(text: str) -> list[Candidate]:
    """Sections between markers: `<tests>…</tests>` or `<|Test Begin|>…<|Test End|>`."""
    return _sections(text, _marks(text))


def headed(text: str) -> list[Candidate]:
    """Fenced code below headings: `## Solution`, `**Tests:**`, `test_solution.py`."""
    blocks = fenced_blocks(text)
    spans = [(block.start, block.end) for block in blocks]
    titles = [
        title
        for title in _TITLE.finditer(text)
        if not is_inside(spans, title.start(), title.start() + 1)
    ]
    found = []
    for number, title in enumerate(titles):
        heading = _HEADING.match(title[0])
        if not heading:
            continue
        following = (titles[later] for later in range(number + 1, len(titles)))
        end = next((t.start() for t in following if _ends_section(t, title)), len(text))
        first, last = (bisect_left(blocks, at, key=_start) for at in (title.end(), end))
        codes = [b.code for b in blocks[first:last] if b.is_python and b.code]
        if codes:
            key: Key = "solution" if heading["name"].lower() == "solution" else "test"
            found.append(Candidate(key, _joined(codes)))
    return found[::-1]  # what is headed so later is often an example of its use


def _start(block: Block) -> int:
    return block.start


def _ends_section(later: re.Match[str], title: re.Match[str]) -> bool:
    """Whether a title ends the section of an earlier one, not being of a lower level."""
    if _HEADING.match(later[0]):
        return True
    return bool(later["level"]) and len(later["level"]) <= len(title["level"] or "######")


def bare_blocks(text: str) -> list[Candidate]:
    """Fenced blocks alone: the first that holds tests, and the longest that does not."""
    codes = [block.code for block in python_blocks(text)]
    tests = [code for code in codes if _TEST_CODE.search(code)]
    others = [code for code in codes if code not in tests and re.search(r"def |class ", code)]
    others.sort(key=len, reverse=True)
    found = [Candidate("solution", code) for code in others]
    found += (Candidate("test", code) for code in tests)
    return found[::-1]


Layout = Callable[[str], list[Candidate]]

LAYOUTS: tuple[Layout, ...] = (tagged_outside_fences, headed, bare_blocks, tagged)
"""The most explicit first; markers inside a fence come last, since most are part of the code."""


def ends_inside_code(text: str) -> bool:
    """Whether a fence, or where there is none a marker, is left open at the end."""
    blocks = fenced_blocks(text)
    if blocks:
        return not blocks[-1].closed
    tests = [mark for mark in _marks(text) if mark.key == "test"]
    return sum(not mark.closing for mark in tests) > sum(mark.closing for mark in tests)


def _marks(text: str) -> list[_Mark]:
    found = []
    lines = lines_with(_MARKER_BEGINS, text)
    for m in (m for line in lines for m in _MARKER.finditer(text, *line)):
        name, edge = m["name"] or m["bar"], m["edge"]
        closing = bool(m["slash"]) if edge is None else edge.lower() == "end"
        begins_line = m["line"] is not None
        behind_fence = text.endswith(("```", "~~~"), 0, m.start())
        placed = begins_line or (closing and (m["last"] is not None or behind_fence))
        if placed or closing:
            key: Key = "solution" if name.lower() == "solution" else "test"
            found.append(_Mark(key, closing, placed, m.start(), m.end()))
    return found


def _sections(text: str, marks: list[_Mark]) -> list[Candidate]:
    found = []
    limits: dict[Key, int] = {}
    for number in reversed(range(len(marks))):
        opening = marks[number]
        if opening.closing:
            continue
        limit = limits.get(opening.key, len(text))
        limits[opening.key] = opening.start
        code = _section(text, opening, marks[number + 1 : number + 1 + _TRIES], limit)
        if code:
            found.append(Candidate(opening.key, code))
    return found[::-1]


def _section(text: str, opening: _Mark, following: list[_Mark], limit: int) -> str:
    """The code behind an opening marker, up to the first marker that leaves Python.

    Where none does, a closing marker is trusted before the next opening one. Without any, the
    section runs to the limit: the next opening marker of its own kind, or the end of the text.
    """
    marks = [m for m in following if m.start < limit and (not m.closing or m.key == opening.key)]
    placed = [m for m in marks if m.placed]
    ends = [m.start for m in (*placed, *(m for m in marks if not m.placed))] + [limit]
    first = _code_of(text[opening.end : ends[0]])
    if not first or rank(first, tests=opening.key == "test") >= GOOD:
        return first
    codes = [first, *(_code_of(text[opening.end : end]) for end in ends[1:])]
    # Going on is right only where the marker stood inside the code: it then begins the same.
    longer = [code for code in codes if code.startswith(codes[0])]
    good = (code for code in longer if rank(code, tests=opening.key == "test") >= GOOD)
    closed = (code for code, mark in zip(codes, placed, strict=False) if mark.closing)
    return next(good, None) or next(closed, None) or codes[0]


def _code_of(section: str) -> str:
    """The code of one section: its fenced blocks, or all of it where nothing is fenced."""
    plain = as_python(section)
    if fenced_blocks(section) and not is_python(plain):  # fences may stand in a docstring
        return _joined([block.code for block in python_blocks(section) if block.code])
    return plain


def _joined(codes: list[str]) -> str:
    """A module told in pieces reads as one; where the pieces don't fit, the longest is it."""
    whole = "\n\n".join(tidy(code) for code in codes)
    if is_python(whole) or not codes:
        return whole
    return max(codes, key=len)
