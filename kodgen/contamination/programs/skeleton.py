"""What of a function's source no renaming and no layout changes: its keywords and operators.

Parsing takes ten times as long as reading tokens, so rows are parsed only where a reference's
skeleton lies in theirs. Two functions with one shape have one skeleton, but for numbers written
in another base and operators or numbers inside annotations.
"""

import re
from itertools import repeat

_TOKEN = re.compile(
    # Where no token begins is told at once, which halves the time.
    r"(?=[^ ().,:\[\]{}])(?:"
    r"[A-Za-z_]\w*+"
    r"|\n[ \t]*+(?=def\b|async\b|class\b|@)"
    r"|\n(?=[^\s#)\]}])"
    r"|->"
    r"|[-+*/%<>=!&^~@]"
    r'|"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""'
    r"|'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''"
    r'|"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
    r"|'[^'\\\n]*(?:\\.[^'\\\n]*)*'"
    r"|\#[^\n]*+"
    r"|\d+\.?\d*(?:[eE][-+]?\d+)?\w*)",
    re.DOTALL,
)
_KEYWORDS = [
    "and",
    "as",
    "assert",
    "async",
    "await",
    "break",
    "class",
    "continue",
    "def",
    "del",
    "except",
    "finally",
    "for",
    "from",
    "global",
    "if",
    "import",
    "in",
    "is",
    "lambda",
    "nonlocal",
    "not",
    "or",
    "raise",
    "return",
    "try",
    "while",
    "with",
    "yield",
]
BREAK = "\n"
_FIRST_NUMBER = chr(0x200)
TOKENS = {
    **{word: chr(0x100 + place) for place, word in enumerate([*_KEYWORDS, *"-+*/%<>=!&^~@"])},
    **{str(number): chr(ord(_FIRST_NUMBER) + number) for number in (*range(33), 64, 97, 100, 1000)},
    **{f"\n{space * width}": BREAK for width in range(33) for space in " \t"},
}
TOKENS["else"] = chr(0x180)
TOKENS["elif"] = TOKENS["else"] + TOKENS["if"]
_SIGNS = {token: code for token, code in TOKENS.items() if BREAK < code < _FIRST_NUMBER}
DEFINITION = TOKENS["def"]


def skeleton(code: str) -> str:
    """One character for each token that stays: strings, comments, names and brackets go.

    A line feed is where a definition or a line without indentation begins.
    """
    return "".join(map(TOKENS.get, _TOKEN.findall(code), repeat("")))


def signs_of(code: str) -> str:
    """`skeleton` without numbers, which can be written in several ways, and without line feeds."""
    return "".join(map(_SIGNS.get, _TOKEN.findall(code), repeat("")))


def beginning(skeleton: str) -> str:
    """From its first function on; empty if there is none."""
    _, definition, rest = skeleton.partition(DEFINITION)
    return definition + rest
