"""The slowest questions, and those that failed most."""

from kodgen.report.run.sections.extremes import section
from kodgen.report.run.values import Extreme
from tests.report.run.sections.making import rows, values


def extreme(seconds):
    reasons = {"wrong_answer": 2, "wall": 5}
    return Extreme(
        "q", "A text.", kept=False, attempts=8, passed=1, seconds=seconds, reasons=reasons
    )


def test_seconds_have_a_column_where_any_are_known():
    found = section(values(slowest=(extreme(1.5), extreme(None)), failing=(extreme(None),)))
    told = ["q", "A text.", "rejected", "1 of 8", "wall 5, wrong answer 2"]
    assert rows(found, "Slowest questions") == [[*told, "1.50"], [*told, ""]]
    assert rows(found, "Questions that failed most often") == [told]
