"""What a verdict says of each test."""

from kodgen.consensus.cell import NOTHING, cell_of
from kodgen.records import TestResult, Verdict


def verdict(outcome, reason="", **tests):
    results = tuple(TestResult(name=name, outcome=said) for name, said in tests.items())
    return Verdict(outcome=outcome, reason=reason, tests=results, isolation="namespaces")


def test_results_of_a_finished_run():
    cell = cell_of(verdict("failed", "assertion", a="passed", b="failed", c="error", d="skipped"))
    assert [cell.of(name) for name in "abcd"] == [1, 0, 0, None]
    assert cell.of("unknown") is None


def test_a_run_that_was_cut_short_fails_what_it_did_not_report():
    cell = cell_of(verdict("timeout", "cpu", a="passed"))
    assert (cell.of("a"), cell.of("b")) == (1, 0)


def test_what_never_was_collected_fails():
    assert cell_of(verdict("error", "collection_error")).of("a") == 0


def test_missing_names_and_packages_say_nothing():
    assert cell_of(verdict("error", "missing_dependency")) == NOTHING
    assert cell_of(verdict("error", "import_error")) == NOTHING


def test_nothing_that_a_tampered_run_reports_is_believed():
    cell = cell_of(verdict("tampered", "ended_early", a="passed"))
    assert (cell.of("a"), cell.of("b")) == (0, 0)
