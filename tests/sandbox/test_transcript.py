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


def phase(test: int, when: str, outcome: str = "passed") -> dict[str, Any]:
    return {
        "kind": "phase",
        "test": test,
        "when": when,
        "outcome": outcome,
        "expected_failure": False,
        "error": "",
        "module": "",
        "message": "",
    }


ALL = [phase(0, "setup"), phase(0, "call"), phase(0, "teardown")]
FINISH = {"kind": "finish", "tests": 1, "phases": 3}


def test_a_whole_story_is_believed() -> None:
    transcript = say(Transcript(NONCE), HELLO, collected("test_a"), *ALL, FINISH)
    assert transcript.complaint is None
    assert transcript.finished
    assert transcript.pid == TRIAL


def test_names_may_come_in_parts() -> None:
    transcript = say(Transcript(NONCE), HELLO, collected("a", total=2), collected("b", total=2))
    assert transcript.complaint is None
    assert transcript.names == ["a", "b"]


def test_a_failed_setup_is_followed_by_teardown() -> None:
    story = [HELLO, collected("a"), phase(0, "setup", "failed"), phase(0, "teardown")]
    assert say(Transcript(NONCE), *story).complaint is None


@pytest.mark.parametrize(
    "story",
    [
        [collected("a")],
        [HELLO, HELLO],
        [HELLO, {"kind": "fault", "message": "x"}],
        [HELLO, phase(0, "setup")],
        [HELLO, collected("a"), collected("b")],
        [HELLO, collected("a", "b", total=1)],
        [HELLO, collected("a"), phase(1, "setup")],
        [HELLO, collected("a"), phase(0, "call")],
        [HELLO, collected("a"), phase(0, "setup"), phase(0, "setup")],
        [HELLO, collected("a"), phase(0, "setup", "failed"), phase(0, "call")],
        [HELLO, collected("a"), *ALL, phase(0, "teardown")],
        [HELLO, collected("a"), FINISH],
        [HELLO, collected("a", total=2), {"kind": "finish", "tests": 2, "phases": 0}],
        [HELLO, collected("a"), *ALL, FINISH, FINISH],
        [HELLO, collected("a"), *ALL, FINISH, phase(0, "setup")],
        [HELLO, {"kind": "coverage", "executed": 1, "statements": 1}],
        [HELLO, collected(total=30_000)],
    ],
)
def test_a_story_out_of_order_is_not_believed(story: list[dict[str, Any]]) -> None:
    transcript = say(Transcript(NONCE), *story)
    assert transcript.complaint is not None


def test_another_process_is_not_heard() -> None:
    transcript = say(Transcript(NONCE), HELLO, collected("a"))
    say(transcript, *ALL, FINISH, sender=TRIAL + 1)
    assert transcript.complaint is None
    assert not transcript.phases
    assert not transcript.finished


def test_another_process_may_not_flood() -> None:
    transcript = say(Transcript(NONCE), HELLO)
    for _ in range(2000):
        transcript.hear(b"noise", TRIAL + 1)
    assert transcript.complaint == "flooded"


def test_nothing_is_heard_after_a_complaint() -> None:
    transcript = say(Transcript(NONCE), HELLO, collected("a"))
    transcript.hear(b"no nonce", TRIAL)
    say(transcript, *ALL, FINISH)
    assert not transcript.finished
