"""Makes larger inputs of those that tests give: the same types and shapes, more of it.

What a larger input has to look like, only the task knows (sorted, balanced, in range). So each is
grown in several ways, and what is kept of it is for the solutions to say: inputs on which they
disagree, or at which the trusted one raises, are dropped.
"""

import math
from collections.abc import Callable, Iterator
from itertools import pairwise
from random import Random
from typing import Any

WAYS = ("repeat", "draw", "scale", "all")
"""Sequences repeated; sequences of new values; larger numbers; new values and larger numbers."""
_SCALARS = (int, float, str, bool, bytes, type(None))
_SEQUENCES = (list, tuple, set, frozenset, dict, str, bytes)
_DEEPEST = 6
_MATRIX = 3
"""Columns from which rows of one length are a matrix; narrower ones are records, such as edges."""


def is_plain(value: Any, depth: int = 0) -> bool:
    """Whether a value is of builtin types alone, so that it can be grown."""
    if type(value) in _SCALARS:
        return True
    if depth >= _DEEPEST or type(value) not in _SEQUENCES:
        return False
    parts = [*value.keys(), *value.values()] if type(value) is dict else value
    return all(is_plain(part, depth + 1) for part in parts)


def size(value: Any) -> int:
    """Elements and characters that a value holds in all; 1 for a number."""
    if isinstance(value, str | bytes):
        return 1 + len(value)
    if isinstance(value, dict):
        return 1 + sum(size(key) + size(held) for key, held in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return 1 + sum(map(size, value))
    return 1


def ways(arguments: list[Any]) -> list[str]:
    """The ways that make a difference to these arguments."""
    sequences = any(isinstance(value, _SEQUENCES) and len(value) > 0 for value in arguments)
    numbers = any(type(value) in {int, float} and abs(value) > 1 for value in arguments)
    if sequences and numbers:
        return list(WAYS)
    return ["repeat", "draw"] if sequences else ["scale"] if numbers else []


def grown(arguments: list[Any], way: str, factor: int, chance: Random) -> list[Any]:
    """Arguments about `factor` times as large, those of one call drawn from one chance."""
    return [_Growing(way, factor, chance).value(value) for value in arguments]


class _Growing:
    def __init__(self, way: str, factor: int, chance: Random) -> None:
        self._way, self._factor, self._chance = way, factor, chance

    def value(self, value: Any) -> Any:
        kind = type(value)
        if kind in {int, float}:
            return self._number(value)
        if kind not in _SEQUENCES or not value or self._way == "scale":
            return value
        if kind is dict:
            return self._mapping(value)
        if kind in {str, bytes}:
            return self._text(value)
        if kind in {set, frozenset}:
            drawn = self._drawn(sorted(value, key=repr), len(value) * self._factor, distinct=True)
            return kind(drawn)
        return kind(self._sequence(list(value)))

    def _number(self, value: Any) -> Any:
        if self._way not in {"scale", "all"} or abs(value) <= 1 or self._factor == 1:
            return value
        larger = value * self._factor
        if isinstance(value, float):
            return larger
        # Never more than times the factor: what is within a length then stays within it.
        return larger - int(math.copysign(self._chance.randrange(self._factor), larger))

    def _text(self, value: Any) -> Any:
        if self._way == "repeat":
            return value * self._factor
        length = len(value) * self._factor
        letters = [value[at : at + 1] for at in range(len(value))]
        return type(value)().join(self._chance.choices(letters, k=length))

    def _sequence(self, items: list[Any]) -> list[Any]:
        if _is_matrix(items):
            return self._matrix(items)
        if self._way == "repeat":
            return items * self._factor
        return self._drawn(items, len(items) * self._factor)

    def _matrix(self, rows: list[Any]) -> list[Any]:
        """Grown in both directions alike, square if it was."""
        each = max(1, round(math.sqrt(self._factor)))
        kind, width = type(rows[0]), len(rows[0])
        cells = [cell for row in rows for cell in row]
        if self._way == "repeat":
            return [kind(list(row) * each) for row in rows for _ in range(each)]
        drawn = iter(self._drawn(cells, len(cells) * each * each))
        return [kind(next(drawn) for _ in range(width * each)) for _ in range(len(rows) * each)]

    def _mapping(self, value: dict[Any, Any]) -> dict[Any, Any]:
        """Copies of all that it holds under new keys, which stand for the old within values too."""
        larger = dict(value)
        for copy in range(1, self._factor):
            names = {key: _renamed(key, copy, len(value)) for key in value}
            larger.update((names[key], _replaced(held, names)) for key, held in value.items())
        return larger

    def _drawn(self, items: list[Any], length: int, *, distinct: bool = False) -> list[Any]:
        """New items like the given ones: in order, and all different, if they are."""
        if length == len(items):
            return items
        distinct = distinct or _distinct(items)
        kinds = set(map(type, items))
        found: list[Any]
        if kinds == {int}:
            found = self._integers(items, length, distinct=distinct)
        elif kinds <= {int, float}:
            low, high = min(items), max(items)
            found = [round(self._chance.uniform(low, high), 3) for _ in range(length)]
        elif kinds <= {list, tuple} or (kinds == {str} and distinct):
            found = [self._like(self._chance.choice(items), length) for _ in range(length)]
        else:
            found = self._chance.choices(items, k=length)
        return _in_order_of(items, found)

    def _integers(self, items: list[int], length: int, *, distinct: bool) -> list[int]:
        low, high = min(items), max(items)
        if self._way == "all":
            high = max(high, high * self._factor)
        if not distinct:
            return [self._chance.randint(low, high) for _ in range(length)]
        if high - low == len(items) - 1 and len(items) >= _MATRIX:
            # All of a range: a permutation.
            whole = list(range(low, low + length))
            self._chance.shuffle(whole)
            return whole
        spread = max(high - low + 1, 2) * math.ceil(length / len(items))
        return self._chance.sample(range(low, low + max(spread, 2 * length)), length)

    def _like(self, item: Any, length: int) -> Any:
        """A record with its numbers moved together, so that an interval stays one; or a word."""
        if isinstance(item, str):
            letters = self._chance.choices(item or "a", k=max(len(item), 6))
            return "".join(letters)
        moved = self._chance.randrange(length)
        return type(item)(part + moved if type(part) is int else part for part in item)


def _is_matrix(items: list[Any]) -> bool:
    if not all(type(row) in {list, tuple} and len(row) == len(items[0]) for row in items):
        return False
    width = len(items[0])
    return width >= _MATRIX or (width == len(items) and type(items[0]) is list and width > 0)


def _distinct(items: list[Any]) -> bool:
    return len(items) > 1 and len(set(map(repr, items))) == len(items)


def _in_order_of(items: list[Any], found: list[Any]) -> list[Any]:
    """Sorted as the given items are, if they are."""
    try:
        if len(items) > 1 and all(a <= b for a, b in _neighbours(items)):
            return sorted(found)
        if len(items) > 1 and all(a >= b for a, b in _neighbours(items)):
            return sorted(found, reverse=True)
    except TypeError:
        pass
    return found


def _neighbours(items: list[Any]) -> Iterator[tuple[Any, Any]]:
    return pairwise(items)


def _renamed(key: Any, copy: int, count: int) -> Any:
    renaming: dict[type, Callable[[Any], Any]] = {
        int: lambda name: name + copy * count,
        str: lambda name: f"{name}{copy}",
        tuple: lambda name: tuple(_renamed(part, copy, count) for part in name),
    }
    return renaming.get(type(key), lambda name: name)(key)


def _replaced(value: Any, names: dict[Any, Any]) -> Any:
    if type(value) in {int, str, tuple} and value in names:
        return names[value]
    if type(value) in {list, tuple, set}:
        return type(value)(_replaced(part, names) for part in value)
    if type(value) is dict:
        return {_replaced(key, names): _replaced(held, names) for key, held in value.items()}
    return value
