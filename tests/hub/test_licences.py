"""The licence of a release, from those of the seeds."""

import pytest

from kodgen.hub.licences import Says, settle
from kodgen.hub.spdx import LICENCES, holding

FREE = Says()


def of(*licences):
    """Rows, each of one seed; None for one without."""
    return [(f"row{n}", () if one is None else (one,)) for n, one in enumerate(licences)]


@pytest.mark.parametrize(
    ("licences", "result"),
    [
        (("MIT",), "MIT"),
        (("CC0-1.0", "Apache-2.0", None), "Apache-2.0"),
        (("MIT", "CC-BY-4.0"), "CC-BY-4.0"),
        (("Apache-2.0", "CC-BY-SA-4.0", "CC-BY-4.0"), "CC-BY-SA-4.0"),
        (("MIT", "CC-BY-NC-4.0", "CC-BY-4.0"), "CC-BY-NC-4.0"),
        (("GPL-3.0-only", "GPL-3.0"), "GPL-3.0-only"),
        (("GPL-3.0-only OR MIT",), "MIT"),
        (("MIT AND CC-BY-4.0",), "CC-BY-4.0"),
        (("apache-2.0 WITH LLVM-exception",), "Apache-2.0"),
    ],
)
def test_the_most_restrictive_wins(licences, result):
    settled, problems = settle(of(*licences), FREE)
    assert problems == []
    assert settled.id == result


@pytest.mark.parametrize(
    ("licences", "rows", "said"),
    [
        (("MIT", "unknown", "unknown"), ("row1", "row2"), "unknown"),
        (("MIT", "GPL-3.0-or-later"), ("row1",), "GPL-3.0-or-later"),
        (("GPL-2.0-only", None), ("row0",), "GPL-2.0-only"),
        (("MIT", "Our-Own-1.0"), ("row1",), "Our-Own-1.0"),
        (("CC-BY-ND-4.0",), ("row0",), "CC-BY-ND-4.0"),
        (("CC-BY-SA-4.0", "CC-BY-NC-4.0"), ("row0",), "CC-BY-NC-4.0"),
    ],
)
def test_what_can_not_go_out_is_named(licences, rows, said):
    settled, problems = settle(of(*licences), FREE)
    assert settled is None
    (problem,) = problems
    assert problem.rows == rows
    assert problem.rows_in_all == len(rows)
    assert said in problem.what


def test_two_that_each_want_their_own_terms_are_both_named():
    _, problems = settle(of("CC-BY-SA-4.0", "CC-BY-NC-SA-4.0"), FREE)
    assert [one.rows for one in problems] == [("row1",), ("row0",)]


def test_rows_without_any_seed_give_no_licence():
    settled, (problem,) = settle(of(None, None), FREE)
    assert settled is None
    assert "release.license" in problem.what
    settled, _ = settle(of(None), Says("CC-BY-4.0", "all written by our own model"))
    assert settled.id == "CC-BY-4.0"
    assert "all written by our own model" in settled.why


def test_a_reason_lets_one_licence_through_and_no_other():
    says = Says(accepted={"unknown": "we wrote them", "GPL-3.0": "we own them"})
    settled, problems = settle(of("MIT", "unknown", "GPL-3.0-only"), says)
    assert problems == []
    assert settled.id == "GPL-3.0-only"
    _, problems = settle(of("MIT", "unknown", "AGPL-3.0-only"), says)
    assert [one.rows for one in problems] == [("row2",)]


def test_the_owners_licence_does_not_hide_unknown_seeds():
    says = Says("CC-BY-4.0", "cleared with our lawyers")
    settled, problems = settle(of("CC-BY-SA-4.0", "CC-BY-NC-4.0"), says)
    assert problems == []
    assert settled.id == "CC-BY-4.0"
    assert settle(of("unknown"), says)[1]


def test_few_rows_are_named_and_all_are_counted():
    _, (problem,) = settle(of(*["unknown"] * 50), FREE, most_named=3)
    assert problem.rows == ("row0", "row1", "row2")
    assert problem.rows_in_all == 50


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("MIT", {"MIT"}),
        ("GPL-2.0+", {"GPL-2.0-or-later"}),
        ("LGPL-3.0", {"LGPL-3.0-only"}),
        ("(MIT OR GPL-3.0-only) AND BSD-3-Clause", {"MIT", "BSD-3-Clause"}),
        ("Nobody-Knows-1.0 OR MIT", {"MIT"}),
        ("MIT or GPL-3.0", {"MIT"}),
        ("not a licence", {"not a licence"}),
        ("(MIT", {"(MIT"}),
        ("", {""}),
    ],
)
def test_what_holds_of_an_expression(expression, names):
    assert holding(expression) == names


def test_names_of_the_hub_are_lower_case_and_ours_are_known_by_any_case():
    assert all(one.hub == one.hub.lower() for one in LICENCES.values() if one.hub)
    assert all(holding(name.lower()) == {name} for name in LICENCES)
