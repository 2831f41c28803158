"""Random and mutated material: messages of a report, and sources of solutions and tests."""

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

WRONG = "def area(width, height):\n    return 987_654_321\n"
CHECKING = """\
from solution import area


def test_rectangle():
    assert area(3, 5) == 15 and area(2, 2) == 4
    assert area(1, 7) == 7


def test_flat():
    assert area(0, 9) == 0 and area(4, 4) == 16
"""

_EMPTY = {"error": "", "module": "", "message": ""}
_TEST = {
    "kind": "test",
    "setup": "passed",
    "teardown": "passed",
    "expected_failure": False,
    "seconds": 0.001,
    "cpu_seconds": 0.001,
    "reached": False,
    "lied": False,
    **_EMPTY,
}
STORY: list[dict[str, Any]] = [
    {"kind": "hello"},
    {"kind": "collected", "names": ["test_rectangle", "test_flat"], "total": 2},
    {**_TEST, "test": 0, "call": "passed"},
    {**_TEST, "test": 1, "call": "failed", "error": "AssertionError"},
    {"kind": "coverage", "executed": 2, "statements": 2},
    {"kind": "integrity", "changed": []},
    {"kind": "finish", "tests": 2, "reports": 2, "threads": 0},
]
"""What an honest run of `WRONG` says: one test passes, one fails."""

_STRANGE: list[Any] = [
    None, True, False, -1, 0, 1, 2, 10**9, 10**40, 1.5, 1e308, "", "passed", "hello", "x" * 70_000,
    "\ud800", "\x00", [], [[]], ["test_flat"], [None] * 100, {}, {"kind": "finish"}, [["a"] * 10] * 10,
]  # fmt: skip


def message(chance: random.Random, nonce: bytes) -> bytes:
    """A datagram that is no message, or hardly one, most of the time."""
    kind = chance.randrange(6)
    if kind == 0:
        return chance.randbytes(chance.randrange(300))
    if kind == 1:
        return nonce + chance.randbytes(chance.randrange(300))
    if kind == 2:
        return nonce[: chance.randrange(len(nonce) + 1)] + _encoded(chance.choice(STORY))
    body = dict(chance.choice(STORY))
    if kind == 3:
        return nonce + mutated(_encoded(body), chance)
    name = chance.choice(list(body))
    if kind == 4:
        body[name] = chance.choice(_STRANGE)
    else:
        value = body.pop(name)
        if chance.random() < 0.5:
            body[chance.choice(["kind", "Kind", "tests", "names", name.upper()])] = value
    return nonce + _encoded(body)


def _encoded(body: dict[str, Any]) -> bytes:
    return json.dumps(body).encode()


def mutated(text: bytes, chance: random.Random) -> bytes:
    """The same with some bytes changed, lost, doubled or moved."""
    data = bytearray(text)
    for _ in range(chance.randint(1, 8)):
        if not data:
            break
        place = chance.randrange(len(data))
        match chance.randrange(4):
            case 0:
                data[place] = chance.randrange(256)
            case 1:
                del data[place : place + chance.randint(1, 10)]
            case 2:
                data[place:place] = data[place : place + chance.randint(1, 20)]
            case _:
                data[place] ^= 1 << chance.randrange(8)
    return bytes(data)


def story(chance: random.Random, nonce: bytes) -> Iterator[bytes]:
    """A failing run's messages, with some lost, doubled, out of order, or replaced by others."""
    told = [nonce + _encoded(body) for body in STORY]
    match chance.randrange(4):
        case 0:
            chance.shuffle(told)
        case 1:
            del told[chance.randrange(len(told))]
        case 2:
            told.insert(chance.randrange(len(told)), chance.choice(told))
        case _:
            pass
    for one in told:
        if chance.random() < 0.3:
            yield message(chance, nonce)
        yield one


BOMBS: dict[str, Callable[[int], str]] = {
    "parentheses": lambda size: "(" * size + ")" * size,
    "brackets": lambda size: "x = " + "[" * size,
    "signs": lambda size: "x = " + "-" * size + "1",
    "negations": lambda size: "x = " + "not " * size + "1",
    "attributes": lambda size: "x = a" + ".b" * size,
    "calls": lambda size: "x = a" + "()" * size,
    "sums": lambda size: "x = 1" + " + 1" * size,
    "powers": lambda size: "x = 1" + " ** 1" * size,
    "comparisons": lambda size: "assert 1" + " == 1" * size,
    "choices": lambda size: "x = " + "1 if 1 else " * size + "1",
    "functions": lambda size: "x = " + "lambda: " * size + "1",
    "branches": lambda size: "if 1:\n  pass\n" + "elif 1:\n  pass\n" * size,
    "blocks": lambda size: "".join(f"{' ' * n}if 1:\n" for n in range(min(size, 99))) + " " * 99,
    "decorators": lambda size: "@a\n" * size + "def test_x():\n    pass\n",
    "tests": lambda size: "".join(f"def test_{n}(): pass\n" for n in range(size)),
    "classes": lambda size: "".join(f"{' ' * n}class Test{n}:\n" for n in range(min(size, 99))),
    "a number": lambda size: "x = " + "9" * size,
    "a name": lambda size: "def test_" + "x" * size + "():\n    assert 1\n",
    "a string": lambda size: "x = '" + "y" * size + "'",
    "formats": lambda size: "x = f'" + "{1}" * size + "'",
    "nested formats": lambda size: "x = " + "f'{" * min(size, 200) + "1" + "}'" * min(size, 200),
    "escapes": lambda size: "x = '" + "\\N{DIGIT ONE}" * (size // 10) + "'",
    "continued lines": lambda size: "x = 1 " + "\\\n" * size,
    "semicolons": lambda size: "x = 1;" * size,
    "null characters": lambda size: "\x00" * size,
    "form feeds": lambda size: "\x0c\n" * size + "x = 1",
    "marks": lambda size: "\ufeff" * size,
    "surrogates": lambda size: "x = '" + "\ud800" * size + "'",
    "an encoding": lambda size: "# -*- coding: utf-16 -*-\nx = 1",
    "an unknown encoding": lambda size: "# -*- coding: rot13 -*-\nk = 1",
    "carriage returns": lambda size: "x = 1\r" * size,
    "matches": lambda size: "match 1:\n" + "  case 1:\n    pass\n" * size,
    "patterns": lambda size: "match 1:\n  case " + "[" * size + "]" * size + ":\n    pass\n",
}  # fmt: skip


def random_source(chance: random.Random) -> str:
    """Bytes that were never meant to be Python, as text."""
    data = chance.randbytes(chance.randrange(1, 400))
    encoding = chance.choice(["latin-1", "utf-8", "ascii"])
    return data.decode(encoding, "surrogateescape")


def mutated_source(source: str, chance: random.Random) -> str:
    """A source with changes on the level of bytes, of lines or of words."""
    match chance.randrange(3):
        case 0:
            return mutated(source.encode(), chance).decode("utf-8", "surrogateescape")
        case 1:
            lines = source.splitlines(keepends=True)
            for _ in range(chance.randint(1, 3)):
                place = chance.randrange(len(lines))
                lines[place : place + 1] = chance.choice(
                    [[], [lines[place]] * 2, [" " + lines[place]]]
                )
                lines = lines or ["\n"]
            return "".join(lines)
        case _:
            words = source.split(" ")
            for _ in range(chance.randint(1, 3)):
                place = chance.randrange(len(words))
                words[place] = chance.choice(
                    [chance.choice(words), "yield", "await", "", "*", "global"]
                )
            return " ".join(words)


def pairs(chance: random.Random, count: int) -> Iterator[tuple[str, str]]:
    """Solutions and tests of which at least one is no good, and that can't pass."""
    for number in range(count):
        match number % 4:
            case 0:
                yield random_source(chance), CHECKING
            case 1:
                yield WRONG, random_source(chance)
            case 2:
                yield mutated_source(WRONG, chance), CHECKING
            case _:
                yield WRONG, mutated_source(CHECKING, chance)
