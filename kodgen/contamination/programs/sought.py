"""What code holds that has some function of a reference, so that other code need not be parsed."""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from kodgen.contamination.programs.shapes import BUILTINS, Shape, ToldFunction, told_functions
from kodgen.contamination.programs.skeleton import beginning, skeleton
from kodgen.contamination.programs.task_trees import task_tree
from kodgen.contamination.words.words import distinct_words

_UNINDENTED = re.compile(r"\n(?=\S)")
_LINE_END = re.compile(r"\r\n?")


class Sought(NamedTuple):
    """What code holds that has some function."""

    name: str
    skeletons: frozenset[str]
    """Without its annotations, and as it is written."""
    kept: frozenset[str]
    """Words of its attributes, keyword arguments and built-ins, which its shape keeps; of its texts
    where it has none of those."""
    words: frozenset[str]
    """Words of all its names, which are in code that has it as it is written."""


# Two layers that are made by themselves learn one after the other what there is to find.
@lru_cache(maxsize=8192)
def references(code: str) -> tuple[tuple[Shape, Sought], ...]:
    """A module's functions that are inside no other; none where it is not Python."""
    tree = task_tree(code)
    if tree is None:
        return ()
    try:
        told = [one for one in told_functions(tree) if one.shape.outermost]
    except RecursionError:
        return ()
    source = _Source(code)
    return tuple((one.shape, _sought(one, source)) for one in told)


class _Source:
    """Code by the lines and bytes that a syntax tree tells places by."""

    def __init__(self, code: str) -> None:
        self._code = _LINE_END.sub("\n", code).encode()
        self._starts = [0]
        for line in self._code.split(b"\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)

    def place(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Where it begins and ends."""
        last = self._starts[(node.end_lineno or node.lineno) - 1]
        return self._starts[node.lineno - 1] + node.col_offset, last + (node.end_col_offset or 0)

    def text(self, start: int, end: int) -> str:
        # Places of what is inside an f-string may be inside a character.
        return self._code[start:end].decode(errors="replace")


def _sought(one: ToldFunction, source: _Source) -> Sought:
    function = one.function
    written = source.text(*source.place(function))
    told = [beginning(skeleton(text)) for text in dict.fromkeys([written, _bare(one, source)])]
    kept, names = set(one.told.kept), {function.name}
    for _, identifier, _ in one.told.names:
        everywhere = identifier in BUILTINS and identifier not in one.own
        (kept if everywhere else names).add(identifier)
    # One that holds nothing else is all but anybody's, so its texts are asked for as well.
    kept = kept or {token[1:-1] for token in one.told.tokens if _is_word(token)}
    return Sought(
        function.name,
        frozenset(filter(None, told)),
        distinct_words(" ".join(kept)),
        distinct_words(" ".join(kept | names)),
    )


def _bare(one: ToldFunction, source: _Source) -> str:
    """A function's source without annotations, its numbers in their usual spelling."""
    start, end = source.place(one.function)
    parts = []
    for first, last, instead in sorted(_changes(one, source)):
        # What is inside something that went has gone with it.
        if first >= start:
            parts += [source.text(start, first), instead]
            start = last
    # Brackets and backslashes join lines, which then need no indentation.
    return _UNINDENTED.sub("\n ", "".join([*parts, source.text(start, end)]))


def _changes(one: ToldFunction, source: _Source) -> Iterator[tuple[int, int, str]]:
    """Start, end, and what stands there instead."""
    for node in one.told.annotations:
        yield (*source.place(node), "")
    for number in one.told.numbers:
        start, end = source.place(number)
        written, usual = source.text(start, end), repr(number.value)
        if written != usual and _value(written) == number.value:
            yield start, end, usual


def _value(written: str) -> object:
    try:
        return ast.literal_eval(written)
    except (SyntaxError, ValueError):
        return None


def _is_word(token: str) -> bool:
    """Whether it is a text of letters alone, which nobody writes in another way."""
    return token[:1] == "'" and token.isascii() and token[1:-1].isalpha()
