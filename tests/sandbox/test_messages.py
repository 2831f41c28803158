import json
import random

import pytest

from kodgen.sandbox import messages
from kodgen.sandbox.messages import Collected, Covered, Finish, Hello, MalformedMessage, Phase

NONCE = "0123456789abcdef0123456789abcdef"

PHASE = {
    "kind": "phase",
    "test": 0,
    "when": "call",
    "outcome": "passed",
    "expected_failure": False,
    "error": "",
    "module": "",
    "message": "",
}


def encode(body: object) -> bytes:
    return NONCE.encode() + json.dumps(body).encode()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"kind": "hello"}, Hello()),
        ({"kind": "collected", "names": ["test_a"], "total": 1}, Collected(("test_a",), 1)),
        (PHASE, Phase(0, "call", "passed", False, "", "", "")),
        ({"kind": "coverage", "executed": 2, "statements": 3}, Covered(2, 3)),
        ({"kind": "finish", "tests": 1, "phases": 3}, Finish(1, 3)),
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
        encode({"kind": "finish", "tests": True, "phases": 3}),
        encode({"kind": "finish", "tests": 1.0, "phases": 3}),
        encode({"kind": "finish", "tests": -1, "phases": 3}),
        encode({"kind": "coverage", "executed": 4, "statements": 3}),
        encode({"kind": "collected", "names": "test_a", "total": 6}),
        encode({"kind": "collected", "names": [1], "total": 1}),
        encode({**PHASE, "when": "before"}),
        encode({**PHASE, "outcome": ["passed"]}),
        encode({**PHASE, "expected_failure": 0}),
        encode({**PHASE, "error": "x" * 1000}),
        encode({**PHASE, "test": 10**9}),
        NONCE.encode() + b'{"kind": "finish", "tests": NaN, "phases": 1}',
        NONCE.encode() + b"[" * 60_000,
        NONCE.encode() + b'{"kind": "finish", "tests": ' + b"1" * 60_000 + b', "phases": 1}',
        NONCE.encode() + b"\xff\xfe",
        NONCE.encode() + b" " * 70_000,
    ],
)
def test_refuses_anything_else(datagram: bytes) -> None:
    with pytest.raises(MalformedMessage):
        messages.decode(datagram, NONCE)


def test_random_and_mutated_datagrams_are_read_or_refused_never_more() -> None:
    chance = random.Random(1)
    good = [encode(PHASE), encode({"kind": "collected", "names": ["test_a", "b"], "total": 2})]
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
