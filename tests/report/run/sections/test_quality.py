"""How much tests notice."""

from kodgen.report.run.sections.quality import section
from tests.report.run.sections.making import histogram, rows, values


def test_what_was_measured_is_a_histogram_each():
    found = section(values(quality={"coverage": histogram(10, 90, 100, high=100.0)}))
    (panel,) = found.panels
    assert panel.told == "Coverage: % of statements that the tests run. Mean 66.7 over 3 rows."
    assert rows(found, "Coverage") == [["0", "1"], ["25", "0"], ["50", "0"], ["75", "2"]]
