"""What a model is asked about a row and a task, and what its answers make of them."""

import pytest

from kodgen.contamination.layers.judge import (
    ANSWER_SCHEMA,
    LONGEST,
    compared,
    parse_answer,
    requests,
)
from kodgen.contamination.row import AuditedRow
from kodgen.contamination.task import BenchmarkTask
from kodgen.engine.prompt_files import load_prompts
from kodgen.llm.protocol import Completion
from kodgen.resources import shipped

PROMPT = load_prompts(shipped("prompts"))["judge"]
ROW = AuditedRow("a/b\n", "Sum the odd numbers {{ first }} of a list.")
TASK = BenchmarkTask(benchmark="own", task_id="7", text="Add up all odd entries.")


def completion(text, finish_reason="stop"):
    return Completion(request_id="r", model="m", text=text, finish_reason=finish_reason)


def said(verdict):
    return completion(f'{{"remark": "so it is", "verdict": "{verdict}"}}')


def test_both_orders_are_asked_with_the_texts_as_they_are():
    first, second = requests(ROW, TASK, "m", PROMPT, seed=3)
    one, other = first.messages[0].content, second.messages[0].content
    assert one.index(ROW.question) < one.index(TASK.text)
    assert other.index(TASK.text) < other.index(ROW.question)
    assert first.id != second.id
    assert first.seed != second.seed
    assert first.answer_schema == ANSWER_SCHEMA
    assert first.sampling.temperature == 0
    assert requests(ROW, TASK, "m", PROMPT, seed=3) == (first, second)


def test_ids_depend_on_texts_and_not_on_someone_elses_ids():
    other = AuditedRow("a/b\n", "Another question.")
    renamed = AuditedRow("another", ROW.question)
    ids = [requests(row, TASK, "m", PROMPT, 0)[0].id for row in (ROW, other, renamed)]
    assert ids[0] != ids[1]
    assert ids[0] == ids[2]
    assert ids[0].startswith("judge/own/7/")
    assert ids[0].endswith("/0")


def test_long_texts_are_cut_and_a_row_without_a_question_is_not_asked_about():
    long = AuditedRow("l", "x" * (3 * LONGEST))
    assert len(requests(long, TASK, "m", PROMPT, 0)[0].messages[0].content) < 2 * LONGEST
    assert requests(AuditedRow("e", " \n"), TASK, "m", PROMPT, 0) == "no_question"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ('{"remark": "no such input", "verdict": "same"}', "same"),
        ('```json\n{"remark": "r", "verdict": "different"}\n```', "different"),
        ("{'remark': 'it isn't', 'verdict': 'Unsure',}", "unsure"),
        ('<think>{"verdict": "same"}</think>{"remark": "", "verdict": "different"}', "different"),
        ('{"verdict": "different"} No: {"verdict": "same"}', "same"),
        ("**Verdict:** Same.", "same"),
        ("Different", "different"),
        ('{"Verdict": "not the same"}', "different"),
        ('{"verdict": "same | different"}', None),
        ('{"verdict": null}', None),
        ('{"remark": "the same task"}', None),
        ("These two are the same.", None),
        ("<think>they are the same", None),
        ("", None),
    ],
)
def test_answers_are_read_where_they_are_clear(text, answer):
    assert parse_answer(completion(text)) == answer


@pytest.mark.parametrize(
    ("answers", "score", "unseen"),
    [
        ((said("same"), said("same")), 1.0, ""),
        ((said("same"), said("different")), 0.5, ""),
        ((said("unsure"), said("same")), 0.5, ""),
        ((said("different"), said("different")), None, ""),
        ((said("different"), said("unsure")), None, "unsure"),
        ((said("different"), completion("Well.")), None, "unreadable_answer"),
        (("refused", said("different")), None, "refused"),
        (("unanswered", "unanswered"), None, "unanswered"),
        ((said("same"), "unanswered"), 0.5, "unanswered"),
        ((completion("{"), said("same")), 0.5, "unreadable_answer"),
    ],
)
def test_two_answers_together(answers, score, unseen):
    found = compared(ROW, TASK, answers)
    assert (found.hit and found.hit.score, found.unseen) == (score, unseen)


def test_a_hit_shows_what_was_said():
    hit = compared(ROW, TASK, (said("same"), said("unsure"))).hit
    assert (hit.layer, hit.task, hit.field, hit.view) == ("judge", "own/7", "question", "prompt")
    assert hit.evidence["answers"] == ["same", "unsure"]
    assert hit.evidence["remarks"] == ["so it is", "so it is"]


def test_a_text_that_was_not_shown_whole_is_not_called_different():
    long = AuditedRow("l", "x" * (LONGEST + 1))
    assert compared(long, TASK, (said("different"), said("different"))).unseen == "text_cut"
