"""The way from written to verified."""

from kodgen.report.run.sections.flow import section
from tests.report.run.sections.making import rows, stage, values


def test_rows_are_followed_through_the_stages_that_keep_questions():
    stages = (
        stage("synthesize", kept_by={"A": 8, "B": 4}),
        stage("annotate", kept_by={"A": 7, "B": 4}),
        stage("solve", kept_by={"A": 2}),
    )
    found = section(values(stages=stages))
    assert rows(found, "Rows after each stage") == [
        ["A", "8", "2", "25.00 %"],
        ["B", "4", "0", "0 %"],
    ]


def test_one_stage_is_no_way():
    assert section(values(stages=(stage("synthesize", kept_by={"A": 8}),))).panels == []
