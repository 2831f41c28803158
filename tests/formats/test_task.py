"""Prompts and ground truths of reinforcement learning."""

import json

from kodgen.formats.task import FORM, ground_truth, prompt
from tests.formats.samples import CLASS_TEST, CLASSES, TEST, completed, triplet


def test_a_prompt_says_what_the_tests_call():
    assert prompt(triplet()) == (
        "Add two numbers.\n\nThe tests call what is declared here:\n\n"
        f"```python\ndef add(a, b):\n```\n\n{FORM}"
    )


def test_a_question_that_shows_the_declaration_is_not_told_again():
    assert prompt(completed(triplet())).count("def add(a, b)") == 1
    shown = triplet(question="Write `def add(a, b)`.")
    assert prompt(shown) == f"Write `def add(a, b)`.\n\n{FORM}"


def test_a_task_that_asks_for_a_class_has_no_declaration():
    assert prompt(CLASSES) == f"{CLASSES.question}\n\n{FORM}"


def test_the_tests_are_the_ground_truth():
    assert json.loads(ground_truth(triplet())) == {"pytest": TEST}
    assert json.loads(ground_truth(CLASSES)) == {"pytest": CLASS_TEST}


def test_a_completion_task_is_there_for_answers_that_go_on_with_it():
    complete = completed(triplet())
    assert json.loads(ground_truth(complete))["completes"] == complete.question
