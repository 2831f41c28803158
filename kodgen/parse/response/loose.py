"""Code that stands in prose without any fence, found by where it begins and what still parses."""

import ast
import re
import textwrap
import warnings

from kodgen.parse.python import tidy

_BEGINS = re.compile(
    r"(?P<indent>[ \t]*)(?:@\w|(?:async[ \t]+)?def[ \t]+\w+[ \t]*\(|class[ \t]+\w+[ \t]*[(:]"
    r"|import[ \t]+\w|from[ \t]+[\w.]+[ \t]+import\b|[A-Za-z_]\w*(?:[ \t]*:[^=\n]+)?[ \t]*=[^=])"
)
_TRIES = 12
"""Cuts made to a text until it parses: each drops the line that the parser stops at, so prose
behind the code costs one, and an answer that mixes them more often is read from its next line."""


_LINES = 600
_STRETCHES = 40
"""Lines of one stretch and stretches of one text that are read: bounds on time, as `_TRIES` is; no
real answer comes near."""


def loose_codes(text: str) -> list[str]:
    """Every stretch of lines that is Python and begins like code, in order."""
    lines = text.split("\n")
    codes: list[str] = []
    row = read = 0
    while row < len(lines) and read < _STRETCHES:
        begins = _BEGINS.match(lines[row])
        code = ""
        if begins and not _is_prose(lines[row].strip()):
            read += 1
            code = longest_module(_dedented(lines[row : row + _LINES], begins["indent"]))
        if code:
            codes.append(code)
        row += code.count("\n") + 1
    return codes


def _is_prose(line: str) -> bool:
    """Whether a line that looks like a whole statement is none: `x = the number of steps`."""
    opens = line.endswith(("\\", ":")) or line.startswith("@") or any(c in line for c in "([{\"'")
    return not opens and _stops_at(line) is not None


def longest_module(text: str) -> str:
    """The first lines of a text that are Python together; empty where none are."""
    lines = tidy(text).split("\n")
    for _ in range(_TRIES):
        code = tidy("\n".join(lines))
        if not code:
            return ""
        stop = _stops_at(code)
        if stop is None:
            return _without_words(code)
        lines = lines[: min(len(lines) - 1, stop - 1)]
    return ""


def _stops_at(code: str) -> int | None:
    """Line, from 1, at which the parser gives up; None where it does not."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # doubtful escapes are no news of ours
            ast.parse(code)
    except SyntaxError as error:
        return error.lineno or 1
    except (ValueError, RecursionError, MemoryError):
        return 1
    return None


def _without_words(code: str) -> str:
    """Without last lines that are Python by accident, being one word."""
    body = ast.parse(code).body
    while body and isinstance(body[-1], ast.Expr) and isinstance(body[-1].value, ast.Name):
        code = tidy("\n".join(code.split("\n")[: body[-1].lineno - 1]))
        body.pop()
    return code


def _dedented(lines: list[str], indent: str) -> str:
    """Lines from an indented one on, as long as they are indented as much."""
    if not indent:
        return "\n".join(lines)
    end = next(
        (n for n, line in enumerate(lines) if line.strip() and not line.startswith(indent)),
        len(lines),
    )
    return textwrap.dedent("\n".join(lines[:end]))
