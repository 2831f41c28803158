"""Decides what a pass is worth, from runs in which the tests had to fail.

A solution shares the interpreter with its tests, so it can make any check come out true. But it
must then make an impossible check come out true as well: that is the control run. And tests that
check nothing pass for any solution: those are the stub runs.
"""

import math

from kodgen.records import Verdict, VerdictOutcome
from kodgen.sandbox.messages import Reported
from kodgen.sandbox.testfile import Expected, function_of
from kodgen.sandbox.transcript import Transcript
from kodgen.sandbox.verdict import MESSAGE_LENGTH, Ending, outcome_of

STUBS = ("stub_raise", "stub_none")
"""Runs against solutions of which every function raises, or returns None."""
CONTROL = "control"
_SHOWN = 5


def after(
    kind: str,
    verdict: Verdict,
    transcript: Transcript,
    ending: Ending,
    expected: Expected | None,
) -> Verdict:
    """What a pass is after one kind of run in which the tests had to fail; see below."""
    if kind in STUBS:
        return after_stub(verdict, kind, transcript, ending)
    assert expected is not None, "a test file that can't be read never passes"
    return after_control(verdict, transcript, ending, expected)


def after_control(
    verdict: Verdict, transcript: Transcript, ending: Ending, expected: Expected
) -> Verdict:
    """What a pass is after the control run, in which each test's last check was impossible.

    Any test that passes all the same has had its check met by a lie, or has none that is reached.
    And what passes in no time does not run into a limit because of its last check.

    Args:
        verdict: The pass.
        transcript: What the control run said.
        ending: How it ended.
        expected: What the test file holds; tells which tests are sure to reach their check.
    """
    fault = _fault(verdict, transcript, ending)
    if fault:
        return spoilt(verdict, "infra", "sandbox_fault", fault)
    if not transcript.ended:
        return spoilt(
            verdict,
            "tampered",
            "control_unfinished",
            "with an impossible check in its tests, it did not come to its end",
        )
    tests = {transcript.names[index]: test for index, test in transcript.tests.items()}
    passed = {name: test for name, test in tests.items() if outcome_of(test) == "passed"}
    lying = [
        name
        for name, test in tests.items()
        if test.lied or (name in passed and _was_checked(name, test, expected))
    ]
    if lying:
        return spoilt(
            verdict,
            "tampered",
            "control_passed",
            f"an impossible check came out true in {_few(lying)}",
        )
    if passed and len(passed) == len(transcript.names):
        return spoilt(
            verdict, "vacuous", "no_effective_check", "no check was reached in any of its tests"
        )
    return flagged(verdict, "unchecked_tests") if passed else verdict


def _was_checked(name: str, test: Reported, expected: Expected) -> bool:
    return test.reached or function_of(name) in expected.checked


def after_stub(verdict: Verdict, kind: str, transcript: Transcript, ending: Ending) -> Verdict:
    """What a pass is after one of the `STUBS`: vacuous if every test passed once more."""
    fault = _fault(verdict, transcript, ending)
    if fault:
        return spoilt(verdict, "infra", "sandbox_fault", fault)
    outcomes = [outcome_of(test) for test in transcript.tests.values()]
    whole = transcript.finished and len(outcomes) == len(transcript.names) > 0
    if not whole or any(outcome != "passed" for outcome in outcomes):
        return verdict
    does = "raise" if kind == "stub_raise" else "return None"
    return spoilt(
        verdict, "vacuous", f"{kind}_passed", f"the tests pass for functions that only {does}"
    )


def after_split(verdict: Verdict, transcript: Transcript, ending: Ending) -> Verdict:
    """What a pass is after tests and solution ran in two processes.

    No lie crosses between them: only plain values do. What needs more keeps its pass, flagged.
    """
    if ending.fault or transcript.fault is not None:
        return spoilt(verdict, "infra", "sandbox_fault", ending.fault or transcript.fault or "")
    split, results = transcript.split, transcript.tests.values()
    if not transcript.ended and (ending.signal or ending.stopped or ending.starved):
        return flagged(verdict, "unportable")
    if split is not None and split.unportable:
        return flagged(verdict, "unportable")
    if split is not None and split.broken:
        return spoilt(verdict, "tampered", "split_broken", split.broken)
    whole = transcript.finished and len(results) == len(transcript.names) == len(verdict.tests)
    if whole and all(outcome_of(test) == "passed" for test in results):
        return flagged(verdict, "strict")
    messages = (test.message for test in results if outcome_of(test) != "passed")
    said = next(messages, "its tests did not come to an end")
    return spoilt(
        verdict,
        "tampered",
        "split_disagrees",
        f"with the solution in a process of its own: {said}",
    )


def after_rerun(verdict: Verdict, again: Verdict) -> Verdict:
    """What a pass is after its tests ran again under other circumstances."""
    if again.passed:
        return verdict
    if again.outcome == "infra":
        return again
    said = again.observed.message if again.observed is not None else ""
    return spoilt(
        verdict,
        "flaky",
        "rerun_disagrees",
        f"under another hash seed, order and clock: {again.outcome} {again.reason} {said}",
    )


def spoilt(verdict: Verdict, outcome: VerdictOutcome, reason: str, message: str) -> Verdict:
    """The same verdict with another outcome."""
    observed = verdict.observed
    if observed is not None:
        observed = observed.model_copy(update={"message": message[:MESSAGE_LENGTH]})
    return verdict.model_copy(update={"outcome": outcome, "reason": reason, "observed": observed})


def flagged(verdict: Verdict, *flags: str) -> Verdict:
    """The same verdict with more flags."""
    return verdict.model_copy(update={"flags": tuple(sorted({*verdict.flags, *flags}))})


def doubting_seconds(verdict: Verdict) -> int:
    """CPU seconds for tests that have passed, three times over; more is an endless loop.

    Tests may wait for ever for what a stub never gives, or for what a lie has skipped.
    """
    used = verdict.observed.cpu_seconds if verdict.observed is not None else 0.0
    return math.ceil(3 * used) + 2


def doubting_patience(verdict: Verdict) -> float:
    """Seconds on the clock beyond the wall limit, for the same reason."""
    return 3 * verdict.observed.wall_seconds if verdict.observed is not None else 0.0


def _fault(verdict: Verdict, transcript: Transcript, ending: Ending) -> str:
    """Why the sandbox failed the run, rather than the run itself; empty if it did not."""
    if ending.starved and ending.cpu_seconds < doubting_seconds(verdict) / 2:
        return "the machine was too busy for the run to end"
    return ending.fault or transcript.fault or ""


def _few(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
