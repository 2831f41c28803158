"""Takes the question out of what a model wrote: a small grammar of markers, then headings.

The prompts ask for `<analysis>…</analysis>` and `<question>…</question>`, or `<abstain>` where
the material is not enough. A marker may be bold, quoted as code or set as a heading. What is
tried, the most explicit first:

    question ::= <question> TEXT </question>
               | <question> TEXT END                 (not where the completion was cut off)
               | TEXT </question>                    (after the analysis, if there is one)
               | HEADING TEXT END                    ("## Question", "**Problem statement:**")
               | <analysis> … </analysis> TEXT END
               | TEXT END                            (only if `plain`, and like a task)

What surrounds a task where no marker tells its end is cut off: see `kodgen.parse.chatter`.
"""

import re
from dataclasses import dataclass

from kodgen.parse.chatter import is_refusal, looks_like_task, without_closing_words, without_rules
from kodgen.parse.reasoning import without_reasoning
from kodgen.parse.unparsed import Unparsed

_MARKER = re.compile(
    r"(?:^[ \t]*(?:#{1,6}[ \t]*)?(?P<quote>[*_`]{1,3})?)?"
    r"<(?P<closing>/?)[ \t]*(?P<name>analysis|question|abstain)[ \t]*/?>(?(quote)(?P=quote))",
    re.IGNORECASE | re.MULTILINE,
)
_LABEL = (
    r"(?:(?:(?:new|coding|assessment|programming)[ \t]+){0,3}question(?:[ \t]+\d+)?"
    r"|problem[ \t]+(?:statement|description))"
)
_HEADING = re.compile(
    rf"^[ \t]*(?:#{{1,6}}[ \t]*|\*\*)(?:{_LABEL}|problem|task)[ \t]*:?[ \t]*(?:\*\*)?:?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_LEADING_LABEL = re.compile(
    rf"\A(?P<level>#{{1,6}}[ \t]*)?[*_]{{0,2}}\[?{_LABEL}\]?[ \t]*[*_]{{0,2}}"
    r"(?P<title>[ \t]*[:.][*_]{0,2}+[ \t]*+(?=\S))?(?(title)|[ \t]*[:.]?[*_]{0,2}[ \t]*(?:\n+|\Z))",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(
    r"\A(?:(?:sure|certainly|of course)\b[^\n]*[:!.]"
    r"|(?:here (?:is|are)|here's|below is)\b[^\n]*\b(?:question|problem|task)\b[^\n]*:)[ \t]*\n+",
    re.IGNORECASE,
)
_WHOLE_FENCE = re.compile(r"\A```(?:text|markdown|md)?[ \t]*\n(?P<inside>.*)\n```\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ParsedQuestion:
    """The task statement alone, not empty."""

    text: str


def parse_question(
    text: str, finish_reason: str, *, plain: bool = False
) -> ParsedQuestion | Unparsed:
    """Find the question in a completion.

    Args:
        text: The completion.
        finish_reason: As the server said; `length` where it was cut off.
        plain: An answer without any marker or heading is the question as a whole, if it looks
            like a task.
    """
    text = without_reasoning(text.replace("\r\n", "\n"))
    body = _body(text, plain=plain)
    if isinstance(body, Unparsed):
        if body.reason == "abstained" or finish_reason != "length":
            return body
    elif body.closed or finish_reason != "length":
        return _question(body, text)
    return Unparsed("truncated", f"cut off at the token limit after {text.strip()[-60:]!r}")


@dataclass(frozen=True, slots=True)
class _Body:
    text: str
    closed: bool = False
    """Whether a marker shows that the question ends here."""
    plain: bool = False
    """Whether nothing but `plain` makes it a question."""


def _question(body: _Body, text: str) -> ParsedQuestion | Unparsed:
    question = _clean(body.text, closed=body.closed)
    if not body.closed and is_refusal(question):
        return Unparsed("refused", _shown(question))
    if body.plain and not looks_like_task(question):
        return Unparsed("no_question_marker", f"no <question>, and no task in {_shown(text)!r}")
    if not re.search(r"\w", question):
        return Unparsed("empty_question", f"nothing inside <question> in {_shown(text)!r}")
    return ParsedQuestion(question)


def _body(text: str, *, plain: bool) -> _Body | Unparsed:
    if not text.strip():
        return Unparsed("empty_completion", "the model wrote nothing")
    marks = list(_MARKER.finditer(text))
    opening = _last(_named(marks, "question"), text)
    if opening is not None:
        closing = _named(marks, "/question", opening.end())
        end = closing[0].start() if closing else None
        return _Body(text[opening.end() : end], end is not None)
    abstained = _last(_named(marks, "abstain"), text)
    if abstained is not None:
        return Unparsed("abstained", _shown(text[abstained.end() :]) or "no reason given")
    analysis = _last(_named(marks, "/analysis"), text)
    start = analysis.end() if analysis else 0
    return _unopened(text, start, marks) or (
        # An analysis that never ends holds no question, whatever the reader hopes for.
        _Body(text[start:], plain=not analysis)
        if analysis or (plain and not marks)
        else Unparsed("no_question_marker", f"no <question> in {_shown(text)!r}")
    )


def _unopened(text: str, start: int, marks: list[re.Match[str]]) -> _Body | None:
    """A question that only a closing marker or a heading tells."""
    closing = _named(marks, "/question", start)
    if closing:
        return _Body(text[start : closing[-1].start()], closed=True)
    heading = _HEADING.search(text, start)
    return _Body(text[heading.end() :]) if heading else None


def _named(marks: list[re.Match[str]], name: str, start: int = 0) -> list[re.Match[str]]:
    return [m for m in marks if m.start() >= start and m["closing"] + m["name"].lower() == name]


def _last(marks: list[re.Match[str]], text: str) -> re.Match[str] | None:
    """The last that begins a line; the last at all where they are only spoken of in passing."""
    leading = [m for m in marks if m.start() == 0 or text[m.start() - 1] == "\n"]
    return (leading or marks)[-1] if marks else None


def _clean(body: str, *, closed: bool) -> str:
    """The task alone: no fence around all of it, no label before it, no greeting, no farewell."""
    text = body.strip()
    if not closed:
        text = without_closing_words(text)
    text = without_rules(text)
    whole = _WHOLE_FENCE.match(text)
    if whole and whole["inside"].count("```") % 2 == 0:
        text = whole["inside"].strip()
    text = without_rules(_LEAD_IN.sub("", text))
    return _LEADING_LABEL.sub(_level, text).strip()


def _level(label: re.Match[str]) -> str:
    """A heading that says more than the label ("### Question: Tides") stays a heading."""
    return (label["level"] or "") if label["title"] else ""


def _shown(text: str) -> str:
    text = _MARKER.sub("", text).strip()
    return text if len(text) <= 160 else text[:160] + "…"
