"""What attempts took and said."""

from kodgen.report.run.sections.attempts import section
from kodgen.report.run.values import Spent
from tests.report.run.sections.making import rows, values


def test_questions_by_attempts_and_attempts_by_verdict():
    outcomes = {"A": {"passed": 3, "wrong_answer": 1}, "B": {"wrong_answer": 4}}
    found = section(values(spent=Spent({3: 2}, {10: 1}), outcomes=outcomes))
    assert rows(found, "Questions by attempts") == [
        ["3 attempts", "2", "0"],
        ["10 attempts", "0", "1"],
    ]
    assert rows(found, "Attempts by verdict") == [
        ["wrong answer", "5", "1", "4"],
        ["passed", "3", "3", "0"],
    ]
