"""Rows of each training format: names, types and content."""

import json

import pyarrow as pa
import pytest

from kodgen.formats.registry import FORMATS
from kodgen.records import TestInfo, Trial, Triplet, Verdict

MAIN_CARD = [
    "version", "style", "subset", "question_id", "question", "solution", "test", "test_info",
    "gpt_pass_sequence", "gpt_pass_trial_num", "gpt_difficulty", "gpt_pass_percentage", "trials",
]  # fmt: skip
"""KodCode-V1's columns, in its order, as its current card lists them."""


def trial(attempt, outcome="passed", solution="def add(a, b): return a + b"):
    reason = "" if outcome == "passed" else "assertion"
    return Trial(
        id=f"question:A/given/x/0/{attempt}",
        question_id="question:A/given/x/0",
        attempt=attempt,
        solution=solution,
        test="from solution import add\ndef test_add(): assert add(1, 2) == 3"
        if solution
        else None,
        completion_id=f"solve/question:A/given/x/0/{attempt}",
        model="m",
        prompt_version="v",
        prompt_tokens=1,
        completion_tokens=2,
        verdict=Verdict(outcome=outcome, reason=reason, coverage=100.0, isolation="namespaces"),
    )


def triplet(**changes):
    fields = {
        "id": "question:A/given/x/0",
        "subset": "A",
        "style": "instruct",
        "question": "Add two numbers.",
        "solution": "def add(a, b): return a + b",
        "test": "from solution import add\ndef test_add(): assert add(1, 2) == 3",
        "test_info": (
            TestInfo(
                function_name="add",
                parameter_list="(a, b)",
                function_declaration="def add(a, b):",
                docstring="",
            ),
        ),
        "chosen_trial": "question:A/given/x/0/1",
        "pass_sequence": (0, 1, 0),
        "difficulty": "medium",
        "coverage": 100.0,
        "isolation": "namespaces",
        "flags": ("unchecked_tests",),
        "seed_ids": ("seed:A/x",),
        "licenses": ("MIT",),
        "method": "given",
        "question_model": "given",
        "question_prompt_version": "none",
        "solution_model": "m",
        "solution_prompt_version": "v",
        "benchmark_similarity": 0.25,
        "benchmark_task_id": "mbpp/1",
    }
    return Triplet(**(fields | changes))


TRIALS = (trial(0, "failed"), trial(1), trial(2, "error", solution=None))


@pytest.mark.parametrize("name", FORMATS)
def test_rows_fit_the_schema(name):
    form = FORMATS[name]
    rows = [form.row(triplet(), TRIALS, 5), form.row(triplet(test_info=()), TRIALS, 5)]
    table = pa.Table.from_pylist(rows, schema=form.schema(5))
    assert table.num_rows == 2
    assert set(rows[0]) == set(form.schema(5).names)
    assert b"huggingface" not in (table.schema.metadata or {})


def test_kodcode_has_the_card_s_columns_in_its_order():
    names = FORMATS["kodcode"].schema(3).names
    assert names[: len(MAIN_CARD)] == MAIN_CARD


def test_kodcode_row():
    row = FORMATS["kodcode"].row(triplet(), TRIALS, 5)
    assert row["gpt_pass_sequence"] == [0, 1, 0]
    assert row["gpt_pass_trial_num"] == 1
    assert row["gpt_pass_percentage"] == pytest.approx(1 / 3)
    assert row["gpt_difficulty"] == "medium"
    assert row["chosen_trial"] == "trial_1"
    assert row["flags"] == ["unchecked_tests"]
    assert row["trials"]["trial_1"]["test_result"] == "passed"
    assert row["trials"]["trial_0"]["test_result"] == "failed (assertion)"
    assert row["trials"]["trial_2"]["solution_code"] is None
    assert row["trials"]["trial_3"] is None
    assert row["test_info"][0]["function_declaration"] == "def add(a, b):"
    assert json.loads(row["metadata"])["seed_ids"] == ["seed:A/x"]


def test_kodcode_test_info_is_null_for_class_based_tasks():
    assert FORMATS["kodcode"].row(triplet(test_info=()), TRIALS, 5)["test_info"] is None


def test_trl_sft_messages():
    row = FORMATS["trl_sft"].row(triplet(), TRIALS, 5)
    user, assistant = row["messages"]
    assert user == {"role": "user", "content": "Add two numbers."}
    assert assistant["role"] == "assistant"
    assert assistant["content"] == "```python\ndef add(a, b): return a + b\n```"


def test_trl_sft_fence_outlasts_the_code():
    solution = 'FENCE = """\n```\n"""'
    content = FORMATS["trl_sft"].row(triplet(solution=solution), TRIALS, 5)["messages"][1][
        "content"
    ]
    assert content == f"````python\n{solution}\n````"
