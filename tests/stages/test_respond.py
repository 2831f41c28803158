"""The respond stage: real runs of what a scripted model answers."""

import asyncio
import json
from pathlib import Path

import pytest

from kodgen import config
from kodgen.config import Pipeline
from kodgen.errors import LLMRefusal, LLMUnanswered
from kodgen.llm.protocol import Completion
from kodgen.prompts import Prompt
from kodgen.records import Response, TestInfo, Triplet, Verdict, response_id
from kodgen.stages.respond import RespondStage
from tests import specimens
from tests.sandbox.conftest import Bench

SOLUTION = "from typing import List\n\n\ndef total(xs: List[int]) -> int:\n    return sum(xs)"
TEST = """from solution import List, total


def test_some():
    xs: List[int] = [1, 2, 3]
    assert total(xs) == 6


def test_none():
    assert total([]) == 0
"""
TRIPLET = specimens.triplet(
    "question:A/given/x/0",
    question="Write `total(xs)`, which adds {{ numbers }} up.",
    solution=SOLUTION,
    test=TEST,
    test_info=(
        TestInfo(
            function_name="total",
            parameter_list="(xs)",
            function_declaration="def total(xs):",
            docstring="",
        ),
    ),
    seed_ids=("seed:A/x",),
    licenses=("MIT",),
)

LOOP = "def total(xs):\n    result = 0\n    for x in xs:\n        result += x\n    return result"
SUM = "def total(xs):\n    return sum(xs)"
SUM_AGAIN = "def total(numbers: list) -> int:\n    return sum(numbers)"
WRONG = "def total(xs):\n    return 1 + sum(xs)"
WRAPPED = "class Solution:\n    def total(self, xs):\n        return sum(xs)"
CLASS = (
    "class Adder:\n    def add(self, xs):\n        return sum(xs)\n\n\n"
    "def total(xs):\n    return Adder().add(xs)"
)
CHEAT = (
    "class Always(int):\n    def __eq__(self, other):\n        return True\n\n    __hash__ = None\n\n\n"
    "def total(xs):\n    return Always()"
)
LACKING = "import no_such_library_at_all\n\n\ndef total(xs):\n    return sum(xs)"


def thinking(code, thought="Hm."):
    return f"<think>\n{thought}\n</think>\n\nAs follows.\n\n```python\n{code}\n```\n\nDone."


def pipeline(**respond):
    return Pipeline.model_validate(
        {
            "name": "t",
            "seed": 7,
            "llm": {"backend": "recorded", "model": "m", "paths": ["none.jsonl"]},
            "subsets": [{"name": "A", "method": "given", "seeds": {"path": "q.jsonl"}}],
            "respond": respond,
        }
    )


@pytest.fixture(scope="module")
def bench():
    bench = Bench(config.Sandbox(workers=2, cpu_seconds=4))
    yield bench
    bench.close()


class Scripted:
    """Attempt n is answered by script[n]; what it answers is run for real."""

    speculate = 1

    def __init__(self, sandbox, script, finish_last=False):
        self.sandbox = sandbox
        self.script = script
        self.finish_last = finish_last
        self.requests = []
        self.verified = {}

    def complete_together(self, requests):
        self.requests.extend(requests)
        return [self.complete(request) for request in requests]

    async def complete(self, request):
        attempt = int(request.id.rsplit("/", 1)[-1])
        if self.finish_last:
            await asyncio.sleep((5 - attempt) / 50)
        said = self.script[attempt]
        if isinstance(said, Exception):
            raise said
        fields = said if isinstance(said, dict) else {"text": said}
        given = {"request_id": request.id, "model": "m-2", "finish_reason": "stop"}
        return Completion(**{**given, **fields})

    async def verify(self, trial, solution, test, **scrutiny):
        assert not scrutiny  # a reasoning answer is looked at in full
        self.verified[trial] = (solution, test)
        return await self.sandbox.run(solution, test)


def respond(bench, script, triplet=TRIPLET, finish_last=False, prompt="{{ question }}", **section):
    section.setdefault("attempts", len(script))
    model = Scripted(bench.sandbox, script, finish_last)
    stage = RespondStage(pipeline(**section), Prompt(prompt))
    return bench.wait(stage.process(triplet, model)), model


def rejects(outcome):
    return {json.loads(r.row).get("attempt"): r.reason for r in outcome.rejected}


def test_right_answers_are_kept_with_reasoning_and_verdict(bench):
    outcome, model = respond(bench, [thinking(LOOP), {"text": "```\n" + SUM, "reasoning": "Easy."}])
    first, second = outcome.kept
    assert outcome.rejected == outcome.trials == ()
    assert first.id == response_id(TRIPLET.id, 0)
    assert (first.reasoning, first.code, first.approach) == ("Hm.", LOOP, "")
    assert first.answer.startswith("As follows.")
    assert first.answer.endswith("Done.")
    assert first.verdict.passed
    assert first.completion_id == f"respond/{TRIPLET.id}/0"
    assert first.model == "m-2"
    assert (second.reasoning, second.code) == ("Easy.", SUM)
    assert list(model.verified) == [response_id(TRIPLET.id, n) for n in range(2)]


def test_every_other_answer_is_a_rejected_row_with_its_verdict(bench):
    script = [
        thinking(WRONG),
        "<think>Hm.</think>I can't say.",
        {"text": thinking(LOOP), "finish_reason": "length"},
        thinking(CHEAT),
        thinking(LACKING),
        thinking(SUM),
    ]
    outcome, model = respond(bench, script)
    assert [r.attempt for r in outcome.kept] == [5]
    assert rejects(outcome) == {
        0: "wrong_answer",
        1: "no_code",
        2: "cut_off",
        3: "wrong_answer",
        4: "missing_dependency",
    }
    rows = [Response.model_validate_json(r.row) for r in outcome.rejected]
    assert [r.id for r in outcome.rejected] == [r.id for r in rows]
    assert outcome.rejected[0].evidence == "failed (assertion)"
    assert rows[0].verdict.outcome == "failed"
    assert not rows[3].verdict.passed
    for row in rows[1:3]:  # not run, so nothing is said of them
        assert (row.code, row.verdict.isolation) == (None, "not_run")
        assert row.id not in model.verified


def test_tests_need_nothing_that_their_own_solution_only_imported(bench):
    outcome, model = respond(bench, [thinking(SUM)])
    assert len(outcome.kept) == 1
    (_, test), *_ = model.verified.values()
    assert test.startswith("from typing import List\nfrom solution import total\n")


def test_classes_where_functions_are_asked_for(bench):
    outcome, _ = respond(bench, [thinking(CLASS), thinking(WRAPPED)])
    assert rejects(outcome) == {0: "class_based", 1: "class_based"}
    right, wrong = (Response.model_validate_json(r.row) for r in outcome.rejected)
    assert right.verdict.passed
    assert not wrong.verdict.passed
    outcome, _ = respond(bench, [thinking(CLASS), thinking(WRAPPED)], classes=True)
    assert [r.attempt for r in outcome.kept] == [0]


def test_a_class_that_the_task_asks_for_is_fine(bench):
    test = "from solution import Adder\n\n\ndef test_add():\n    assert Adder().add([1, 2]) == 3\n"
    asked = TRIPLET.model_copy(update={"test": test, "test_info": (), "solution": CLASS})
    outcome, _ = respond(bench, [thinking(CLASS)], asked)
    assert len(outcome.kept) == 1


def test_bounds_on_tokens_turn_right_answers_away(bench):
    script = [
        {"text": thinking(SUM), "completion_tokens": 10},
        {"text": thinking(SUM), "completion_tokens": 500},
        {"text": thinking(SUM), "completion_tokens": 5000},
        thinking(SUM),
        thinking(SUM, "Hm. " * 5000),
        {"text": thinking(WRONG), "completion_tokens": 5000},
    ]
    outcome, _ = respond(bench, script, tokens=(100, 1000))
    assert [r.attempt for r in outcome.kept] == [1]
    assert rejects(outcome) == {
        0: "too_short",
        2: "too_long",
        3: "too_short",
        4: "too_long",
        5: "wrong_answer",
    }
    assert outcome.rejected[1].evidence == "5000 tokens; at most 1000 are wanted"
    assert "as estimated" in outcome.rejected[3].evidence
    assert Response.model_validate_json(outcome.rejected[1].row).verdict.passed


def test_deep_keeps_the_answer_most_thought_over(bench):
    script = [thinking(SUM), thinking(LOOP, "Hm. " * 9), thinking(WRONG, "Hm. " * 99)]
    outcome, _ = respond(bench, script, recipe="deep")
    assert [r.attempt for r in outcome.kept] == [1]
    assert rejects(outcome) == {0: "not_kept", 2: "wrong_answer"}


def test_diverse_keeps_answers_that_differ(bench):
    script = [thinking(code) for code in (SUM, SUM_AGAIN, LOOP, WRONG)]
    outcome, _ = respond(bench, script, recipe="diverse", keep=3)
    assert [(r.attempt, r.approach) for r in outcome.kept] == [
        (0, "sum, min or max"),
        (2, "for loop"),
    ]
    assert rejects(outcome) == {1: "not_kept", 3: "wrong_answer"}


def test_a_refused_triplet_is_rejected_itself_beside_what_was_answered(bench):
    outcome, _ = respond(bench, [thinking(SUM), LLMRefusal("too long"), LLMRefusal("too long")])
    assert [r.attempt for r in outcome.kept] == [0]
    (refused,) = outcome.rejected
    assert (refused.reason, refused.evidence, refused.id) == ("llm_refused", "too long", TRIPLET.id)
    assert Triplet.model_validate_json(refused.row) == TRIPLET


def test_an_answer_that_never_came_waits_for_the_others(bench):
    model = Scripted(bench.sandbox, [LLMUnanswered("later"), thinking(SUM)])
    stage = RespondStage(pipeline(attempts=2), Prompt("{{ question }}"))
    with pytest.raises(LLMUnanswered):
        bench.wait(stage.process(TRIPLET, model))
    assert list(model.verified) == [response_id(TRIPLET.id, 1)]


def test_the_order_in_which_answers_finish_changes_nothing(bench):
    script = [thinking(code) for code in (SUM, LOOP, WRONG, SUM_AGAIN)]

    def without_times(outcome):
        rows = [*outcome.kept, *(Response.model_validate_json(r.row) for r in outcome.rejected)]
        return [r.model_copy(update={"verdict": plain(r.verdict)}) for r in rows]

    def plain(verdict):
        return Verdict(outcome=verdict.outcome, reason=verdict.reason, isolation=verdict.isolation)

    for recipe in "all", "deep", "diverse":
        one, _ = respond(bench, script, recipe=recipe, keep=2)
        other, _ = respond(bench, script, recipe=recipe, keep=2, finish_last=True)
        assert without_times(one) == without_times(other)


def test_requests_differ_in_id_and_seed_alone(bench):
    _, model = respond(bench, [thinking(SUM)] * 3)
    assert [r.id for r in model.requests] == [f"respond/{TRIPLET.id}/{n}" for n in range(3)]
    assert len({r.seed for r in model.requests}) == 3
    assert (
        len({r.model_copy(update={"id": "", "seed": 0}).model_dump_json() for r in model.requests})
        == 1
    )
    assert model.requests[0].messages[0].content == TRIPLET.question
    assert model.requests[0].sampling.max_tokens == 16384


def test_the_prompt_tells_names_that_the_question_does_not(bench):
    text = (Path(__file__).resolve().parents[2] / "prompts" / "respond.j2").read_text("utf-8")
    _, model = respond(bench, [thinking(SUM)], prompt=text)
    asked = model.requests[0].messages[0].content
    assert TRIPLET.question in asked
    assert "def total" not in asked
    assert "List" not in asked
    untold = TRIPLET.model_copy(update={"question": "Add numbers up."})
    _, model = respond(bench, [thinking(SUM)], untold, prompt=text)
    assert "by this name:\n\n- `def total(xs)`\n" in model.requests[0].messages[0].content
