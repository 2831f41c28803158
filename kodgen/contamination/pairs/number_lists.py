"""Lists of whole numbers that a pair holds, sought in a text as they are written.

Numbers in one order are met in many texts, `[[1, 2], [3, 4]]` for `f([1, 2, 3, 4])`. Whoever
writes a pair out writes each of its lists behind one bracket and with commas alone between, but
for white space, unless one of the numbers got a name before; the few other ways of writing the
same words are told by `may_differ`, of a text in which nothing is to be ruled out.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

MOST_BITS = 200
"""Of a whole number that is sought: the decimal spelling of a huge one is refused, or slow."""

_PASSED_OVER = b" \t\n\r\f\v\\"
_BRACKETS = bytes.maketrans(b"()", b"[]")
"""Lists and tuples are told alike, and so are arguments."""
_LIST = re.compile(rb"\[(-?\d[-\d.,]*)")
_POINT = re.compile(rb"\.0*(?=,|$)")
"""Of a whole number that is written with one."""
_NAMED = re.compile(rb"=(-?\d+)")
_OTHERWISE = re.compile(rb"[\[(,=+-](?:\([-+]?\d[\d.]*\)|\.\d|\+[\d.(]|-0\.?0*[,\])])")
"""Numbers in brackets of their own, without a digit before the point, with a plus, or a -0."""
_COMMENTED = re.compile(r"#[^\n]*\n\s*[,\])]")


class NumberList(NamedTuple):
    """One list without brackets inside, or some arguments."""

    numbers: tuple[bytes, ...]
    first: bool
    """Whether others may follow, as the result does in a table."""


def number_lists(arguments: Sequence[ast.expr], result: ast.expr) -> tuple[NumberList, ...]:
    """Lists of whole numbers alone in some arguments and a result, and the arguments if such."""
    if own := _numbers(arguments):
        inner = [NumberList(own, True)]
    else:
        inner = [told for one in arguments for told in _inner(one)]
    return tuple(dict.fromkeys([*inner, *_inner(result)]))


class WrittenLists:
    """The lists of a text."""

    def __init__(self, text: str) -> None:
        """Read any text, as if it were code."""
        self._text = text
        self._bare = text.encode("utf-8", "surrogatepass").translate(None, _PASSED_OVER)
        # What is compared is nobody's name.
        told = self._bare.translate(_BRACKETS).replace(b"==", b"~")
        self._named = frozenset(_NAMED.findall(told))
        self._lists = {_plain(one) for one in _LIST.findall(told)}

    def hold(self, lists: Sequence[NumberList]) -> bool:
        """Whether each of some lists may be among them, unless they `may_differ`."""
        return all(self._has(one) or not self._named.isdisjoint(one.numbers) for one in lists)

    def may_differ(self) -> bool:
        """Whether there are comments inside brackets, or numbers in other forms."""
        bare = self._bare
        if b"[#" in bare or b"(#" in bare or b",#" in bare or _OTHERWISE.search(bare):
            return True
        return _COMMENTED.search(self._text) is not None

    def _has(self, one: NumberList) -> bool:
        told = b",".join(one.numbers)
        if told in self._lists:
            return True
        return one.first and any(there.startswith(told + b",") for there in self._lists)


def _plain(numbers: bytes) -> bytes:
    return _POINT.sub(b"", numbers).rstrip(b",") if b"." in numbers else numbers.rstrip(b",")


def _inner(node: ast.expr) -> Iterator[NumberList]:
    """Of lists and tuples; a set has no order, and calls may be written as other things."""
    if isinstance(node, ast.List | ast.Tuple):
        if own := _numbers(node.elts):
            yield NumberList(own, False)
        else:
            for one in node.elts:
                yield from _inner(one)
    elif isinstance(node, ast.Dict):
        for one in node.values:
            yield from _inner(one)


def _numbers(elements: Sequence[ast.expr]) -> tuple[bytes, ...]:
    """Whole numbers as they are written; none unless all elements are such."""
    told = [_number(one) for one in elements]
    return tuple(told) if all(told) else ()


def _number(node: ast.expr) -> bytes:
    """Empty if it is none."""
    sign = b""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        sign, node = b"-", node.operand
    value = node.value if isinstance(node, ast.Constant) else None
    # No truth values; and -0 is 0.
    if type(value) is not int or value.bit_length() > MOST_BITS or (sign and not value):
        return b""
    return sign + b"%d" % value
