"""Whether a value lies: claims to equal, to be less than, or to hold what nobody has ever seen.

Honest values deny this or raise; plain builtin values cannot claim it at all and are not asked.
"""

import operator
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any

LEFT = 1
RIGHT = 2
"""Which sides of a comparison are asked, as a sum."""

PLAIN = frozenset({int, float, complex, bool, str, bytes, bytearray, range, type(None)})
"""Types whose comparisons nobody can change."""

CONTAINERS = frozenset({list, tuple, dict, set, frozenset})
"""Types whose comparisons are those of what they hold."""

OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "is": operator.is_,
    "is not": operator.is_not,
    "in": lambda left, right: left in right,
    "not in": lambda left, right: left not in right,
}

_LEAVES = 200
"""Elements of a value that are asked at most."""
_WITNESSES = 8
"""Unknown objects that a liar must all accept; hashes that collide by chance accept a few."""


class Sentinel:
    """An object that nothing knows: no attribute and no operation beyond `object`'s."""

    __slots__ = ()


def lies(symbol: str, left: Any, right: Any, sides: int) -> bool:
    """Whether a side of a comparison accepts an unknown object in the place of the other."""
    if symbol in {"is", "is not"}:
        return False
    operation = OPERATIONS[symbol]
    if symbol in {"in", "not in"}:
        return bool(
            (sides & LEFT and _equals_anything(left)) or (sides & RIGHT and _holds_anything(right))
        )
    if symbol in {"==", "!="}:
        return bool(
            (sides & LEFT and _equals_anything(left)) or (sides & RIGHT and _equals_anything(right))
        )
    return bool(
        (sides & LEFT and type(left) not in PLAIN and _always(lambda it: operation(left, it)))
        or (sides & RIGHT and type(right) not in PLAIN and _always(lambda it: operation(it, right)))
    )


def _equals_anything(value: Any) -> bool:
    for leaf in _leaves(value):
        if (
            _always(partial(OPERATIONS["=="], leaf))
            or _always(partial(_is_equal_to, leaf))
            or _always(partial(_is_never_unequal, leaf))
        ):
            return True
    return False


def _is_equal_to(leaf: Any, it: Sentinel) -> Any:
    return it == leaf


def _is_never_unequal(leaf: Any, it: Sentinel) -> bool:
    outcome = leaf != it
    # An array without elements is false too, and says nothing.
    return type(outcome) in PLAIN and not outcome


def _holds_anything(container: Any) -> bool:
    kind = type(container)
    if kind in PLAIN:
        return False
    if kind in CONTAINERS:
        return _equals_anything(container)
    # What only iterates would be used up, or never end.
    return hasattr(kind, "__contains__") and _always(lambda it: it in container)


def _leaves(value: Any) -> Iterator[Any]:
    """What is inside builtin containers, and all else as it is; plain values left out."""
    stack = [value]
    for _ in range(_LEAVES):
        if not stack:
            return
        item = stack.pop()
        kind = type(item)
        if kind in PLAIN:
            continue
        for base, parts in _PARTS:
            if issubclass(kind, base):
                stack.extend(islice(parts(item), _LEAVES))
                break
        if kind not in CONTAINERS:
            yield item


_PARTS: tuple[tuple[type, Callable[[Any], Iterator[Any]]], ...] = (
    (list, list.__iter__),
    (tuple, tuple.__iter__),
    (dict, lambda item: (part for pair in dict.items(item) for part in pair)),
    (set, set.__iter__),
    (frozenset, frozenset.__iter__),
)


def _always(probe: Callable[[Sentinel], Any]) -> bool:
    """Whether a probe comes out true for every unknown object; one that raises does not."""
    known: list[Sentinel] = []
    # A loop: the solution may have put its own `all` in the builtin one's place.
    try:
        while len(known) < _WITNESSES:
            # Those asked before are kept: a new one must not have the address of an old one.
            known.append(Sentinel())
            if not probe(known[-1]):
                return False
    except Exception:  # noqa: BLE001 - refusing a foreign object by raising is honest
        return False
    return True
