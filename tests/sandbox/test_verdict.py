import json
import random
from typing import Any

import pytest

from kodgen.sandbox.messages import Covered, Phase, Uncollected
from kodgen.sandbox.transcript import Transcript
from kodgen.sandbox.verdict import Ending, decide

TEST = "def test_a(): pass\ndef test_b(): pass\n"


def phases(test: int, **outcomes: str) -> list[Phase]:
    whole = {"setup": "passed", "call": "passed", "teardown": "passed"} | outcomes
    return [
        Phase(test, when, outcome, False, "ValueError" if outcome == "failed" else "", "", "")  # type: ignore[arg-type]
        for when, outcome in whole.items()
        if outcome
    ]


def story(*tests: list[Phase], names: tuple[str, ...] = ("test_a", "test_b")) -> Transcript:
    transcript = Transcript("")
    transcript.pid = 1
    transcript.names = list(names)
    transcript.total = len(names)
    transcript.phases = {test[0].test: test for test in tests}
    transcript.finished = True
    return transcript


def unfinished() -> Transcript:
    transcript = story(phases(0))
    transcript.finished = False
    return transcript


def judged(transcript: Transcript, test: str = TEST, **ending: Any) -> tuple[str, str]:
    seen = {"wall_seconds": 0.1, "cpu_seconds": 0.1, "peak_memory_bytes": 1} | ending
    verdict = decide(transcript, Ending(**seen), test, 10, "namespaces")
    return verdict.outcome, verdict.reason


def test_all_passed() -> None:
    transcript = story(phases(0), phases(1))
    transcript.covered = Covered(2, 3)
    verdict = decide(transcript, Ending(0.2, 0.1, 5), TEST, 10, "namespaces")
    assert verdict.passed
    assert verdict.coverage == 66.67
    assert [test.name for test in verdict.tests] == ["test_a", "test_b"]
    assert verdict.observed is not None
    assert verdict.observed.peak_memory_bytes == 5


def test_no_statement_is_covered_whole() -> None:
    transcript = story(phases(0), phases(1))
    transcript.covered = Covered(0, 0)
    assert decide(transcript, Ending(0.2, 0.1, 5), TEST, 10, "namespaces").coverage == 100.0


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        ([phases(0), phases(1, call="failed")], ("failed", "exception")),
        ([phases(0), phases(1, setup="failed", call="")], ("error", "fixture_error")),
        ([phases(0), phases(1, teardown="failed")], ("error", "fixture_error")),
        ([phases(0), phases(1, setup="skipped", call="")], ("skipped", "skipped")),
        ([phases(0), phases(1, call="skipped")], ("skipped", "skipped")),
        ([phases(0, call="skipped"), phases(1, call="failed")], ("failed", "exception")),
        ([phases(0)], ("tampered", "unreported_tests")),
        ([phases(0), phases(1)[:2]], ("tampered", "unreported_tests")),
    ],
)
def test_outcome_of_tests(tests: list[list[Phase]], expected: tuple[str, str]) -> None:
    assert judged(story(*tests)) == expected


def test_expected_failures_do_not_pass() -> None:
    for outcome, name in (("skipped", "xfailed"), ("passed", "xpassed")):
        story_ = story(phases(0), [*phases(1)[:1], *phases(1)[2:]])
        story_.phases[1].insert(1, Phase(1, "call", outcome, True, "", "", ""))  # type: ignore[arg-type]
        verdict = decide(story_, Ending(0.2, 0.1, 5), TEST, 10, "namespaces")
        assert verdict.outcome == "skipped"
        assert verdict.tests[1].outcome == name


@pytest.mark.parametrize(
    ("error", "reason"),
    [("AssertionError", "assertion"), ("Failed", "assertion"), ("KeyError", "exception")],
)
def test_reason_of_a_failure(error: str, reason: str) -> None:
    failing = phases(1)
    failing[1] = Phase(1, "call", "failed", False, error, "", "")
    assert judged(story(phases(0), failing)) == ("failed", reason)


def test_a_dependency_missing_at_call_time() -> None:
    failing = phases(1)
    failing[1] = Phase(1, "call", "failed", False, "ModuleNotFoundError", "numpy.linalg", "")
    assert judged(story(phases(0), failing)) == ("error", "missing_dependency")


@pytest.mark.parametrize(
    ("error", "module", "reason"),
    [
        ("SyntaxError", "", "syntax_error"),
        ("IndentationError", "", "syntax_error"),
        ("ImportError", "", "import_error"),
        ("ModuleNotFoundError", "solution.part", "import_error"),
        ("ModuleNotFoundError", "test_solution", "import_error"),
        ("ModuleNotFoundError", "msvcrt", "import_error"),
        ("ModuleNotFoundError", "numpy.linalg", "missing_dependency"),
        ("NameError", "", "collection_error"),
        ("KeyError", "numpy", "collection_error"),
    ],
)
def test_reason_of_a_failed_collection(error: str, module: str, reason: str) -> None:
    transcript = story(names=())
    transcript.uncollected = [Uncollected(False, error, module, "said")]
    assert judged(transcript) == ("error", reason)


def test_nothing_collected() -> None:
    assert judged(story(names=())) == ("no_tests", "no_tests")
    transcript = story(names=())
    transcript.uncollected = [Uncollected(True, "Skipped", "", "")]
    assert judged(transcript) == ("skipped", "module_skipped")


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (TEST + "def test_c(): pass\n", ("tampered", "tests_missing")),
        ("def test_a(): pass\n", ("tampered", "unexpected_tests")),
        ("def (", ("error", "unreadable_tests")),
        ("from solution import *\n" + TEST, ("passed", "")),
    ],
)
def test_own_reading_of_the_file_decides(test: str, expected: tuple[str, str]) -> None:
    assert judged(story(phases(0), phases(1)), test) == expected


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        ({}, ("error", "ended_early")),
        ({"signal": 24}, ("timeout", "cpu")),
        ({"signal": 9, "cpu_seconds": 9.9}, ("timeout", "cpu")),
        ({"signal": 9}, ("crash", "signal")),
        ({"signal": 11}, ("crash", "signal")),
        ({"signal": 25}, ("limit", "file_size")),
        ({"signal": 9, "out_of_memory": True}, ("oom", "memory")),
        ({"signal": 9, "stopped": "wall"}, ("timeout", "wall")),
        ({"signal": 9, "stopped": "wall", "starved": True}, ("infra", "starved")),
        (
            {"signal": 9, "stopped": "wall", "starved": True, "cpu_seconds": 6},
            ("timeout", "wall"),
        ),
        ({"fault": "the fork server is gone"}, ("infra", "sandbox_fault")),
    ],
)
def test_an_end_before_the_finish(ending: dict[str, Any], expected: tuple[str, str]) -> None:
    assert judged(unfinished(), **ending) == expected


def test_results_so_far_are_kept() -> None:
    verdict = decide(unfinished(), Ending(1, 1, 1, signal=24), TEST, 10, "namespaces")
    assert [(test.name, test.outcome) for test in verdict.tests] == [("test_a", "passed")]


def test_lingering_after_the_finish_does_not_matter() -> None:
    whole = story(phases(0), phases(1))
    assert judged(whole, signal=9, stopped="finished") == ("passed", "")
    assert judged(whole, signal=11) == ("crash", "signal")


def test_a_bad_report_is_tampering() -> None:
    transcript = story(phases(0), phases(1))
    transcript.complaint = "malformed"
    assert judged(transcript, signal=9, stopped="complaint") == ("tampered", "bad_report")
    transcript.too_many_tests = True
    assert judged(transcript) == ("limit", "too_many_tests")


def test_mutated_reports_of_a_failure_never_pass() -> None:
    chance = random.Random(2)
    nonce = "f" * 32
    failure = {"error": "AssertionError", "module": "", "message": "no"}
    story_ = [
        {"kind": "hello"},
        {"kind": "collected", "names": ["test_a", "test_b"], "total": 2},
        *(
            {"kind": "phase", "test": test, "when": when, "expected_failure": False}
            | {"outcome": "failed" if (test, when) == (1, "call") else "passed"}
            | (failure if (test, when) == (1, "call") else dict.fromkeys(failure, ""))
            for test in (0, 1)
            for when in ("setup", "call", "teardown")
        ),
        {"kind": "finish", "tests": 2, "phases": 6},
    ]
    for _ in range(1000):
        transcript = Transcript(nonce)
        for body in chance.sample(story_, len(story_)) if chance.random() < 0.2 else story_:
            datagram = bytearray(nonce.encode() + json.dumps(body).encode())
            if chance.random() < 0.3:
                datagram[chance.randrange(len(datagram))] = chance.randrange(256)
            if chance.random() < 0.05:
                continue
            transcript.hear(bytes(datagram), chance.choice([7, 7, 7, 7, 8]))
        verdict = decide(transcript, Ending(0.1, 0.1, 1), TEST, 10, "namespaces")
        assert verdict.outcome != "passed"
