"""How long rows are."""

from kodgen.report.run.sections.lengths import section
from kodgen.report.run.spread import spread
from tests.report.run.sections.making import rows, values


def test_each_thing_that_was_measured_has_a_panel():
    lengths = {
        "test_count": {"B": spread([1, 2, 3]), "A": spread([4])},
        "question": {"A": spread([1000, 3000])},
        "answer": {},
    }
    found = section(values(lengths=lengths))
    assert [panel.tables[0].caption.partition(":")[0] for panel in found.panels] == [
        "Questions",
        "Test functions of a row",
    ]
    counted = rows(found, "Test functions of a row: test functions")
    assert [row[:3] for row in counted] == [["A", "1", "4.0"], ["B", "3", "2.0"]]
    (asked,) = rows(found, "Questions: words and signs")
    assert asked[1:4] == ["2", "2,000.0", "1,100.0"]
    assert asked[-1] == "3,000.0"
