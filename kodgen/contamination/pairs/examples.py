"""Examples in a task's words: `f(1, 2) -> 3`, `>>> f(1)`, `f(1) should return 2`."""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache

from kodgen.contamination.pairs.pairs import Pair, made
from kodgen.contamination.programs.trees import tree_of

MOST_EXAMPLES = 400
"""Calls of one text that are read."""
LONGEST_CALL = 2_000
"""Characters of a call's arguments, and of a result."""

_CALL = re.compile(r"[A-Za-z_][\w.]*\(")
_GIVES = re.compile(
    r"[`'\"*]{0,3}[ \t]*(?:(?:,[ \t]*\d+\))?[ \t]*(?:#[^\n]*)?\n[ \t]*(?:#[ \t]*)?"
    r"|(?:(?:===?|=>|->|--?>|=|:|➞|→|⇒|➔|≠>|#=>|#[ \t]*->|#)"
    r"|,?[ \t]*(?:it|this|the function|function)?[ \t]*(?:should|must|will|would)?[ \t]*"
    r"(?:returns?|returned|gives?|outputs?|equals?|prints?|is|be|evaluates to|produces?)"
    r"(?:[ \t]+(?:the[ \t]+)?(?:list|string|value|number|tuple|equal to|be|true value))?)"
    r"[ \t]*(?:returns?:?|output:?|=>|->)?)[ \t]*[`*]{0,3}[ \t]*",
    re.IGNORECASE,
)
_ATOM = re.compile(
    r"-?\d+(?:_?\d)*(?:\.\d*)?(?:[eE][-+]?\d+)?(?![\w])|-?\.\d+|\b(?:True|False|None|true|false)\b"
)
_WORDS = {"true": "True", "false": "False"}
_MARK = re.compile(r"[()\[\]{}'\"]")
_QUOTED = {
    quote: re.compile(rf"[^{quote}\\\n]*+(?:\\.[^{quote}\\\n]*+)*+{quote}", re.DOTALL)
    for quote in "'\""
}
"""What follows an opening quote, up to the closing one."""
_CLOSES = {"(": ")", "[": "]", "{": "}"}


def example_pairs(text: str) -> Iterator[Pair]:
    """Pairs that a text shows, in order: a call of literals, something like "gives", a literal."""
    for count, call in enumerate(_CALL.finditer(text)):
        if count == MOST_EXAMPLES:
            return
        end = _end(text, call.end() - 1)
        if end is None:
            continue
        gives = _GIVES.match(text, end)
        result = gives and _literal(text, gives.end())
        # What it gives is cheap to look at, and seldom there.
        arguments = _expression(f"f{text[call.end() - 1 : end]}") if result else None
        if result and isinstance(arguments, ast.Call):
            given = [*arguments.args, *(one.value for one in arguments.keywords)]
            yield from made(given, result, {})


def _literal(text: str, start: int) -> ast.expr | None:
    """The literal that begins here."""
    char = text[start : start + 1]
    if char and char in "([{'\"":
        end = _end(text, start)
        return None if end is None else _expression(text[start:end])
    atom = _ATOM.match(text, start)
    return _expression(_WORDS.get(atom[0], atom[0])) if atom else None


# A task's views show the same examples.
@lru_cache(maxsize=256)
def _expression(source: str) -> ast.expr | None:
    tree = tree_of(source)
    if tree is None or len(tree.body) != 1 or not isinstance(tree.body[0], ast.Expr):
        return None
    return tree.body[0].value


def _end(text: str, start: int) -> int | None:
    """Where the bracket or quote that opens here is closed; None if too far off, or never."""
    open_brackets: list[str] = []
    limit = min(len(text), start + LONGEST_CALL)
    mark = _MARK.search(text, start, limit)
    while mark:
        char, end = mark[0], mark.end()
        if char in _QUOTED:
            quoted = _QUOTED[char].match(text, end, limit)
            if quoted is None:
                return None
            end = quoted.end()
        elif char in _CLOSES:
            open_brackets.append(_CLOSES[char])
        elif not open_brackets or open_brackets.pop() != char:
            return None
        if not open_brackets:
            return end
        mark = _MARK.search(text, end, limit)
    return None
