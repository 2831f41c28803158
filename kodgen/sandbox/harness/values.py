"""Plain values as tagged JSON: what may cross between the tests' process and the solution's.

Only values whose type is exactly a builtin, or one of a few types of the standard library, have a
form. A receiver (`building`) makes them by those types' own constructors, so whatever a hostile
sender writes, the result holds nothing but honest values: no subclass, no foreign comparison.

`null`, booleans, numbers, strings and arrays stand for themselves (arrays are lists); an object of
one key is any other value, its key the tag. Containers and NaNs are numbered as they are met, the
mutable ones when they begin and the immutable ones when they end, and `{"r": number}` is one met
before: so shared and cyclic references stay what they are, also between a call's arguments and its
result.
"""

import json
import math
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable
from typing import Any

from .leaves import (
    CLASSES,
    PACKED,
    PLAIN_INTEGERS,
    NotPlain,
    pack_bytes,
    pack_integer,
    with_article,
)

LONGEST = 16 * 1024 * 1024
"""Bytes of a message."""
MOST_PARTS = 2_000_000
"""Commas and opening brackets of a message: what its memory grows with."""
DEEPEST = 100
"""Containers within each other."""

_THEMSELVES = frozenset({type(None), bool, str})
_ONLY_INTEGERS = {int}
_ONLY_FLOATS = {float}
MAPPINGS = frozenset({dict, OrderedDict, defaultdict, Counter})
MUTABLE = MAPPINGS | {list, set, bytearray, deque}
FACTORIES = frozenset({int, float, complex, bool, str, bytes, list, dict, set, tuple, frozenset})

_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


def dumps(message: Any) -> bytes:
    """A packed message as bytes.

    Raises:
        NotPlain: It is longer than `LONGEST`, or of more than `MOST_PARTS`.
    """
    # Lone surrogates are written as they are: escaped, two of them would be read as one character.
    body = _encode(message).encode("utf-8", "surrogatepass")
    if len(body) > LONGEST:
        raise NotPlain(f"values of more than {LONGEST} bytes")
    if has_too_many_parts(body):
        raise NotPlain(f"values of more than {MOST_PARTS} parts")
    return body


def has_too_many_parts(body: bytes) -> bool:
    """Whether a message is over `MOST_PARTS`."""
    return len(body) > MOST_PARTS and sum(map(body.count, (b",", b"[", b"{"))) > MOST_PARTS


class Packer:
    """Packs the values of one message."""

    __slots__ = ("_depth", "_index", "_other", "kept")

    def __init__(self, kept: Iterable[Any] = (), other: Callable[[Any], Any] | None = None) -> None:
        """Begin a message.

        Args:
            kept: The numbered values of the message that this one answers.
            other: Gives the packed form of a value that is not plain; None if it has none.
        """
        self.kept = list(kept)
        """Numbered values, by number; they live as long as their numbers."""
        self._index: dict[int, int | None] = {id(v): i for i, v in enumerate(self.kept)}
        self._other = other
        self._depth = 0

    def pack(self, value: Any) -> Any:  # noqa: PLR0911 - one for each kind
        """The JSON form of a value.

        Raises:
            NotPlain: It has none. The packer is of no use after.
        """
        kind = type(value)
        if kind in _THEMSELVES:
            return value
        if kind is int:
            return pack_integer(value)
        if kind is float and value == value:  # noqa: PLR0124 - NaN is the one that differs
            return value
        if kind in _CONTAINERS:
            return self._container(kind, value)
        if kind in PACKED:
            return PACKED[kind](value)
        if kind is type and value in CLASSES:
            return {"class": CLASSES[value]}
        packed = None if self._other is None else self._other(value)
        if packed is None:
            raise NotPlain(with_article(kind.__name__))
        return packed

    def items(self, values: Iterable[Any]) -> list[Any]:
        """Pack values one after another."""
        return [self.pack(value) for value in values]

    def held(self, value: Any) -> Any:
        """What a mutable value holds, packed."""
        now = holds(value)
        return pack_bytes(now) if type(now) is bytes else self.items(now)

    def _container(self, kind: type, value: Any) -> Any:
        known = self._index.get(id(value), -1)
        if known is None:
            raise NotPlain(f"{with_article(kind.__name__)} within itself")
        if known >= 0:
            return {"r": known}
        mutable = kind in MUTABLE
        self._index[id(value)] = len(self.kept) if mutable else None
        if mutable:
            self.kept.append(value)
        self._depth += 1
        if self._depth > DEEPEST:
            raise NotPlain(f"values nested more than {DEEPEST} deep")
        packed = _CONTAINERS[kind](self, value)
        self._depth -= 1
        if not mutable:
            self._index[id(value)] = len(self.kept)
            self.kept.append(value)
        return packed

    def elements(self, values: list[Any] | tuple[Any, ...]) -> list[Any] | tuple[Any, ...]:
        """The packed elements; what was given, where each stands for itself."""
        kinds = set(map(type, values))
        if kinds <= _THEMSELVES:
            return values
        if kinds == _ONLY_INTEGERS:
            if min(values) > -PLAIN_INTEGERS and max(values) < PLAIN_INTEGERS:
                return values
        elif kinds == _ONLY_FLOATS and not any(map(math.isnan, values)):
            return values
        return self.items(values)


def holds(value: Any) -> Any:
    """What a mutable value holds now: a list, keys before their values; bytes for a bytearray."""
    kind = type(value)
    if kind is bytearray:
        return bytes(value)
    return _flat(value) if kind in MAPPINGS else list(value)


def _flat(value: dict[Any, Any]) -> list[Any]:
    return [part for item in value.items() for part in item]


def _factory(packer: Packer, value: defaultdict[Any, Any]) -> Any:
    factory = value.default_factory
    if factory is not None and factory not in FACTORIES:
        raise NotPlain("a defaultdict with a factory of its own")
    name = None if factory is None else CLASSES[factory]
    return {"defaultdict": [name, *packer.items(_flat(value))]}


_CONTAINERS: dict[type, Callable[[Packer, Any], Any]] = {
    list: Packer.elements,
    tuple: lambda p, v: {"t": p.elements(v)},
    dict: lambda p, v: {"d": p.items(_flat(v))},
    set: lambda p, v: {"set": p.items(v)},
    frozenset: lambda p, v: {"frozenset": p.items(v)},
    bytearray: lambda _, v: {"bytearray": pack_bytes(v)},
    deque: lambda p, v: {"deque": [v.maxlen, *p.items(v)]},
    OrderedDict: lambda p, v: {"OrderedDict": p.items(_flat(v))},
    Counter: lambda p, v: {"Counter": p.items(_flat(v))},
    defaultdict: _factory,
    # Only NaNs come here: within a container, one equals itself alone, by identity.
    float: lambda _, v: {"nan": v is math.nan},  # noqa: PLW0177 - which NaN it is
}
