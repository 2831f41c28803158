"""Decides what came of the tests of a trial, from what was seen outside and what was said.

What a pass is worth is decided after it, by `kodgen.sandbox.judgement`.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kodgen.records import (
    Isolation,
    Observation,
    TestOutcome,
    TestResult,
    Verdict,
    VerdictOutcome,
)
from kodgen.sandbox.messages import Reported, Uncollected
from kodgen.sandbox.testfile import Expected, function_of
from kodgen.sandbox.transcript import Transcript

MESSAGE_LENGTH = 2000
_SPENT = 0.8
"""Share of the CPU limit from which a SIGKILL is the limit's: the kernel enforces it by counting
clock ticks, which on a virtual machine was seen to run 13 % ahead of the time it reports."""
_SIGKILL, _SIGXCPU, _SIGXFSZ = 9, 24, 25
_ASSERTIONS = {"AssertionError", "Failed"}
"""`Failed` is what pytest.fail and an unmet pytest.raises raise."""

Stop = Literal["", "wall", "finished", "complaint"]
"""Why the supervisor ended a trial: not at all, time, lingering after its finish, a bad message."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended, seen from outside."""

    wall_seconds: float
    cpu_seconds: float
    peak_memory_bytes: int
    signal: int = 0
    """That killed the trial; 0 if it exited."""
    stopped: Stop = ""
    out_of_memory: bool = False
    """Its processes together went over the limit, or the kernel's OOM killer struck meanwhile."""
    out_of_space: bool = False
    """It filled its folder where no file system of its own stops that."""
    starved: bool = False
    """At the wall limit: it had been waiting for a core, or that could not be told."""
    fault: str = ""
    """Why the sandbox failed; empty if it did not."""


Finding = tuple[VerdictOutcome, str, str]
"""Outcome, reason, message."""


def decide(
    transcript: Transcript,
    ending: Ending,
    expected: Expected | None,
    cpu_limit: float,
    isolation: Isolation,
) -> Verdict:
    """What came of a trial's tests.

    Args:
        transcript: What their run said.
        ending: How it ended.
        expected: What the test file holds, read by kodgen; None where it could not be.
        cpu_limit: CPU seconds it was allowed.
        isolation: The level it ran at.
    """
    results = _results(transcript)
    outcome, reason, message = (
        _fallen(transcript, ending, cpu_limit)
        or _uncollected(transcript)
        or _tests(transcript, results, expected)
    )
    covered = transcript.covered
    coverage = None
    if covered is not None:
        whole = covered.statements
        coverage = round(100.0 * covered.executed / whole, 2) if whole else 100.0
    return Verdict(
        outcome=outcome,
        reason=reason,
        tests=tuple(results),
        coverage=coverage,
        isolation=isolation,
        flags=("leaked_thread",) if transcript.finish and transcript.finish.threads else (),
        observed=Observation(
            wall_seconds=round(ending.wall_seconds, 6),
            cpu_seconds=round(ending.cpu_seconds, 6),
            peak_memory_bytes=ending.peak_memory_bytes,
            test_seconds=tuple(
                transcript.tests[index].seconds for index in sorted(transcript.tests)
            ),
            test_cpu_seconds=tuple(
                transcript.tests[index].cpu_seconds for index in sorted(transcript.tests)
            ),
            message=message[:MESSAGE_LENGTH],
        ),
    )


def _fallen(transcript: Transcript, ending: Ending, cpu_limit: float) -> Finding | None:
    """What ended the trial before its finish, or spoilt what it said; None if nothing did."""
    if ending.fault or transcript.fault is not None:
        return "infra", "sandbox_fault", ending.fault or transcript.fault or ""
    if transcript.complaint is not None:
        too_many = transcript.too_many_tests
        kind: tuple[VerdictOutcome, str] = (
            ("limit", "too_many_tests") if too_many else ("tampered", "bad_report")
        )
        return *kind, transcript.complaint
    if transcript.finished and (ending.stopped == "finished" or not ending.signal):
        return None
    if ending.out_of_memory or ending.out_of_space:
        return _out_of_room(ending)
    if ending.stopped == "wall":
        return _out_of_time(ending, cpu_limit)
    return _ended(transcript, ending, cpu_limit)


def _out_of_room(ending: Ending) -> Finding:
    if ending.out_of_memory:
        return "oom", "memory", "went over its memory"
    return "limit", "disk", "wrote more files, or larger ones, than its temporary space holds"


def _out_of_time(ending: Ending, cpu_limit: float) -> Finding:
    if ending.starved and ending.cpu_seconds < cpu_limit / 2:
        return "infra", "starved", f"{ending.cpu_seconds:.1f} s of CPU time when time ran out"
    return "timeout", "wall", f"still running after {ending.wall_seconds:.0f} s"


def _ended(transcript: Transcript, ending: Ending, cpu_limit: float) -> Finding:
    """The process ended of itself, or by the kernel's hand, before its finish."""
    spent = ending.cpu_seconds >= _SPENT * cpu_limit
    if ending.signal == _SIGXCPU or (ending.signal == _SIGKILL and spent):
        return "timeout", "cpu", f"used its {cpu_limit:g} s of CPU time"
    if ending.signal == _SIGXFSZ:
        return "limit", "file_size", "wrote a file beyond the limit"
    if ending.signal:
        return "crash", "signal", f"killed by signal {ending.signal}"
    if transcript.interrupted is not None:
        said = transcript.interrupted.message
        return "error", "ended_early", f"the session ended before its tests did ({said})"
    # No exception ends a process like this; only code that ends it on purpose.
    return "tampered", "ended_early", "the process ended itself before its tests did"


def _uncollected(transcript: Transcript) -> Finding | None:
    """What kept the tests from being collected; None if nothing did."""
    failed = next((one for one in transcript.uncollected if not one.skipped), None)
    if failed is not None:
        return "error", _collection_reason(failed), _missing(failed) or failed.message
    if not transcript.names:
        if transcript.uncollected:
            return "skipped", "module_skipped", transcript.uncollected[0].message
        return "no_tests", "no_tests", "pytest collected no test"
    return None


def _collection_reason(failed: Uncollected) -> str:
    if _missing(failed):
        return "missing_dependency"
    if failed.error in {"SyntaxError", "IndentationError", "TabError"}:
        return "syntax_error"
    if failed.error in {"ImportError", "ModuleNotFoundError"}:
        return "import_error"
    return "collection_error"


def _missing(failure: Uncollected | Reported) -> str:
    """The missing package that a failure comes from, in words; empty if it is none."""
    package = failure.module.split(".", 1)[0]
    if failure.error != "ModuleNotFoundError" or not package:
        return ""
    if package in {"solution", "test_solution"} or package in sys.stdlib_module_names:
        return ""
    return f"no module named {package!r} in the sandbox"


def _tests(
    transcript: Transcript, results: Sequence[TestResult], expected: Expected | None
) -> Finding:
    """The outcome of tests that were collected and ran to the finish."""
    tests = [transcript.tests[index] for index in sorted(transcript.tests)]
    first = next((t for t in tests if "failed" in {t.setup, t.call, t.teardown}), None)
    outcomes = [result.outcome for result in results]
    if first is not None:
        return _failed(first, outcomes)
    if len(results) != len(transcript.names):
        return "tampered", "unreported_tests", "a collected test did not report"
    mismatch = _mismatch(transcript.names, expected)
    if mismatch is not None:
        return mismatch
    if any(outcome != "passed" for outcome in outcomes):
        return "skipped", "skipped", "a test was skipped, or expected to fail"
    return _untouched(transcript) or ("passed", "", "")


def _untouched(transcript: Transcript) -> Finding | None:
    """What was tampered with while the tests ran; None if nothing was."""
    if transcript.integrity is None:
        return (
            "tampered",
            "unreported_integrity",
            "the trial did not say whether it was tampered with",
        )
    if transcript.integrity.changed:
        changed = ", ".join(transcript.integrity.changed)
        return "tampered", "integrity", f"changed while the tests ran: {changed}"
    return None


def _failed(first: Reported, outcomes: Sequence[TestOutcome]) -> Finding:
    missing = _missing(first)
    if missing:
        return "error", "missing_dependency", missing
    if "failed" not in outcomes:
        return "error", "fixture_error", first.message
    return "failed", "assertion" if first.error in _ASSERTIONS else "exception", first.message


def _mismatch(names: Sequence[str], expected: Expected | None) -> Finding | None:
    """How the collected tests differ from those the file holds; None if they don't."""
    if expected is None:
        return "error", "unreadable_tests", "the test file can't be parsed by kodgen's own Python"
    functions = {function_of(name) for name in names}
    lost = sorted(expected.required - functions)
    if lost:
        return "tampered", "tests_missing", f"not collected: {', '.join(lost)}"
    strange = sorted(name for name in functions if not expected.permits(name))
    if strange:
        return "tampered", "unexpected_tests", f"not in the file: {', '.join(strange)}"
    return None


def _results(transcript: Transcript) -> list[TestResult]:
    """One result for each test that ran to its end, in collection order."""
    return [
        TestResult(name=transcript.names[index], outcome=outcome_of(test), error=test.error)
        for index, test in sorted(transcript.tests.items())
    ]


def outcome_of(test: Reported) -> TestOutcome:
    """What a test's phases make together."""
    decisive = test.call or test.setup
    if test.expected_failure and decisive != "failed":
        return "xfailed" if decisive == "skipped" else "xpassed"
    if decisive == "failed":
        return "failed" if test.call else "error"
    if decisive == "skipped":
        return "skipped"
    return "passed" if test.teardown == "passed" else "error"
