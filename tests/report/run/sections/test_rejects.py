"""Why rows were turned away."""

from kodgen.report.run.sections.rejects import section
from tests.report.run.sections.making import rows, stage, values


def test_reasons_of_all_stages_the_most_frequent_first():
    stages = (
        stage("solve", rejected={"never_passed": 2}, rejected_by={"never_passed": {"A": 2}},
              missing_modules={"scipy": 1, "numpy": 4}),
        stage("mutate", rejected={"flaky": 5}, rejected_by={"flaky": {"A": 1, "B": 4}},
              missing_modules={"scipy": 2}),
    )  # fmt: skip
    found = section(values(stages=stages))
    assert rows(found, "Rows turned away") == [
        ["mutate: flaky", "5", "1", "4"],
        ["solve: never passed", "2", "2", "0"],
    ]
    assert rows(found, "Missing modules") == [["numpy", "4"], ["scipy", "3"]]


def test_nothing_turned_away_is_said():
    found = section(values(stages=(stage("solve"),)))
    assert (found.panels, found.without) == ([], "No row was turned away.")
