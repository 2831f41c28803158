"""Literals in one spelling each, and how unlikely it is to meet one by chance."""

import ast
import hashlib
import math
import operator
from collections.abc import Callable
from typing import Any, NamedTuple

LONGEST_SPELLING = 200
"""Characters of a literal's spelling that are kept; of longer ones the rest is a digest."""

_STEP_BITS = 2.0
"""What a container adds to its elements."""
_LETTER_BITS = 2.5
"""Of a letter in a text: between the 1.3 of running English and the 4.7 of letters at random."""
_DIGIT_BITS = math.log2(10)


_ARITHMETIC: dict[type[ast.operator], Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}

_LISTS = frozenset({"list", "tuple"})
_SETS = frozenset({"set", "frozenset"})


class Value(NamedTuple):
    """A literal as it is compared."""

    spelling: str
    """Equal for equal values; lists and tuples are told alike, and so are 2 and 2.0."""
    bits: float
    """About the base-2 logarithm of how rarely such a literal is met."""


def value_of(node: ast.expr, known: dict[str, Value]) -> Value | None:
    """A literal expression's value; None where it is no literal.

    Args:
        node: The expression.
        known: Values of names.
    """
    read = _READERS.get(type(node))
    return read(node, known) if read is not None else None


def _listed(node: ast.List | ast.Tuple, known: dict[str, Value]) -> Value | None:
    return _container("[", [value_of(one, known) for one in node.elts], False)


def _set(node: ast.Set, known: dict[str, Value]) -> Value | None:
    return _container("{", [value_of(one, known) for one in node.elts], True)


def _dict(node: ast.Dict, known: dict[str, Value]) -> Value | None:
    pairs = zip(node.keys, node.values, strict=True)
    items = [
        _container("", [value_of(key, known) if key else None, value_of(value, known)], False)
        for key, value in pairs
    ]
    return _container("{:", items, True)


def _signed(node: ast.UnaryOp, _: dict[str, Value]) -> Value | None:
    if not isinstance(node.op, ast.USub | ast.UAdd) or not isinstance(node.operand, ast.Constant):
        return None
    inner = _constant(node.operand.value)
    if isinstance(node.op, ast.UAdd) or inner.spelling == "0":
        return inner
    return Value(f"-{inner.spelling}", inner.bits + 1)


def _built(node: ast.Call, known: dict[str, Value]) -> Value | None:
    """Of `set([1, 2])`, `list()`, `float("inf")` and their like."""
    name = node.func.id if isinstance(node.func, ast.Name) and not node.keywords else ""
    if len(node.args) == 1:
        inner = node.args[0]
        if name in _SETS and isinstance(inner, ast.List | ast.Tuple | ast.Set):
            return value_of(ast.Set(elts=inner.elts), known)
        if name == "float" and (value := value_of(inner, known)):
            return Value(f"float({value.spelling})", value.bits)
    elif not node.args and name in _SETS | _LISTS:
        return Value("{]" if name in _SETS else "[]", _STEP_BITS)
    return None


def _computed(node: ast.BinOp, _: dict[str, Value]) -> Value | None:
    """Of a sum, difference, product or quotient of two numbers, such as `2.0 / 3.0`."""
    work = _ARITHMETIC.get(type(node.op))
    sides = [
        side.value
        for side in (node.left, node.right)
        if isinstance(side, ast.Constant) and type(side.value) in {int, float}
    ]
    if work is None or len(sides) < 2:
        return None
    try:
        return _constant(work(*sides))
    except (ArithmeticError, ValueError):
        return None


def _constant(value: object) -> Value:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if type(value) is int:
        # Hexadecimal: the decimal spelling of a huge number is refused, or slow.
        size = value.bit_length()
        return Value(str(value) if size < 200 else _short(hex(value)), min(1.0 + size, 64.0))
    if isinstance(value, str):
        letters = len(set(value)) + min(len(value), 64)
        return Value(_short(repr(value)), 1 + _LETTER_BITS * letters / 2)
    if value is None or value is ... or isinstance(value, bool):
        return Value(repr(value), 1.0)
    text = repr(value)
    return Value(_short(text), 1 + _DIGIT_BITS * min(sum(map(str.isalnum, text)), 16))


def _container(opening: str, values: list[Value | None], sorts: bool) -> Value | None:
    found = [value for value in values if value is not None]
    if len(found) < len(values):
        return None
    if sorts:
        found = sorted(set(found))
    bits = _STEP_BITS
    before: dict[str, int] = {}
    for place, value in enumerate(found):
        # A value that was there already, or that counts on from the last one, tells little.
        follows = place > 0 and value.spelling == _next(found[place - 1].spelling)
        bits += 0.5 if follows or value.spelling in before else value.bits
        before[value.spelling] = place
    spelling = f"{opening}{','.join(value.spelling for value in found)}]"
    return Value(_short(spelling), bits)


def _next(spelling: str) -> str | None:
    if len(spelling) > 9 or not spelling.removeprefix("-").isdigit():
        return None
    return str(int(spelling) + 1)


def _short(spelling: str) -> str:
    if len(spelling) <= LONGEST_SPELLING:
        return spelling
    digest = hashlib.blake2b(spelling.encode("utf-8", "surrogatepass"), digest_size=12)
    return f"{spelling[:60]}...#{digest.hexdigest()}"


_READERS: dict[type[ast.expr], Callable[[Any, dict[str, Value]], Value | None]] = {
    ast.Constant: lambda node, _: _constant(node.value),
    ast.Name: lambda node, known: known.get(node.id),
    ast.UnaryOp: _signed,
    ast.BinOp: _computed,
    ast.List: _listed,
    ast.Tuple: _listed,
    ast.Set: _set,
    ast.Dict: _dict,
    ast.Call: _built,
}
