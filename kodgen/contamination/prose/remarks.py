"""What a mixture of text and code says in words: its text, its docstrings, its comments."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

Kind = Literal["text", "doc", "body"]
"""Plain text or a heading; a docstring or a comment outside of functions; one inside of one."""

_FENCE = re.compile(r"\s*(?:`{3,}|~{3,})")
_QUOTES = re.compile(r"\s*(?:@\w*doc\s+)?[rRuUbBfF]{0,2}(?P<mark>\"\"\"|''')")
_PREAMBLE = re.compile(r"\s*(?:#|import\b|from\b|using\b|use\b|package\b|open\b|.*\bclass\b)")
"""What stands before a definition, and so before what is said of it."""
_ASSIGNED_QUOTES = re.compile(r"[^\"'#]*=\s*[rRuUbBfF]{0,2}(?P<mark>\"\"\"|''')")
_BLOCK = re.compile(r"\s*(?P<mark>/\*+!?|\(\*+(?=\s|$)|\{-(?=\s|\|))")
_BLOCK_ENDS = {"/": "*/", "(": "*)", "{": "-}"}
_COMMENT = re.compile(
    r"\s*(?:///?!?|\#(?!\s*(?:include|define|pragma|ifn?def|endif|undef)\b|!|\[|lang\b)\#*'?"
    r"|--+(?=\s|$)|;{1,3}(?=\s|$)|%+(?=\s|$))(?!=)(?P<said>.*)"
)
_MARKDOWN_HEADING = re.compile(r" {0,3}#{2,6}[ \t]")
"""Of the second level and below: a single sign is more often a comment's."""
_DEFINITION = re.compile(r"\s*(?:(?:async\s+)?def\s+\w+\s*[(\[]|class\s+\w+\s*(?:[(:]|$))")
_TYPE = (
    r"(?:int|long|short|void|bool|boolean|char|float|double|unsigned|signed|auto|size_t|string"
    r"|String|std::[\w:]+|vector|List|Integer|Optional|Tuple|ArrayList|HashMap)\b"
)
_CODE = re.compile(
    r"\s*(?:"
    r"import\s+(?:static\s+)?[\w.]+(?:\.\*)?(?:\s+as\s+\w+)?(?:\s*,\s*[\w.]+(?:\s+as\s+\w+)?)*\s*;?\s*$"
    r"|import\s+(?:\*\s+as\s+\w+|\{[^{}]*\}|\w+)\s+from\s+[\"']"
    r"|from\s+[\w.]+\s+import\b"
    r"|\#\s*(?:include|define|pragma|ifn?def|endif|undef|lang|!)|\#\[|<\?php"
    r"|using\s+[\w.: =]+;|use\s+[\w:{}, *]+;|package\s+[\w.]+;?\s*$|open\s+[A-Z]\w*\s*$"
    r"|(?:pub(?:\([a-z]+\))?\s+)?(?:unsafe\s+)?(?:fn|struct|enum|impl|trait|mod)\s+\w+.*[({;,<]\s*$"
    r"|(?:pub\s+)?fn\s+\w+\s*[(<]|func\s+\w+\s*[(\[]|(?:local\s+)?function\b\s*\w*\s*\("
    r"|(?:public|private|protected|static|export|extern|inline|template|abstract|final)\b.*[({;,>]"
    r"|(?:const|let|var|val)\s+(?:mut\s+)?\w+\s*[:=]|let\s+(?:rec\s+)?\w+\s.*=\s*$"
    r"|(?:object|interface|struct|namespace|sub|module|class)\s+\w+.*\{\s*$"
    r"|\w+\s*<-\s*function\b|\(define\b|\w+\s*::\s*[\w\[(]"
    r"|@\w[\w.]*(?:\(.*\))?\s*$"
    r"|for\s+\w+(?:\s*,\s*\w+)*\s+in\s.*:\s*$|(?:if|elif|while)\s.*[=<>!()\[\]].*:\s*$"
    r"|(?:if|for|while|switch|catch)\s*\(.*\)?\s*\{?\s*$|(?:else|try|finally)\s*[:{]"
    r"|return\s+[^.]*;\s*$|(?:print|printf|console\.log|println!|System\.out\.\w+)\s*\("
    r"|(?:assert|raise|throw|yield)\s+[\w.]+\s*[(\[=]|(?:pass|assert)\s*$"
    rf"|{_TYPE}[\w:<>,*&\[\]\s]*?[\s*&>]\w+\s*\(|{_TYPE}[^.]*;\s*$"
    r"|[\w.\[\]]+(?:\s*:\s*[\w\[\], .]+)?\s*[-+*/%|&]?=(?![=>])\s*\S"
    r"|[\s{}()\[\];,]+$"
    r")"
)
_FREE_WORD = re.compile(r"(?<![\w.(\[\"'])[^\W\d_]{2,}(?=[\s,.;:?!]|$)")
"""A word that stands alone, as few do in a statement of code."""
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|')+")
_PRAGMA = re.compile(
    r"[\s*]*(?:-\*-|!|type:|noqa|pylint|todo\b|fixme\b|(?:write|add|put|insert|enter|fill in)?"
    r"\s*(?:your|the|you)\s+(?:code|solution|implementation|answer)\b.{0,40}$|\.\.\.\s*$"
    r"|implement\s+(?:here|me|this)\b.{0,20}$)",
    re.IGNORECASE,
)
HEAD = 1000
"""Characters of a line by which it is told what it is: a bound on time for lines of megabytes."""
SENTENCE = 4
"""Words from which on a line can be a sentence."""


@dataclass(slots=True)
class _Scan:
    """Where in the code a line stands."""

    fenced: bool = False
    closing: str | None = None
    """What ends the docstring or comment begun on an earlier line."""
    silent: bool = False
    """Whether what it holds is a value and no docstring."""
    indent: int | None = None
    """Of the innermost Python definition that a line may belong to."""
    parens: int = 0
    """Open ones of a signature over several lines."""
    braces: list[bool] = field(default_factory=list)
    """For each block open: whether it is a function's or a statement's."""
    worked: bool = False
    """Whether code of the fence did something already; what is said behind it is of its steps."""

    @property
    def comment_kind(self) -> Kind:
        if self.indent is not None or any(self.braces) or self.worked:
            return "body"
        return "doc"


def words(line: str) -> int:
    """Number of words of two letters and more."""
    return len(_WORD.findall(line))


def has_words(text: str, least: int) -> bool:
    """Whether a text has at least so many words, read no further than needed."""
    return next(islice(_WORD.finditer(text), least - 1, None), None) is not None


def remarks(text: str, *, fences: bool = True) -> Iterator[tuple[Kind, str]]:
    """Every line of text, docstring or comment, without the marks of either; code left out.

    Tells code from text line by line, for Python, for languages with braces, and roughly for
    others, so it needs no code that parses. Time is linear in the text's length.

    Args:
        text: A question, a prompt, a source file.
        fences: Whether what stands in Markdown fences is code; it is read like the rest if not.
    """
    scan = _Scan()
    for line in text.splitlines():
        yield from _line(scan, line, fences)


def _line(scan: _Scan, line: str, fences: bool) -> Iterator[tuple[Kind, str]]:
    if scan.closing is not None:
        yield from _inside(scan, line)
    elif _FENCE.match(line):
        scan.fenced = fences and not scan.fenced
        scan.indent, scan.parens, scan.worked = None, 0, False
        scan.braces.clear()
        yield "text", ""
    elif not line.strip():
        scan.parens = 0
        yield "text", ""
    else:
        yield from _outside(scan, line)


def _outside(scan: _Scan, line: str) -> Iterator[tuple[Kind, str]]:
    """A line that begins outside of docstrings and comments."""
    indent = len(line) - len(line.lstrip())
    if scan.indent is not None and indent <= scan.indent and scan.parens <= 0:
        scan.indent = None
    quotes = _QUOTES.match(line)
    if quotes is not None and scan.parens <= 0:
        scan.closing, scan.silent = quotes["mark"], False
        yield from _inside(scan, line[quotes.end() :])
        return
    head = line[:HEAD]
    block = _BLOCK.match(head)
    if block is not None:
        scan.closing, scan.silent = _BLOCK_ENDS[block["mark"][0]], False
        yield from _inside(scan, line[block.end() :])
        return
    comment = _COMMENT.match(head)
    if comment is not None and not _CODE.match(head):
        said = line[comment.start("said") :]
        if not _PRAGMA.match(said):
            heading = line.lstrip().startswith("#") and not scan.fenced and scan.indent is None
            yield ("text" if heading else scan.comment_kind), said
            if heading and _MARKDOWN_HEADING.match(head):
                yield "text", ""
        return
    if _is_code(scan, head, indent):
        scan.worked |= scan.fenced and not _PREAMBLE.match(head)
        _enter(scan, line, indent)
        yield "text", ""
        return
    yield "text", line


def _inside(scan: _Scan, rest: str) -> Iterator[tuple[Kind, str]]:
    """A line, or what is left of it, within a docstring or comment of several lines."""
    assert scan.closing is not None
    said, closed, _ = rest.partition(scan.closing)
    if not scan.silent:
        if scan.closing == "*/":
            said = re.sub(r"^\s*\*+(?!\S*\*)", "", said)
        kind: Kind = "doc"
        if scan.closing not in {'"""', "'''"}:
            kind = scan.comment_kind
        yield kind, said
    if closed:
        scan.closing = None


def _is_code(scan: _Scan, line: str, indent: int) -> bool:
    if scan.fenced or scan.parens > 0 or scan.indent is not None:
        return True
    if scan.braces:
        if indent == 0 and words(line) > SENTENCE and not _CODE.match(line):
            # A sentence: the brace before it was left open, as prompts to complete do.
            scan.braces.clear()
            return False
        return True
    if _DEFINITION.match(line):
        return True
    return _CODE.match(line) is not None or _ends_like_code(line)


def _ends_like_code(line: str) -> bool:
    return line.rstrip()[-1] in ";{" and len(_FREE_WORD.findall(line)) < SENTENCE


def _enter(scan: _Scan, line: str, indent: int) -> None:
    """Take note of what a line of code opens and closes."""
    assigned = _ASSIGNED_QUOTES.match(line[:HEAD])
    if assigned is not None:
        if assigned["mark"] not in line[assigned.end() :]:
            scan.closing, scan.silent = assigned["mark"], True
        return
    if scan.parens > 0 or _DEFINITION.match(line):
        if scan.parens <= 0:
            scan.parens = 0
            if scan.indent is None:
                scan.indent = indent
        scan.parens += line.count("(") - line.count(")")
        if "{" not in line:
            return
    for sign in re.findall(r"[{}]", line):
        if sign == "{":
            scan.braces.append("(" in line)
        elif scan.braces:
            scan.braces.pop()
