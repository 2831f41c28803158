"""Plain values as tagged JSON: what may cross between the tests' process and the solution's.

Only values whose type is exactly a builtin, or one of a few types of the standard library, have a
form. A receiver builds them from JSON by those types' own constructors, so whatever a hostile
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
    BUILT,
    CLASS_OF,
    CLASSES,
    PACKED,
    PLAIN_INTEGERS,
    Malformed,
    NotPlain,
    build_bytes,
    pack_bytes,
    pack_integer,
    with_article,
)

LONGEST = 16 * 1024 * 1024
"""Bytes of a message."""
MOST_VALUES = 1_000_000
DEEPEST = 100
"""Containers within each other."""

_THEMSELVES = frozenset({type(None), bool, str})
_ONLY_INTEGERS = {int}
_ONLY_FLOATS = {float}
_NESTED = frozenset({list, dict})
_MAPPINGS = frozenset({dict, OrderedDict, defaultdict, Counter})
MUTABLE = _MAPPINGS | {list, set, bytearray, deque}
_FACTORIES = frozenset({int, float, complex, bool, str, bytes, list, dict, set, tuple, frozenset})

_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


def dumps(message: Any) -> bytes:
    """A packed message as bytes.

    Raises:
        NotPlain: It is longer than `LONGEST`.
    """
    # Lone surrogates are written as they are: escaped, two of them would be read as one character.
    body = _encode(message).encode("utf-8", "surrogatepass")
    if len(body) > LONGEST:
        raise NotPlain(f"values of more than {LONGEST} bytes")
    return body


def loads(body: bytes) -> Any:
    """The JSON of a message, still packed.

    Raises:
        Malformed: It is no JSON, too deep or too large.
    """
    if len(body) > MOST_VALUES and sum(map(body.count, (b",", b"[", b"{"))) > 4 * MOST_VALUES:
        raise Malformed("a message of too many values")
    try:
        return json.loads(body.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError, MemoryError) as error:
        raise Malformed(f"a message that is no JSON: {error}") from None


class Packer:
    """Packs the values of one message."""

    __slots__ = ("_count", "_depth", "_index", "_other", "kept")

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
        self._count = 0
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
            raise NotPlain(with_article(kind))
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
            raise NotPlain(f"{with_article(kind)} within itself")
        if known >= 0:
            return {"r": known}
        mutable = kind in MUTABLE
        self._index[id(value)] = len(self.kept) if mutable else None
        if mutable:
            self.kept.append(value)
        if kind is not float:
            self._count += len(value)
        self._depth += 1
        if self._count > MOST_VALUES:
            raise NotPlain(f"more than {MOST_VALUES} values")
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
    return _flat(value) if kind in _MAPPINGS else list(value)


def _flat(value: dict[Any, Any]) -> list[Any]:
    return [part for item in value.items() for part in item]


def _factory(packer: Packer, value: defaultdict[Any, Any]) -> Any:
    factory = value.default_factory
    if factory is not None and factory not in _FACTORIES:
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


class Unpacker:
    """Builds the values of one message, and trusts nothing in it."""

    __slots__ = ("_depth", "_other", "kept")

    def __init__(
        self, kept: Iterable[Any] = (), other: Callable[[str, Any], Any] | None = None
    ) -> None:
        """Begin a message.

        Args:
            kept: The numbered values of the message that this one answers.
            other: Builds a value from a tag that is not of this module.
        """
        self.kept = list(kept)
        self._other = other
        self._depth = 0

    def unpack(self, packed: Any) -> Any:
        """The value of a JSON form.

        Raises:
            Malformed: It is the form of no value. The unpacker is of no use after.
        """
        try:
            return self._value(packed)
        # Decimal's errors are of arithmetic; whatever the constructors raise is the sender's fault.
        except (
            ArithmeticError,
            AttributeError,
            LookupError,
            MemoryError,
            RecursionError,
            TypeError,
            ValueError,
        ) as error:
            raise Malformed(f"the form of no value: {type(error).__name__}") from None

    def _value(self, packed: Any) -> Any:  # noqa: PLR0911 - one for each kind
        if type(packed) is list:
            self.kept.append(packed)
            return self._elements(packed)
        if type(packed) is not dict:
            return packed
        ((tag, body),) = packed.items()
        if tag == "r":
            if type(body) is not int or body < 0:
                raise Malformed("a reference that is no number")
            return self.kept[body]
        if tag in BUILT:
            return BUILT[tag](body)
        if tag in _FILLED:
            return self._filled(tag, body)
        if tag in _IMMUTABLE:
            value = _IMMUTABLE[tag](self._elements(body))
        elif tag == "nan":
            value = math.nan if body is True else float("nan")
        elif self._other is not None:
            return self._other(tag, body)
        else:
            raise Malformed("an unknown tag")
        self.kept.append(value)
        return value

    def _filled(self, tag: str, body: Any) -> Any:
        value: Any
        if tag == "deque":
            value = deque(maxlen=body.pop(0))
        elif tag == "defaultdict":
            name = body.pop(0)
            value = defaultdict(None if name is None else CLASS_OF[name])
            if name is not None and value.default_factory not in _FACTORIES:
                raise Malformed("a factory that is none")
        else:
            value = _FILLED[tag]()
        self.kept.append(value)
        refill(value, self.part(value, body))
        return value

    def part(self, value: Any, packed: Any) -> Any:
        """Build what `Packer.held` gave for a mutable value of the same type."""
        return build_bytes(packed) if type(value) is bytearray else self._elements(packed)

    def _elements(self, packed: Any) -> list[Any]:
        """Build the elements of an array, in its place."""
        if type(packed) is not list:
            raise Malformed("no array")
        if _NESTED.isdisjoint(map(type, packed)):
            return packed
        self._depth += 1
        if self._depth > DEEPEST + 1:
            raise Malformed("values nested too deep")
        for position, element in enumerate(packed):
            if type(element) in _NESTED:
                packed[position] = self._value(element)
        self._depth -= 1
        return packed


_IMMUTABLE: dict[str, Callable[[list[Any]], Any]] = {"t": tuple, "frozenset": frozenset}
_FILLED: dict[str, Callable[[], Any]] = {
    "d": dict,
    "set": set,
    "bytearray": bytearray,
    "OrderedDict": OrderedDict,
    "Counter": Counter,
    "deque": deque,
    "defaultdict": defaultdict,
}


def refill(value: Any, held: Any) -> None:
    """Make a mutable value hold what `holds` gave for another.

    Raises:
        TypeError: A key is not hashable.
        ValueError: A key has no value.
    """
    kind = type(value)
    if kind is set:
        new = set(held)
        # What holds the same keeps its order.
        if value != new:
            value.clear()
            value |= new
    elif kind in _MAPPINGS:
        pairs = list(zip(held[::2], held[1::2], strict=True))
        value.clear()
        for key, part in pairs:
            value[key] = part
    elif kind is deque:
        value.clear()
        value.extend(held)
    else:
        value[:] = held
