"""What stages kept, and what they took."""

from kodgen.report.run.sections.stages import section
from tests.report.run.sections.making import rows, stage, values


def test_yields_and_costs():
    stages = (
        stage("solve", rows_in=4, kept=1, rejected={"a": 2, "b": 1}, kept_by={"A": 1},
              measured={"seconds": 90.0, "prompt_tokens": 10, "completion_tokens": 2500}),
        stage("restyle", rows_in=1, kept=2, kept_by={"A": 2}),
    )  # fmt: skip
    found = section(values(stages=stages))
    assert rows(found, "Rows of each stage") == [
        ["solve", "4", "1", "3", "25.00 %"],
        ["restyle", "1", "2", "0", "2.00 of each"],
    ]
    assert rows(found, "Kept rows by subset") == [["solve", "1", "1"], ["restyle", "2", "2"]]
    solve, restyle = rows(found, "What each stage took")
    assert solve == ["solve", "90 s", "\N{EN DASH}", "10", "2,500", "2,500 tokens out"]
    assert set(restyle[1:]) == {"\N{EN DASH}"}
