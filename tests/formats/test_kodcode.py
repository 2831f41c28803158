"""KodCode-V1's columns: names, order, content."""

import json

import pyarrow as pa
import pytest

from kodgen.formats.base import About, Solved
from kodgen.formats.registry import FORMATS
from tests.formats.samples import BASE, CHECKED, CLASSES, completed, trials, triplet

MAIN_CARD = [
    "version", "style", "subset", "question_id", "question", "solution", "test", "test_info",
    "gpt_pass_sequence", "gpt_pass_trial_num", "gpt_difficulty", "gpt_pass_percentage", "trials",
]  # fmt: skip
"""KodCode-V1's columns, in its order, as its current card lists them."""
FORMAT = FORMATS["kodcode"]


def row(of, attempts=5):
    (made,) = FORMAT.rows(Solved(of, tuple(trials(of.question_id))), About(attempts))
    return made


def test_the_card_s_columns_come_first_and_in_its_order():
    assert FORMAT.schema(About(3)).names[: len(MAIN_CARD)] == MAIN_CARD


def test_the_attempts():
    made = row(triplet())
    assert made["gpt_pass_sequence"] == [0, 1, 0]
    assert made["gpt_pass_trial_num"] == 1
    assert made["gpt_pass_percentage"] == pytest.approx(1 / 3)
    assert made["gpt_difficulty"] == "medium"
    assert made["chosen_trial"] == "trial_1"
    assert made["trials"]["trial_1"]["test_result"] == "passed"
    assert made["trials"]["trial_0"]["test_result"] == "failed (assertion)"
    assert made["trials"]["trial_2"]["solution_code"] is None
    assert made["trials"]["trial_3"] is None


def test_where_a_row_comes_from():
    made = row(triplet())
    assert made["flags"] == ["unchecked_tests"]
    assert made["test_info"][0]["function_declaration"] == "def add(a, b):"
    assert json.loads(made["metadata"])["seed_ids"] == ["seed:A/x"]


def test_the_two_styles_of_a_question_are_told_apart_as_kodcode_does():
    instruct, complete = row(triplet()), row(completed(triplet()))
    assert (instruct["question_id"], instruct["style"]) == (f"{BASE}_I", "instruct")
    assert (complete["question_id"], complete["style"]) == (f"{BASE}_C", "complete")
    assert instruct["base_question_id"] == complete["base_question_id"] == BASE
    assert complete["trials"] == instruct["trials"]
    assert json.loads(complete["metadata"])["restyle_model"] == "r"


def test_what_was_not_measured_is_null():
    made = row(triplet())
    own = ("consensus", "consensus_difficulty", "solution_camps", "test_strength", "mutants_killed")
    assert [made[name] for name in own] == [None] * 5
    made = row(CHECKED)
    assert [made[name] for name in own] == [1.0, "easy", 2, 0.75, 3]
    assert made["mutants_survived"] == 1


def test_test_info_is_null_for_tasks_that_ask_for_classes():
    assert row(CLASSES)["test_info"] is None


def test_rows_fit_the_schema():
    table = pa.Table.from_pylist([row(CHECKED), row(CLASSES)], schema=FORMAT.schema(About(5)))
    assert table.num_rows == 2
