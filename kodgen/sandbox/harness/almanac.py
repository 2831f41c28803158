"""Another day: in a rerun, the calendar shows a date and a time of day of its own.

What holds today only, at an even second, on a weekday, then does not hold. `datetime` reads its
clock below Python, so its two classes that know of now are replaced; what they make are still
objects of the true classes, which count as objects of the replacing ones.
"""

import copyreg
import datetime as dt
import time
from collections.abc import Callable
from typing import Any

SHIFT = 397 * 86_400 + 3 * 3_600 + 7 * 60 + 11
"""Seconds: another year, month, day, weekday and hour, an odd number of minutes and of seconds."""

_Date, _Datetime = dt.date, dt.datetime


class _Alike(type):
    """The metaclass of a class that stands for another."""

    def __instancecheck__(cls, thing: object) -> bool:
        return isinstance(thing, _TRUE.get(cls.__name__, cls))

    def __subclasscheck__(cls, other: type) -> bool:
        return issubclass(other, _TRUE.get(cls.__name__, cls))


_TRUE: dict[str, type] = {"date": _Date, "datetime": _Datetime}


def _shifted(cls: type, moment: Any) -> Any:
    """A moment `SHIFT` later; of the class of the solution's own, where that was asked."""
    later = moment + dt.timedelta(seconds=SHIFT)
    if _is_ours(cls):
        return later
    clock = (later.hour, later.minute, later.second, later.microsecond, later.tzinfo)
    return cls(later.year, later.month, later.day, *(clock if issubclass(cls, _Datetime) else ()))


def _made(cls: type, *arguments: Any, **named: Any) -> Any:
    true = _Datetime if issubclass(cls, _Datetime) else _Date
    return true.__new__(true if _is_ours(cls) else cls, *arguments, **named)


def _stand_in(true: type, readers: dict[str, Callable[..., Any]]) -> type:
    body = {"__new__": _made, "__slots__": (), "__module__": "datetime", "__doc__": true.__doc__}
    body |= {name: classmethod(reader) for name, reader in readers.items()}
    made = _Alike(true.__name__, (true,), body)
    # An object is pickled by the name of its class, which now leads to the one in its place.
    copyreg.pickle(true, lambda thing: (made, *thing.__reduce_ex__(2)[1:]))
    return made


def shift() -> None:
    """From now on, the calendar is `SHIFT` seconds ahead, read through `time` or `datetime`."""
    now, utcnow = _Datetime.now, _Datetime.utcnow
    module: Any = dt
    module.date = _stand_in(
        _Date,
        {
            "today": lambda cls: (
                _shifted(cls, now()).date() if _is_ours(cls) else _shifted(cls, now())
            )
        },
    )
    module.datetime = _stand_in(
        _Datetime,
        {
            "now": lambda cls, tz=None: _shifted(cls, now(tz)),
            "utcnow": lambda cls: _shifted(cls, utcnow()),
            "today": lambda cls: _shifted(cls, now()),
        },
    )
    clock, clock_ns = time.time, time.time_ns
    time.time = lambda: clock() + SHIFT
    time.time_ns = lambda: clock_ns() + SHIFT * 1_000_000_000
    for name in ("gmtime", "localtime", "ctime"):
        setattr(time, name, _of_now(getattr(time, name)))
    write, asctime = time.strftime, time.asctime
    time.strftime = lambda form, *when: write(form, *(when or (time.localtime(),)))
    time.asctime = lambda *when: asctime(*(when or (time.localtime(),)))


def _is_ours(cls: type) -> bool:
    return cls.__module__ == "datetime"


def _of_now(read: Callable[..., Any]) -> Callable[..., Any]:
    def shifted(seconds: float | None = None) -> Any:
        return read(time.time() if seconds is None else seconds)

    return shifted
