"""Every sample at every level; `python -m tests.sandbox.conformance` prints the same as a table."""

import functools
import os
from pathlib import Path

import pytest

from kodgen.records import Verdict
from tests.sandbox import conformance, corpus
from tests.sandbox.conformance import SETTINGS, Report, Result

pytestmark = pytest.mark.slow

SAMPLES = corpus.read_all()

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="changes its user, as root only")

LEVELS = [
    pytest.param("namespaces"),
    pytest.param("strict", marks=pytest.mark.thorough),
    pytest.param("namespaces, ordinary user", marks=[needs_root, pytest.mark.thorough]),
    pytest.param("container", marks=[needs_root, pytest.mark.thorough]),
    pytest.param("container, ordinary user", marks=[needs_root, pytest.mark.thorough]),
]


@functools.cache
def report_of(level: str) -> Report:
    return conformance.run_apart(level)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("kind", corpus.KINDS)
def test_samples_are_judged_as_they_should_be(level: str, kind: str) -> None:
    kinds = {sample.name: sample.kind for sample in SAMPLES}
    results = [result for result in report_of(level).results if kinds[result.name] == kind]
    assert results
    wrong = [f"{result.name}: {result.complaint}" for result in results if result.complaint]
    assert not wrong, "\n".join(["", *wrong])


@pytest.mark.parametrize("level", LEVELS)
def test_nothing_is_left_on_the_host(level: str) -> None:
    assert report_of(level).traces == []


def test_attacks_are_alive() -> None:
    """They do make all their tests pass: what stops them is the judging, no slip of theirs."""
    alive = {sample.name for sample in SAMPLES if sample.alive}
    results = {result.name: result for result in report_of("namespaces").results}
    assert [name for name in alive if not results[name].alive] == []
    assert len(alive) > 70


def verdict(outcome: str, reason: str = "", *flags: str) -> Verdict:
    return Verdict(outcome=outcome, reason=reason, flags=flags, isolation="namespaces")


def sample(folder: Path, expect: str) -> corpus.Sample:
    folder.mkdir()
    (folder / "expect.txt").write_text(expect)
    (folder / "solution.py").write_text("")
    (folder / "test_solution.py").write_text("")
    found = corpus._read_own(folder)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("expect", "given", "conditions", "right"),
    [
        ("kind: honest\n", verdict("passed"), [], True),
        ("kind: honest\n", verdict("failed", "assertion"), [], False),
        ("kind: attack\n", verdict("passed"), [], False),
        ("kind: attack\n", verdict("infra", "sandbox_fault"), [], False),
        ("kind: attack\n", verdict("tampered", "integrity"), [], True),
        ("kind: attack\noutcomes: crash\n", verdict("failed", "assertion"), [], False),
        ("kind: attack\noutcomes: passed\nflags: any\n", verdict("passed"), [], False),
        ("kind: attack\noutcomes: passed\nflags: any\n", verdict("passed", "", "x"), [], True),
        ("kind: quality\noutcomes: passed\nflags: a b\n", verdict("passed", "", "a"), [], False),
        ("kind: quality\noutcomes: error\nreasons: a\n", verdict("error", "b"), [], False),
        ("kind: attack\noutcomes: passed\noutcomes@strict: failed\n", verdict("passed"), [], True),
        (
            "kind: attack\noutcomes: passed\noutcomes@strict: failed\n",
            verdict("passed"),
            ["strict", "namespaces"],
            False,
        ),
    ],
)
def test_a_verdict_is_held_to_the_sample(
    tmp_path: Path, expect: str, given: Verdict, conditions: list[str], right: bool
) -> None:
    complaint = sample(tmp_path / "some_sample", expect).complaint(given, conditions)
    assert (complaint == "") is right


@pytest.mark.parametrize("expect", ["kind: clever\n", "kind: attack\nverdict: pass\n", "attack\n"])
def test_a_sample_with_mistakes_is_refused(tmp_path: Path, expect: str) -> None:
    with pytest.raises(ValueError, match="some_sample"):
        sample(tmp_path / "some_sample", expect)


@pytest.mark.skipif(not corpus.SHARED.is_dir(), reason="the shared samples are not here")
def test_the_shared_format_is_read() -> None:
    samples = {one.name: one for one in SAMPLES}
    assert samples["r01_fork_bomb"].outcomes[""] == {"passed"}
    assert samples["q26_needs_missing_dep"].reasons == {"missing_dependency"}
    assert samples["q14_duplicate_names"].flags == {"duplicate_test_names"}
    assert samples["v61_answers_from_caller_frame"].flags == {corpus.ANY_FLAG}
    assert samples["v78_sleep_forever"].options == corpus.WAITING


def test_the_table_counts_what_did_as_it_should() -> None:
    reports = {
        "here": Report([Result("a_b", "a", ["passed/"], ""), Result("a_c", "a", [], "bad")], []),
        "there": Report([Result("a_b", "a", ["passed/"], "")], ["file /tmp/x is left"]),
    }
    assert conformance.table(reports) == (
        "| samples | here | there |\n|---|---|---|\n| a | 1 of 2 | 1 of 1 |\n"
        "| left on the host | nothing | 1 |"
    )
    assert conformance.details(reports) == "- here: a_c: bad\n- there: file /tmp/x is left"


def test_every_setting_names_a_level() -> None:
    assert {setting.level for setting in SETTINGS.values()} <= {"namespaces", "container"}
