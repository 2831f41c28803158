"""Plain values that hold no others, as JSON and back: numbers, bytes, dates, builtin classes.

Part of `values`, which has the containers. A leaf that JSON knows stands for itself; any other is
an object of one key, its tag.
"""

import builtins
import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

PLAIN_INTEGERS = 1 << 1024
"""Beyond it, integers go as hexadecimal: Python refuses to parse decimals of over 4,300 digits."""

CLASSES: dict[type, str] = {
    value: name
    for name, value in vars(builtins).items()
    if type(value) is type and name == value.__name__
} | {type(None): "NoneType"}
"""Builtin classes, exceptions among them: these cross by name."""
CLASS_OF = {name: value for value, name in CLASSES.items()}


class NotPlain(Exception):
    """A value has no form here; the message says which, in words."""


class Malformed(Exception):
    """What was received is no message of this kind."""


def with_article(name: str) -> str:
    """The name of a class, as of one of its instances."""
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"[:100]


def pack_integer(value: int) -> Any:
    """An integer, as one or as hexadecimal."""
    return value if -PLAIN_INTEGERS < value < PLAIN_INTEGERS else {"i": hex(value)}


def pack_bytes(value: bytes | bytearray) -> str:
    """Bytes as the characters of the same numbers."""
    return value.decode("latin-1")


def build_bytes(body: Any) -> bytes:
    """Bytes of a string.

    Raises:
        Malformed: It is no string.
        ValueError: It has a character of more than a byte.
    """
    if type(body) is not str:
        raise Malformed("bytes that are no string")
    return body.encode("latin-1")


def _optional(value: int | None) -> Any:
    return value if value is None else pack_integer(value)


def _slice(value: slice) -> Any:
    parts = [value.start, value.stop, value.step]
    if any(part is not None and type(part) is not int for part in parts):
        raise NotPlain("a slice of other than integers")
    return {"slice": [_optional(part) for part in parts]}


def _zone(value: dt.tzinfo | None) -> Any:
    if value is None:
        return None
    if type(value) is not dt.timezone:
        raise NotPlain(f"a time with {with_article(type(value).__name__)}")
    offset, *name = value.__getinitargs__()  # type: ignore[attr-defined]
    return [_delta(offset)["timedelta"], *name]


def _delta(value: dt.timedelta) -> dict[str, list[int]]:
    return {"timedelta": [value.days, value.seconds, value.microseconds]}


def _time(value: dt.time | dt.datetime) -> list[Any]:
    parts = [value.hour, value.minute, value.second, value.microsecond]
    return [*parts, value.fold, _zone(value.tzinfo)]


PACKED: dict[type, Callable[[Any], Any]] = {
    complex: lambda v: {"complex": [v.real, v.imag]},
    bytes: lambda v: {"bytes": pack_bytes(v)},
    range: lambda v: {"range": [pack_integer(n) for n in (v.start, v.stop, v.step)]},
    slice: _slice,
    type(...): lambda _: {"one": "Ellipsis"},
    type(NotImplemented): lambda _: {"one": "NotImplemented"},
    dt.date: lambda v: {"date": [v.year, v.month, v.day]},
    dt.time: lambda v: {"time": _time(v)},
    dt.datetime: lambda v: {"datetime": [v.year, v.month, v.day, *_time(v)]},
    dt.timedelta: _delta,
    dt.timezone: lambda v: {"timezone": _zone(v)},
    Decimal: lambda v: {"Decimal": str(v)},
    Fraction: lambda v: {"Fraction": [pack_integer(n) for n in (v.numerator, v.denominator)]},
}
"""Leaves by exact type."""


def _integer(body: Any) -> int:
    if type(body) is int:
        return body
    ((tag, digits),) = body.items()
    if tag != "i" or type(digits) is not str:
        raise Malformed("no integer")
    return int(digits, 16)


def _build_zone(body: Any) -> dt.timezone | None:
    if body is None:
        return None
    offset, *name = body
    return dt.timezone(dt.timedelta(*offset), *name)


def _build_time(body: Any) -> dict[str, Any]:
    names = ("hour", "minute", "second", "microsecond", "fold", "tzinfo")
    *parts, zone = body
    return dict(zip(names, [*parts, _build_zone(zone)], strict=True))


def _build_decimal(body: Any) -> Decimal:
    if type(body) is not str:
        raise Malformed("a Decimal that is no string")
    return Decimal(body)


_ONES = {"Ellipsis": ..., "NotImplemented": NotImplemented}

BUILT: dict[str, Callable[[Any], Any]] = {
    "i": lambda b: _integer({"i": b}),
    "complex": lambda b: complex(*b),
    "bytes": build_bytes,
    "range": lambda b: range(*map(_integer, b)),
    "slice": lambda b: slice(*[None if part is None else _integer(part) for part in b]),
    "one": lambda b: _ONES[b],
    "date": lambda b: dt.date(*b),
    "time": lambda b: dt.time(**_build_time(b)),
    "datetime": lambda b: dt.datetime(*b[:3], **_build_time(b[3:])),  # noqa: DTZ001
    "timedelta": lambda b: dt.timedelta(*b),
    "timezone": _build_zone,
    "Decimal": _build_decimal,
    "Fraction": lambda b: Fraction(*map(_integer, b)),
    "class": lambda b: CLASS_OF[b],
}
"""Leaves by tag; on a body that is none they raise `Malformed` or what the constructor does."""
