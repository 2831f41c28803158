import json
import random
from typing import Any

import pytest

from kodgen.records import Verdict
from kodgen.sandbox import testfile
from kodgen.sandbox.messages import Covered, Finish, Integrity, Interrupted, Reported, Uncollected
from kodgen.sandbox.transcript import Transcript
from kodgen.sandbox.verdict import Ending, decide

TEST = "def test_a(): pass\ndef test_b(): pass\n"


def done(
    setup: str = "passed",
    call: str = "passed",
    teardown: str = "passed",
    error: str = "",
    module: str = "",
    expected_failure: bool = False,
) -> Reported:
    failed = "failed" in {setup, call, teardown}
    return Reported(
        0, setup, call, teardown, expected_failure, 0.5, 0.25, False, False,  # type: ignore[arg-type]
        error or ("ValueError" if failed else ""), module, "",
    )  # fmt: skip


def story(*tests: Reported, names: tuple[str, ...] = ("test_a", "test_b")) -> Transcript:
    transcript = Transcript("")
    transcript.pid = 1
    transcript.names = list(names)
    transcript.total = len(names)
    transcript.tests = dict(enumerate(tests))
    transcript.integrity = Integrity(())
    transcript.finish = Finish(len(names), len(tests), 0)
    return transcript


def unfinished() -> Transcript:
    transcript = story(done())
    transcript.finish = None
    return transcript


def seen(transcript: Transcript, ending: Ending, test: str = TEST) -> Verdict:
    return decide(transcript, ending, testfile.read(test), 10, "namespaces")


def judged(transcript: Transcript, test: str = TEST, **ending: Any) -> tuple[str, str]:
    observed = {"wall_seconds": 0.1, "cpu_seconds": 0.1, "peak_memory_bytes": 1} | ending
    verdict = seen(transcript, Ending(**observed), test)
    return verdict.outcome, verdict.reason


def test_all_passed() -> None:
    transcript = story(done(), done())
    transcript.covered = Covered(2, 3)
    verdict = seen(transcript, Ending(0.2, 0.1, 5))
    assert verdict.passed
    assert verdict.flags == ()
    assert verdict.coverage == 66.67
    assert [test.name for test in verdict.tests] == ["test_a", "test_b"]
    assert verdict.observed is not None
    assert verdict.observed.peak_memory_bytes == 5
    assert verdict.observed.test_seconds == (0.5, 0.5)
    assert verdict.observed.test_cpu_seconds == (0.25, 0.25)


def test_threads_left_behind_are_flagged() -> None:
    transcript = story(done(), done())
    transcript.finish = Finish(2, 2, 1)
    assert seen(transcript, Ending(0.2, 0.1, 5)).flags == ("leaked_thread",)


def test_what_was_changed_in_the_interpreter_is_tampering() -> None:
    transcript = story(done(), done())
    transcript.integrity = Integrity(("builtins.all",))
    assert judged(transcript) == ("tampered", "integrity")
    transcript.integrity = None
    assert judged(transcript) == ("tampered", "unreported_integrity")
    # A failure is a failure, whatever else it did.
    assert judged(story(done(), done(call="failed"))) == ("failed", "exception")


def test_no_statement_is_covered_whole() -> None:
    transcript = story(done(), done())
    transcript.covered = Covered(0, 0)
    assert seen(transcript, Ending(0.2, 0.1, 5)).coverage == 100.0


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        ([done(), done(call="failed")], ("failed", "exception")),
        ([done(), done(setup="failed", call="")], ("error", "fixture_error")),
        ([done(), done(teardown="failed")], ("error", "fixture_error")),
        ([done(), done(setup="skipped", call="")], ("skipped", "skipped")),
        ([done(), done(call="skipped")], ("skipped", "skipped")),
        ([done(call="skipped"), done(call="failed")], ("failed", "exception")),
        ([done()], ("tampered", "unreported_tests")),
    ],
)
def test_outcome_of_tests(tests: list[Reported], expected: tuple[str, str]) -> None:
    assert judged(story(*tests)) == expected


def test_expected_failures_do_not_pass() -> None:
    for outcome, name in (("skipped", "xfailed"), ("passed", "xpassed")):
        transcript = story(done(), done(call=outcome, expected_failure=True))
        verdict = seen(transcript, Ending(0.2, 0.1, 5))
        assert verdict.outcome == "skipped"
        assert verdict.tests[1].outcome == name


@pytest.mark.parametrize(
    ("error", "reason"),
    [("AssertionError", "assertion"), ("Failed", "assertion"), ("KeyError", "exception")],
)
def test_reason_of_a_failure(error: str, reason: str) -> None:
    assert judged(story(done(), done(call="failed", error=error))) == ("failed", reason)


def test_a_dependency_missing_at_call_time() -> None:
    failing = done(call="failed", error="ModuleNotFoundError", module="numpy.linalg")
    assert judged(story(done(), failing)) == ("error", "missing_dependency")


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
    assert judged(story(done(), done()), test) == expected


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        ({}, ("tampered", "ended_early")),
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


def test_an_exception_that_ends_the_session_is_an_error() -> None:
    transcript = unfinished()
    transcript.interrupted = Interrupted("SystemExit", "", "SystemExit: 0")
    assert judged(transcript) == ("error", "ended_early")


def test_results_so_far_are_kept() -> None:
    verdict = seen(unfinished(), Ending(1, 1, 1, signal=24))
    assert [(test.name, test.outcome) for test in verdict.tests] == [("test_a", "passed")]


def test_lingering_after_the_finish_does_not_matter() -> None:
    whole = story(done(), done())
    assert judged(whole, signal=9, stopped="finished") == ("passed", "")
    assert judged(whole, signal=11) == ("crash", "signal")


def test_a_bad_report_is_tampering() -> None:
    transcript = story(done(), done())
    transcript.complaint = "malformed"
    assert judged(transcript, signal=9, stopped="complaint") == ("tampered", "bad_report")
    transcript.too_many_tests = True
    assert judged(transcript) == ("limit", "too_many_tests")


def test_mutated_reports_of_a_failure_never_pass() -> None:
    chance = random.Random(2)
    nonce = "f" * 32

    def report(test: int, call: str, error: str) -> dict[str, Any]:
        whole = {"setup": "passed", "call": call, "teardown": "passed", "expected_failure": False}
        found = {"error": error, "module": "", "message": error}
        flags = {"reached": False, "lied": False, "seconds": 0.1, "cpu_seconds": 0.1}
        return {"kind": "test", "test": test, **whole, **found, **flags}

    story_ = [
        {"kind": "hello"},
        {"kind": "collected", "names": ["test_a", "test_b"], "total": 2},
        report(0, "passed", ""),
        report(1, "failed", "AssertionError"),
        {"kind": "integrity", "changed": []},
        {"kind": "finish", "tests": 2, "reports": 2, "threads": 0},
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
        verdict = seen(transcript, Ending(0.1, 0.1, 1))
        assert verdict.outcome != "passed"
