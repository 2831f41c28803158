import json
import random

import pytest

from kodgen.sandbox import messages
from kodgen.sandbox.messages import (
    Collected,
    Covered,
    Finish,
    Hello,
    Integrity,
    MalformedMessage,
    Reported,
)

NONCE = "0123456789abcdef0123456789abcdef"

TESTED = {
    "kind": "test",
    "test": 0,
    "setup": "passed",
    "call": "passed",
    "teardown": "passed",
    "expected_failure": False,
    "seconds": 0.25,
    "cpu_seconds": 0.125,
    "reached": True,
    "lied": False,
    "error": "",
    "module": "",
    "message": "",
}
FINISH = {"kind": "finish", "tests": 1, "reports": 1, "threads": 0}


def encode(body: object) -> bytes:
    return NONCE.encode() + json.dumps(body).encode()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"kind": "hello"}, Hello()),
        ({"kind": "collected", "names": ["test_a"], "total": 1}, Collected(("test_a",), 1)),
        (
            TESTED,
            Reported(0, "passed", "passed", "passed", False, 0.25, 0.125, True, False, "", "", ""),
        ),
        ({"kind": "coverage", "executed": 2, "statements": 3}, Covered(2, 3)),
        ({"kind": "integrity", "changed": ["builtins.all"]}, Integrity(("builtins.all",))),
        (FINISH, Finish(1, 1, 0)),
    ],
)
def test_reads_what_a_trial_sends(body: object, message: object) -> None:
    assert messages.decode(encode(body), NONCE) == message


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        b"{}",
        json.dumps({"kind": "hello"}).encode(),
        b"f" * 32 + json.dumps({"kind": "hello"}).encode(),
        encode([]),
        encode(7),
        encode({}),
        encode({"kind": ["hello"]}),
        encode({"kind": "hello", "extra": 1}),
        encode({"kind": "finish", "tests": 1}),
        encode({**FINISH, "tests": True}),
        encode({**FINISH, "tests": 1.0}),
        encode({**FINISH, "tests": -1}),
        encode({**FINISH, "threads": 10**9}),
        encode({"kind": "coverage", "executed": 4, "statements": 3}),
        encode({"kind": "collected", "names": "test_a", "total": 6}),
        encode({"kind": "collected", "names": [1], "total": 1}),
        encode({"kind": "integrity", "changed": "builtins.all"}),
        encode({"kind": "integrity", "changed": ["x"] * 1000}),
        encode({**TESTED, "setup": ""}),
        encode({**TESTED, "call": "maybe"}),
        encode({**TESTED, "teardown": ["passed"]}),
        encode({**TESTED, "expected_failure": 0}),
        encode({**TESTED, "seconds": True}),
        encode({**TESTED, "seconds": -1.0}),
        encode({**TESTED, "seconds": 1e300}),
        encode({**TESTED, "cpu_seconds": -1.0}),
        encode({**TESTED, "reached": 1}),
        encode({**TESTED, "lied": None}),
        encode({**TESTED, "error": "x" * 1000}),
        encode({**TESTED, "test": 10**9}),
        NONCE.encode() + b'{"kind": "finish", "tests": NaN, "reports": 1, "threads": 0}',
        NONCE.encode() + b"[" * 60_000,
        NONCE.encode()
        + b'{"kind": "finish", "tests": '
        + b"1" * 60_000
        + b', "reports": 1, "threads": 0}',
        NONCE.encode() + b"\xff\xfe",
        NONCE.encode() + b" " * 70_000,
    ],
)
def test_refuses_anything_else(datagram: bytes) -> None:
    with pytest.raises(MalformedMessage):
        messages.decode(datagram, NONCE)


def test_random_and_mutated_datagrams_are_read_or_refused_never_more() -> None:
    chance = random.Random(1)
    good = [encode(TESTED), encode({"kind": "collected", "names": ["test_a", "b"], "total": 2})]
    for _ in range(2000):
        datagram = bytearray(chance.choice(good))
        for _ in range(chance.randint(1, 8)):
            datagram[chance.randrange(len(NONCE), len(datagram))] = chance.randrange(256)
        noise = NONCE.encode() + chance.randbytes(chance.randrange(200))
        for candidate in (bytes(datagram), noise):
            try:
                messages.decode(candidate, NONCE)
            except MalformedMessage:
                continue


def test_lone_surrogates_are_made_storable() -> None:
    body = {"kind": "collected", "names": ["test_a[\ud800]"], "total": 1}
    message = messages.decode(encode(body), NONCE)
    assert message == Collected(("test_a[\\ud800]",), 1)
