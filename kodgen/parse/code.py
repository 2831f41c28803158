"""Takes solution and tests out of what a model wrote, however it laid them out.

The prompt asks for `<solution>` and `<tests>` sections with fenced code. Real models also answer
with other markers, with Markdown headings, with no fences, or with bare fenced blocks; each of
these layouts is tried in turn, the most explicit first.
"""

import ast
import re
from dataclasses import dataclass

_THINKING = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_FENCE = re.compile(
    r"^[ \t]*(?:`{3,}[ \t]*(?P<language>[\w+-]*)[^\n]*|`{1,2}(?P<short>py|python|python3)[ \t]*)\n"
    r"(?P<code>.*?)^[ \t]*`{3,}",
    re.DOTALL | re.MULTILINE,
)
_OPEN_FENCE = re.compile(r"^[ \t]*`{3,}[ \t]*[\w+-]*[ \t]*$", re.MULTILINE)
_NAMES = {"solution": "solution", "tests?": "test"}
_TEST_CODE = re.compile(r"^\s*(async\s+)?def\s+test|^\s*class\s+Test", re.MULTILINE)
_PYTHON = frozenset({"", "py", "python", "python3"})


@dataclass(frozen=True, slots=True)
class Code:
    """Solution and test source, both non-empty."""

    solution: str
    test: str


@dataclass(frozen=True, slots=True)
class Unparsed:
    """Why nothing could be taken out, as a reason code."""

    reason: str


def parse_code(text: str, finish_reason: str) -> Code | Unparsed:
    """Find solution and tests in a completion.

    Reasons: `empty_completion`, `no_solution_found`, `no_tests_found`, and `truncated` in place of
    the last two where the completion was cut off at its token limit, or where it was cut off
    inside the code, so that tests may be missing though what is there reads as Python.
    """
    text = _THINKING.sub("", text.replace("\r\n", "\n"))
    if not text.strip():
        return Unparsed("truncated" if finish_reason == "length" else "empty_completion")
    found = _tagged(text)
    if len(found) < len(_NAMES):
        found = _headed(text) | found
    if len(found) < len(_NAMES):
        found = _bare_blocks(text) | found
    if found.get("solution") and found.get("test"):
        if finish_reason == "length" and _ends_inside_code(text):
            return Unparsed("truncated")
        return Code(found["solution"], found["test"])
    if finish_reason == "length":
        return Unparsed("truncated")
    return Unparsed("no_tests_found" if found.get("solution") else "no_solution_found")


def _tagged(text: str) -> dict[str, str]:
    """Sections between markers: `<tests>…</tests>` or `<|Test Begin|>…<|Test End|>`."""
    found = {}
    for name, key in _NAMES.items():
        for opening, closing in (
            (rf"<{name}>", rf"</{name}>"),
            (rf"<\|\s*{name}\s+begin\s*\|>", rf"<\|\s*{name}\s+end\s*\|>"),
        ):
            # A missing closing marker is forgiven where the next section or the end follows.
            section = re.search(
                rf"{opening}(.*?)(?:{closing}|(?=<\|?\s*(?:solution|tests?)(?:\s+begin\s*\|)?>)|\Z)",
                text,
                re.DOTALL | re.IGNORECASE,
            )
            if section and (code := _code_of(section[1])):
                found[key] = code
                break
    return found


def _headed(text: str) -> dict[str, str]:
    """Sections below headings: `## Solution`, `**Tests:**`, `Unit tests:`."""
    heading = re.compile(
        r"^[ \t]*(?:#{1,6}[ \t]*|\*\*)?(?:\d+\.[ \t]*)?(?:python |unit |pytest )?"
        r"(?P<name>solution|tests?)(?: code| file| cases)?[ \t]*:?[ \t]*(?:\*\*)?:?[ \t]*$",
        re.IGNORECASE | re.MULTILINE,
    )
    marks = list(heading.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    found: dict[str, str] = {}
    for mark, end in zip(marks, ends, strict=False):
        key = "solution" if mark["name"].lower() == "solution" else "test"
        section = text[mark.end() : end]
        # Below a mere heading only fenced code is code: the rest is prose.
        if _FENCE.search(section) and (code := _code_of(section)):
            found.setdefault(key, code)
    return found


def _bare_blocks(text: str) -> dict[str, str]:
    """Fenced blocks alone: the first that holds tests, and the longest that does not."""
    blocks = [m["code"] for m in _FENCE.finditer(text) if (m["language"] or "").lower() in _PYTHON]
    tests = [block for block in blocks if _TEST_CODE.search(block)]
    others = [block for block in blocks if not _TEST_CODE.search(block) and "def " in block]
    found = {}
    if others:
        found["solution"] = _tidy(max(others, key=len))
    if tests:
        found["test"] = _tidy(tests[0])
    return found


def _code_of(section: str) -> str:
    """The code of one section: its fenced blocks, or all of it where nothing is fenced."""
    blocks = [
        m["code"] for m in _FENCE.finditer(section) if (m["language"] or "").lower() in _PYTHON
    ]
    if blocks:
        # A module told in pieces reads as one; where the pieces don't fit, the longest is it.
        whole = "\n\n".join(_tidy(block) for block in blocks)
        return whole if _is_python(whole) else _tidy(max(blocks, key=len))
    opening = _OPEN_FENCE.search(section)  # fence never closed: the code runs to the section's end
    return _tidy(section[opening.end() :] if opening else section)


def _ends_inside_code(text: str) -> bool:
    fences = re.findall(r"^[ \t]*`{3,}", text, re.MULTILINE)
    if fences:
        return len(fences) % 2 == 1
    opened = re.findall(r"<tests?>|<\|\s*tests?\s+begin\s*\|>", text, re.IGNORECASE)
    closed = re.findall(r"</tests?>|<\|\s*tests?\s+end\s*\|>", text, re.IGNORECASE)
    return len(opened) > len(closed)


def _is_python(code: str) -> bool:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _tidy(code: str) -> str:
    return code.strip("\n").rstrip()
