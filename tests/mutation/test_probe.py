from kodgen.mutation.probe import LAST, digest, probing
from kodgen.records import TestResult, Verdict


def verdict(*tests: tuple[str, str, str]) -> Verdict:
    results = tuple(TestResult(name=n, outcome=o, error=e) for n, o, e in tests)  # type: ignore[arg-type]
    return Verdict(outcome="failed", reason="exception", tests=results, isolation="namespaces")


RECORDED = (LAST, "failed", "Recorded_12ab")


def test_the_digest_is_the_last_error_s_name() -> None:
    assert digest(verdict(("test_a", "passed", ""), RECORDED)) == "12ab"
    assert digest(verdict(RECORDED)) == "12ab"


def test_a_run_that_went_otherwise_tells_nothing() -> None:
    assert digest(verdict()) is None
    assert digest(verdict(("test_a", "passed", ""))) is None
    assert digest(verdict(("test_a", "failed", "AssertionError"), RECORDED)) is None
    assert digest(verdict(RECORDED, ("test_a", "passed", ""))) is None
    assert digest(verdict((LAST, "failed", "ImportError"))) is None


def test_what_must_come_first_does() -> None:
    made = probing('"""Tests."""\nfrom __future__ import annotations\nfrom solution import f\n')
    assert made is not None
    lines = made.splitlines()
    assert lines[:2] == ['"""Tests."""', "from __future__ import annotations"]
    assert lines.index("from solution import f") > 3
    compile(made, "test", "exec")
    assert probing("def test_a(:\n") is None
