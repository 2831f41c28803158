"""Answers in full, and pairs."""

from kodgen.report.run.sections.later import section
from tests.report.run.sections.making import rows, values


def test_answers_by_outcome_and_pairs_by_criterion():
    answers = {"wrong_answer": {"A": 1}, "kept": {"A": 2, "B": 3}}
    found = section(values(answers=answers, pairs={"runtime": {"B": 4}}))
    assert rows(found, "Answers by what became of them") == [
        ["kept", "5", "2", "3"],
        ["wrong answer", "1", "1", "0"],
    ]
    assert rows(found, "Pairs by criterion") == [["runtime", "4", "4"]]


def test_neither_is_said():
    assert section(values()).panels == []
