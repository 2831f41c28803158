"""How hard questions were."""

from kodgen.report.run.sections.difficulty import difficulty_panel
from tests.report.run.sections.making import values


def test_labels_are_shares_and_reasons_without_a_part_are_others():
    labels = {"A": {"easy": 2, "never_passed": 1, "llm_refused": 1}, "B": {"hard": 5}}
    (table,) = difficulty_panel(values(difficulty=labels)).tables
    assert list(table.columns) == [
        "Subset", "questions", "easy", "hard", "never passed", "other reasons",
    ]  # fmt: skip
    assert [list(row) for row in table.rows] == [
        ["A", "4", "2 (50.00 %)", "0 (0 %)", "1 (25.00 %)", "1 (25.00 %)"],
        ["B", "5", "0 (0 %)", "5 (100 %)", "0 (0 %)", "0 (0 %)"],
    ]
