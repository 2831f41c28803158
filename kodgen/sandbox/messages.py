"""What a trial may say on the report channel, read with suspicion.

A trial is untrusted: its bytes may be anything. Every message is checked in type and size, and
what fails is a `MalformedMessage`, never another exception.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, NoReturn, cast

LONGEST_MESSAGE = 65_536
"""Bytes of one datagram."""
NONCE_LENGTH = 32
"""Characters of the nonce before each message: 128 bits in hex."""
MOST_TESTS = 20_000
_LONGEST_NAME = 400
_LONGEST_TEXT = 2000
_MOST_SECONDS = 1e7
_MOST_CHANGED = 100

PhaseOutcome = Literal["passed", "failed", "skipped", ""]
"""Of one phase of a test; empty for a call that never was."""


class MalformedMessage(Exception):
    """A datagram that no honest trial sends."""


@dataclass(frozen=True, slots=True)
class Hello:
    """The trial is confined and about to run untrusted code."""


@dataclass(frozen=True, slots=True)
class Fault:
    """The trial could not be set up."""

    message: str


@dataclass(frozen=True, slots=True)
class Collected:
    """Names of collected tests, or some of them; `total` is the number of all."""

    names: tuple[str, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Uncollected:
    """A module or class that could not be collected, or asked to be skipped."""

    skipped: bool
    error: str
    module: str
    message: str


@dataclass(frozen=True, slots=True)
class Reported:
    """One test that ran to its end, by its position among the collected."""

    test: int
    setup: PhaseOutcome
    call: PhaseOutcome
    teardown: PhaseOutcome
    expected_failure: bool
    seconds: float
    cpu_seconds: float
    """Of the call alone, setup and teardown left out."""
    reached: bool
    """In a control run: the impossible check was evaluated."""
    lied: bool
    """In a control run: a value said that it equals what nothing equals."""
    error: str
    module: str
    message: str


@dataclass(frozen=True, slots=True)
class Covered:
    """Statements of the solution that ran, and all of them."""

    executed: int
    statements: int


@dataclass(frozen=True, slots=True)
class Interrupted:
    """What ended the session before its finish."""

    error: str
    module: str
    message: str


@dataclass(frozen=True, slots=True)
class Integrity:
    """Names of what untrusted code changed in the interpreter or in pytest."""

    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """What a split run came to, besides its tests' outcomes."""

    unportable: str
    """Why solution and tests can't be in two processes; empty if they can."""
    broken: str
    """How the solution's process failed; empty if it did not."""


@dataclass(frozen=True, slots=True)
class Finish:
    """All was run; how many tests were collected, how many reported, and threads still alive."""

    tests: int
    reports: int
    threads: int


Message = (
    Hello
    | Fault
    | Collected
    | Uncollected
    | Reported
    | Covered
    | Integrity
    | Split
    | Interrupted
    | Finish
)


def decode(datagram: bytes, nonce: str) -> Message:
    """Read one datagram.

    Raises:
        MalformedMessage: It lacks the nonce, or is not exactly what a message must be.
    """
    if len(datagram) > LONGEST_MESSAGE or datagram[:NONCE_LENGTH] != nonce.encode():
        raise MalformedMessage("too long, or without the nonce")
    try:
        body = json.loads(datagram[NONCE_LENGTH:], parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise MalformedMessage("not JSON") from error
    if not isinstance(body, dict):
        raise MalformedMessage("not an object")
    kind = body.pop("kind", None)
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    if reader is None:
        raise MalformedMessage("of unknown kind")
    fields, build = reader
    if body.keys() != fields:
        raise MalformedMessage(f"{kind}: other fields than {sorted(fields)}")
    return build(body)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise MalformedMessage("a text that is none, or too long")
    # Lone surrogates could not be stored.
    return value.encode("utf-8", "backslashreplace").decode()


def _count(value: Any, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise MalformedMessage("a count that is none, or out of range")
    return value


def _flag(value: Any) -> bool:
    if type(value) is not bool:
        raise MalformedMessage("a flag that is none")
    return value


def _choice(value: Any, allowed: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise MalformedMessage("none of the values allowed")
    return value


def _failure(body: dict[str, Any]) -> dict[str, str]:
    return {
        "error": _text(body["error"], _LONGEST_NAME),
        "module": _text(body["module"], _LONGEST_NAME),
        "message": _text(body["message"], _LONGEST_TEXT),
    }


def _collected(body: dict[str, Any]) -> Collected:
    names = body["names"]
    if not isinstance(names, list) or len(names) > MOST_TESTS:
        raise MalformedMessage("names that are no list, or too many")
    return Collected(
        names=tuple(_text(name, _LONGEST_NAME) for name in names),
        total=_count(body["total"], 10**9),
    )


def _seconds(value: Any) -> float:
    if type(value) not in {int, float} or not 0 <= value <= _MOST_SECONDS:
        raise MalformedMessage("a time that is none, or out of range")
    return float(value)


_PHASE = ("passed", "failed", "skipped")


def _tested(body: dict[str, Any]) -> Reported:
    return Reported(
        test=_count(body["test"], MOST_TESTS),
        setup=cast("PhaseOutcome", _choice(body["setup"], _PHASE)),
        call=cast("PhaseOutcome", _choice(body["call"], (*_PHASE, ""))),
        teardown=cast("PhaseOutcome", _choice(body["teardown"], _PHASE)),
        expected_failure=_flag(body["expected_failure"]),
        seconds=_seconds(body["seconds"]),
        cpu_seconds=_seconds(body["cpu_seconds"]),
        reached=_flag(body["reached"]),
        lied=_flag(body["lied"]),
        **_failure(body),
    )


def _integrity(body: dict[str, Any]) -> Integrity:
    changed = body["changed"]
    if not isinstance(changed, list) or len(changed) > _MOST_CHANGED:
        raise MalformedMessage("names that are no list, or too many")
    return Integrity(tuple(_text(name, _LONGEST_NAME) for name in changed))


def _covered(body: dict[str, Any]) -> Covered:
    statements = _count(body["statements"], 10**7)
    return Covered(executed=_count(body["executed"], statements), statements=statements)


_PHASES = ("setup", "call", "teardown")
_FAILURE = {"error", "module", "message"}
_READERS: dict[str, tuple[set[str], Callable[[dict[str, Any]], Message]]] = {
    "hello": (set(), lambda _: Hello()),
    "fault": ({"message"}, lambda body: Fault(_text(body["message"], _LONGEST_TEXT))),
    "collected": ({"names", "total"}, _collected),
    "uncollected": (
        {"skipped", *_FAILURE},
        lambda body: Uncollected(skipped=_flag(body["skipped"]), **_failure(body)),
    ),
    "test": (
        {
            *("test", *_PHASES, "expected_failure", "seconds", "cpu_seconds"),
            *("reached", "lied", *_FAILURE),
        },
        _tested,
    ),
    "coverage": ({"executed", "statements"}, _covered),
    "integrity": ({"changed"}, _integrity),
    "split": (
        {"unportable", "broken"},
        lambda body: Split(
            _text(body["unportable"], _LONGEST_TEXT), _text(body["broken"], _LONGEST_TEXT)
        ),
    ),
    "interrupted": (_FAILURE, lambda body: Interrupted(**_failure(body))),
    "finish": (
        {"tests", "reports", "threads"},
        lambda body: Finish(
            tests=_count(body["tests"], MOST_TESTS),
            reports=_count(body["reports"], MOST_TESTS),
            threads=_count(body["threads"], 10**6),
        ),
    ),
}
