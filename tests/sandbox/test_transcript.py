import json
from typing import Any

import pytest

from kodgen.sandbox.transcript import Transcript

NONCE = "f" * 32
TRIAL = 77


def say(transcript: Transcript, *bodies: dict[str, Any], sender: int = TRIAL) -> Transcript:
    for body in bodies:
        transcript.hear(NONCE.encode() + json.dumps(body).encode(), sender)
    return transcript


HELLO = {"kind": "hello"}


def collected(*names: str, total: int | None = None) -> dict[str, Any]:
    count = len(names) if total is None else total
    return {"kind": "collected", "names": list(names), "total": count}


def report(test: int, setup: str = "passed", call: str = "passed") -> dict[str, Any]:
    return {
        "kind": "test",
        "test": test,
        "setup": setup,
        "call": call,
        "teardown": "passed",
        "expected_failure": False,
        "seconds": 0.1,
        "cpu_seconds": 0.1,
        "reached": False,
        "lied": False,
        "error": "",
        "module": "",
        "message": "",
    }


INTEGRITY = {"kind": "integrity", "changed": []}
FINISH = {"kind": "finish", "tests": 1, "reports": 1, "threads": 0}


def test_a_whole_story_is_believed() -> None:
    transcript = say(Transcript(NONCE), HELLO, collected("test_a"), report(0), INTEGRITY, FINISH)
    assert transcript.complaint is None
    assert transcript.finished
    assert transcript.pid == TRIAL


def test_names_may_come_in_parts() -> None:
    transcript = say(Transcript(NONCE), HELLO, collected("a", total=2), collected("b", total=2))
    assert transcript.complaint is None
    assert transcript.names == ["a", "b"]


def test_a_test_whose_setup_failed_is_not_called() -> None:
    story = [HELLO, collected("a"), report(0, "failed", "")]
    assert say(Transcript(NONCE), *story).complaint is None


@pytest.mark.parametrize(
    "story",
    [
        [collected("a")],
        [HELLO, HELLO],
        [HELLO, {"kind": "fault", "message": "x"}],
        [HELLO, report(0)],
        [HELLO, collected("a"), collected("b")],
        [HELLO, collected("a", "b", total=1)],
        [HELLO, collected("a"), report(1)],
        [HELLO, collected("a"), report(0, "passed", "")],
        [HELLO, collected("a"), report(0, "failed", "passed")],
        [HELLO, collected("a"), report(0), report(0)],
        [HELLO, collected("a"), FINISH],
        [HELLO, collected("a", total=2), {**FINISH, "tests": 2, "reports": 0}],
        [HELLO, collected("a"), report(0), FINISH, FINISH],
        [HELLO, collected("a", "b"), report(0), FINISH, report(1)],
        [HELLO, collected("a"), report(0), INTEGRITY, INTEGRITY],
        [HELLO, INTEGRITY],
        [HELLO, {"kind": "coverage", "executed": 1, "statements": 1}],
        [HELLO, collected(total=30_000)],
    ],
)
def test_a_story_out_of_order_is_not_believed(story: list[dict[str, Any]]) -> None:
    transcript = say(Transcript(NONCE), *story)
    assert transcript.complaint is not None


def test_another_process_is_not_heard() -> None:
    transcript = say(Transcript(NONCE), HELLO, collected("a"))
    say(transcript, report(0), FINISH, sender=TRIAL + 1)
    assert transcript.complaint is None
    assert not transcript.tests
    assert not transcript.finished


def test_another_process_may_not_flood() -> None:
    transcript = say(Transcript(NONCE), HELLO)
    for _ in range(2000):
        transcript.hear(b"noise", TRIAL + 1)
    assert transcript.complaint == "flooded"


def test_nothing_is_heard_after_a_complaint() -> None:
    transcript = say(Transcript(NONCE), HELLO, collected("a"))
    transcript.hear(b"no nonce", TRIAL)
    say(transcript, report(0), FINISH)
    assert not transcript.finished
