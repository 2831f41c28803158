"""Builds plain values from tagged JSON (see `values` for its form), and trusts nothing in it.

The sender may be hostile. Every value is made by its own type's constructor, from JSON that was
bounded in bytes, values and depth before; what makes no value is `Malformed`, never a crash.
"""

import json
import math
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable
from typing import Any

from .leaves import BUILT, CLASS_OF, Malformed, build_bytes
from .values import DEEPEST, FACTORIES, MAPPINGS, has_too_many_parts

_NESTED = frozenset({list, dict})


def loads(body: bytes) -> Any:
    """The JSON of a message, still packed.

    Raises:
        Malformed: It is no JSON, too deep or too large.
    """
    if has_too_many_parts(body):
        raise Malformed("a message of too many parts")
    try:
        return json.loads(body.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError, MemoryError) as error:
        raise Malformed(f"a message that is no JSON: {error}") from None


_FAULTS = (
    ArithmeticError,  # Decimal's errors are such.
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What constructors raise when they are given nonsense: the sender's fault."""


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
        except _FAULTS as error:
            raise _no_form(error) from None

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
            if name is not None and value.default_factory not in FACTORIES:
                raise Malformed("a factory that is none")
        else:
            value = _FILLED[tag]()
        self.kept.append(value)
        refill(value, self._part(value, body))
        return value

    def part(self, value: Any, packed: Any) -> Any:
        """Build what a mutable value is to hold: as a dictionary, a set, a list or bytes.

        Raises:
            Malformed: Nothing that such a value can hold.
        """
        try:
            return self._part(value, packed)
        except _FAULTS as error:
            raise _no_form(error) from None

    def _part(self, value: Any, packed: Any) -> Any:
        kind = type(value)
        if kind is bytearray:
            return build_bytes(packed)
        held = self._elements(packed)
        if kind in MAPPINGS:
            return dict(zip(held[::2], held[1::2], strict=True))
        return set(held) if kind is set else held

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


def _no_form(error: Exception) -> Malformed:
    return Malformed(f"the form of no value: {type(error).__name__}")


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
    """Make a mutable value hold what `Unpacker.part` built for it; can't fail."""
    kind = type(value)
    if kind is set:
        # What holds the same keeps its order.
        if value != held:
            value.clear()
            value |= held
    elif kind in MAPPINGS:
        value.clear()
        for key, part in held.items():
            value[key] = part
    elif kind is deque:
        value.clear()
        value.extend(held)
    else:
        value[:] = held
