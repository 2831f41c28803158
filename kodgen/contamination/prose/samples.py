"""Takes samples out of a task's statement: doctests, inputs and outputs, calls with results."""

import re
from collections.abc import Iterable

from kodgen.contamination.prose.remarks import HEAD, SENTENCE, words

_DOCTEST = re.compile(r"\s*(?:>>>|In \[\d+\]:)")
_CONTINUED = re.compile(r"\s*\.\.\.(?:\s|$)")
_EDGE = r"[\s*_=\-#:.\d()>&;]*"
_BEHIND = r"[\s*_=\-#:]*"
_SAMPLES = re.compile(
    rf"{_EDGE}(?:sample(?:s| (?:input|output|test|case)s?)?(?: ?/ ?output)?|examples?(?=\W*\d)"
    rf"|examples?(?=[-=]{{3,}})|(?:input|output)s? (?:for|of) the (?:sample|example)\w*"
    rf"|example (?:input|output)s?|test cases?){_EDGE}$",
    re.IGNORECASE,
)
"""Opens samples that go on until another heading, their explanations included."""
_EXAMPLES = re.compile(
    rf"{_EDGE}(?:(?:here (?:is|are) (?:an?|some|a few) )|for |some |usage |more |illustrative )*"
    rf"(?:examples?|illustrations?|instance|e\.g)(?: (?:usages?|cases?|calls?))?[\s,]*{_EDGE}$",
    re.IGNORECASE,
)
"""Opens examples that go on until a sentence."""
_HEADING = re.compile(
    rf"{_EDGE}(?:constraints?|inputs?|outputs?|input format|output format|args?|arguments?"
    r"|param(?:eter)?s?"
    r"|returns?|raises?|requirements?|description|task|problem(?: statement)?|follow[- ]?up"
    rf"|scoring|limits?|subtasks?|partial score|your task|hints?|notes?(?= ?:)){_BEHIND}$",
    re.IGNORECASE,
)
_IN_OR_OUT = re.compile(rf"{_EDGE}(?:input|output)s?{_EDGE}$", re.IGNORECASE)
_EXPLAINED = re.compile(rf"{_EDGE}explanation\b", re.IGNORECASE)
_CALL = re.compile(
    r"\s*(?:[-*+]\s+|\d+[.)]\s+)?(?:for |assert |print ?|if |#+ |`+)*!?(?:\w+\.)?\w+!?\s?"
    r"\((?=\(*[^()\n=]{0,400}[\d\"'\[{]|\(*\)|(?:True|False|None)\b).*\)+`*\s*"
    r"(?:={1,2}>|==?|-+>|➞|→|⇒|➡|(?:returns?|should|gives?|is|must|would|yields?)\b|#|//|;?$)"
)
"""A call with values, and what comes of it; one with names alone is a definition."""
_ASSERT = re.compile(r"\s*assert\b[^\n]*\(")
_LITERAL = re.compile(r"[\[\](){}\"'=<>0-9→➞⇒]")
_VALUES = re.compile(
    r"\"[^\"\n]*\"|'[^'\n]*'|\b\w+\s*(?:=(?!=)|:(?=\s*[\[\"'0-9-]))|\b(?:None|True|False|true|false"
    r"|null|nil|input|output|result|returns?|expected|and|explanation)\b|\b\w*\d\w*",
    re.IGNORECASE,
)
_INPUT = re.compile(
    r"\s*(?:[-*+>]\s+)?[*_`]*(?:input|output|explanation|result)s?[*_`]*\s*[:=]", re.IGNORECASE
)
_SHOWN = re.compile(
    r"\b(?:outputs?|returns?|results?|input|answer|explanation|should be|gives?)\b", re.IGNORECASE
)


def without_samples(lines: Iterable[str]) -> list[str]:
    """The lines that state the task; a blank line stands for what was taken out."""
    kept: list[str] = []
    after_doctest = 0
    section = ""
    for whole in lines:
        line = whole[:HEAD]
        stripped = line.strip()
        if not stripped:
            after_doctest = 0
            section = "" if section == "explanation" else section
            kept.append("")
            continue
        if _DOCTEST.match(line):
            after_doctest = 1
            section = "" if section == "explanation" else section
            _drop_lead(kept)
            continue
        if after_doctest:
            result = after_doctest == 1 or not _is_sentence(line)
            after_doctest += not _CONTINUED.match(line)
            if result:
                continue
        section = _section(section, line, stripped)
        if section or _is_sample(line):
            _drop_lead(kept)
            continue
        kept.append("" if _HEADING.fullmatch(stripped) else whole)
    return kept


def _section(section: str, line: str, stripped: str) -> str:
    """Which samples a line belongs to, if any: `samples`, `examples`, `explanation`."""
    if _SAMPLES.fullmatch(stripped):
        return "samples"
    if _EXAMPLES.fullmatch(stripped):
        return section or "examples"
    if _IN_OR_OUT.fullmatch(stripped):
        # Below `Examples` these are a sample's; elsewhere they say what comes in and goes out.
        return "samples" if section else ""
    if _EXPLAINED.match(line):
        return section or "explanation"
    over = section == "examples" and _is_sentence(line) and not _shows_values(line)
    return "" if over or _HEADING.fullmatch(stripped) else section


def _drop_lead(kept: list[str]) -> None:
    """Take away a short line that only leads to the sample after it."""
    if kept and kept[-1].rstrip().endswith(":") and words(kept[-1]) <= SENTENCE:
        kept[-1] = ""
    elif kept and kept[-1]:
        kept.append("")


def _is_sample(line: str) -> bool:
    if _CALL.match(line) or _ASSERT.match(line):
        return True
    if not _LITERAL.search(line):
        return False
    left = words(_VALUES.sub(" ", line))
    if _INPUT.match(line) and left < SENTENCE:
        return True
    # Values, and hardly a word beside them.
    return left < 2 and not line.rstrip().endswith((".", ","))


def _is_sentence(line: str) -> bool:
    return words(_VALUES.sub(" ", line)) >= SENTENCE and not _CALL.match(line)


def _shows_values(line: str) -> bool:
    return bool(_INPUT.match(line)) or bool(_LITERAL.search(line) and _SHOWN.search(line))
