from typing import Any

import pytest

from kodgen.records import Observation, Verdict
from kodgen.sandbox import judgement, testfile
from kodgen.sandbox.messages import Finish, Interrupted, Reported
from kodgen.sandbox.transcript import Transcript
from kodgen.sandbox.verdict import Ending

TEST = """\
from solution import add

def test_sure():
    assert add(1, 2) == 3

def test_maybe():
    for a, b in []:
        assert add(a, b) == 3
"""
EXPECTED = testfile.read(TEST)
PASS = Verdict(
    outcome="passed",
    reason="",
    isolation="namespaces",
    observed=Observation(wall_seconds=1, cpu_seconds=1, peak_memory_bytes=1),
)
ENDED = Ending(0.1, 0.1, 1)


def said(*calls: str, reached: bool = False, lied: bool = False) -> Transcript:
    transcript = Transcript("")
    transcript.pid, transcript.total = 1, 2
    transcript.names = ["test_sure", "test_maybe"]
    transcript.tests = {
        index: Reported(
            index,
            "passed",
            call,
            "passed",
            False,
            0.1,
            0.1,
            reached,
            lied,  # type: ignore[arg-type]
            "AssertionError" if call == "failed" else "",
            "",
            "",
        )
        for index, call in enumerate(calls)
    }
    transcript.finish = Finish(2, len(calls), 0)
    return transcript


def control(transcript: Transcript, ending: Ending = ENDED) -> Verdict:
    assert EXPECTED is not None
    return judgement.after_control(PASS, transcript, ending, EXPECTED)


def test_a_control_run_that_fails_leaves_a_pass() -> None:
    assert control(said("failed", "failed")) == PASS


def test_a_test_that_did_not_reach_its_check_is_flagged() -> None:
    verdict = control(said("failed", "passed"))
    assert verdict.passed
    assert verdict.flags == ("unchecked_tests",)


@pytest.mark.parametrize(
    "transcript",
    [
        said("passed", "failed"),
        said("failed", "passed", reached=True),
        said("failed", "failed", lied=True),
        said("passed", "passed"),
    ],
)
def test_an_impossible_check_that_is_met_is_tampering(transcript: Transcript) -> None:
    verdict = control(transcript)
    assert (verdict.outcome, verdict.reason) == ("tampered", "control_passed")


def test_no_check_reached_in_any_test_is_vacuous() -> None:
    expected = testfile.read(TEST.replace("    assert add(1, 2) == 3", "    add(1, 2)"))
    assert expected is not None
    verdict = judgement.after_control(PASS, said("passed", "passed"), ENDED, expected)
    assert (verdict.outcome, verdict.reason) == ("vacuous", "no_effective_check")


@pytest.mark.parametrize(
    "ending",
    [ENDED, Ending(1, 10, 1, signal=24), Ending(9, 9, 1, signal=9, stopped="wall", starved=True)],
)
def test_a_control_run_that_does_not_end_is_tampering(ending: Ending) -> None:
    transcript = said("failed")
    transcript.finish = None
    assert control(transcript, ending).reason == "control_unfinished"
    transcript.interrupted = Interrupted("SystemExit", "", "")
    assert control(transcript).passed


def test_a_stub_that_does_not_end_did_not_pass() -> None:
    transcript = said("passed", "passed")
    transcript.finish = None
    ending = Ending(9, 9, 1, signal=24)
    assert judgement.after_stub(PASS, "stub_none", transcript, ending).passed


@pytest.mark.parametrize("ending", [Ending(1, 1, 1, fault="gone"), Ending(1, 1, 1, starved=True)])
def test_a_fault_of_the_sandbox_is_nobodys_guilt(ending: Ending) -> None:
    assert control(said("passed", "passed"), ending).outcome == "infra"
    stub = judgement.after_stub(PASS, "stub_none", said("passed", "passed"), ending)
    assert stub.outcome == "infra"


@pytest.mark.parametrize(
    ("calls", "outcome"),
    [
        (("passed", "passed"), "vacuous"),
        (("passed", "failed"), "passed"),
        (("failed",), "passed"),
        (("passed", "skipped"), "passed"),
        (("passed",), "passed"),
        ((), "passed"),
    ],
)
def test_tests_that_pass_for_a_stub_are_vacuous(calls: Any, outcome: str) -> None:
    for kind in judgement.STUBS:
        verdict = judgement.after_stub(PASS, kind, said(*calls), ENDED)
        assert verdict.outcome == outcome
        assert verdict.reason == (f"{kind}_passed" if outcome == "vacuous" else "")


def test_a_rerun_that_disagrees_is_flaky() -> None:
    assert judgement.after_rerun(PASS, PASS) == PASS
    failed = PASS.model_copy(update={"outcome": "failed", "reason": "assertion"})
    assert judgement.after_rerun(PASS, failed).outcome == "flaky"
    infra = PASS.model_copy(update={"outcome": "infra"})
    assert judgement.after_rerun(PASS, infra).outcome == "infra"
