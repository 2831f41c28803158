"""pass@k by subset."""

from kodgen.report.run.passing import Bracket
from kodgen.report.run.sections.passing import section
from kodgen.report.run.values import SubsetAttempts
from tests.report.run.sections.making import rows, values


def test_what_is_known_is_a_share_and_what_is_not_two_bounds():
    at = {1: Bracket(0.5, 0.5), 5: Bracket(0.6, 0.75)}
    attempts = {"B": SubsetAttempts(questions=1200, at=at, certain=3, made=4000, passed=1000)}
    found = section(values(attempts=attempts))
    assert rows(found, "pass@k by subset") == [
        ["B", "1,200", "3", "50.00 %", "60.00 % to 75.00 %", "25.00 %"]
    ]


def test_difficulty_is_shown_without_attempts():
    found = section(values(difficulty={"A": {"easy": 1}}))
    assert [panel.tables[0].caption for panel in found.panels] == ["Difficulty by subset"]
