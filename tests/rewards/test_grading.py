"""Scores of answers from a real sandbox, and what becomes of a machine's faults."""

import asyncio
import json
import threading

import pytest

from kodgen import config
from kodgen.errors import ConfigError, InputError, SandboxFault
from kodgen.records import Verdict
from kodgen.rewards import trl, verl
from kodgen.rewards.grading import Grader, grader
from kodgen.sandbox import Sandbox
from tests.formats.samples import CLASS_SOLUTION, CLASS_TEST, SOLUTION, TEST

TRUTH = json.dumps({"pytest": TEST})
LIMITS = {"cpu_seconds": 1, "wall_seconds": 20, "workers": 1, "accept_no_isolation": True}
"""A wide clock: an answer that is out of time for want of a core says nothing of itself."""
SHORT = LIMITS | {"wall_seconds": 3}
RIGHT = f"<think>\nTry `a - b`?\n</think>\n\nHere:\n\n```python\n{SOLUTION}\n```\nDone."
WRONG = "```python\ndef add(a, b):\n    return a - b\n```"
HANGING = "```python\nimport time\n\n\ndef add(a, b):\n    time.sleep(10_000)\n```"
SPINNING = "```python\ndef add(a, b):\n    while True:\n        pass\n```"
CHEATING = (
    "```python\nimport sys\n\n\nclass Any:\n    def __eq__(self, other):\n        return True\n\n\n"
    "def add(a, b):\n    return Any()\n```"
)


def score(answer, truth=TRUTH, limits=LIMITS):
    return verl.compute_score(
        data_source="kodgen",
        solution_str=answer,
        ground_truth=truth,
        extra_info={"index": 1},
        sandbox=limits,
    )


@pytest.mark.parametrize(
    ("answer", "reward"),
    [
        (RIGHT, 1.0),
        (WRONG, 0.0),
        (SPINNING, 0.0),
        (CHEATING, 0.0),
        ("I don't know.", 0.0),
        ("", 0.0),
        ("```python\ndef add(a, b:\n```", 0.0),
    ],
    ids=["right", "wrong", "spinning", "cheating", "no code", "empty", "broken"],
)
def test_verl_scores(answer, reward):
    assert score(answer) == reward


def test_verl_scores_an_answer_that_hangs():
    assert score(HANGING, limits=SHORT) == 0.0


def test_a_class():
    truth = json.dumps({"pytest": CLASS_TEST})
    assert score(f"```python\n{CLASS_SOLUTION}\n```", truth) == 1.0


def test_an_answer_may_go_on_with_a_completion_task():
    task = 'def add(a, b):\n    """Add two numbers."""'
    truth = json.dumps({"pytest": TEST, "completes": task})
    assert score("```python\n    return a + b\n```", truth) == 1.0


def test_answers_may_be_scored_from_many_threads():
    scores = {}

    def work(number):
        scores[number] = score(RIGHT if number % 2 else WRONG)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert scores == {number: float(number % 2) for number in range(8)}


def test_trl_scores_a_batch():
    chats = [[{"role": "assistant", "content": answer}] for answer in (RIGHT, WRONG)]
    asked = trl.reward(completions=chats, ground_truth=[TRUTH] * 2, prompts=[], subset=["A"] * 2)
    assert asyncio.run(asked) == [1.0, 0.0]
    asked = trl.reward(completions=[RIGHT], ground_truth=[TRUTH])
    assert asyncio.run(asked) == [1.0]


class Failing(Sandbox):
    """A sandbox whose machine fails the first few trials."""

    faults = 0
    asked = 0

    async def run(self, solution, test, *scrutiny):
        type(self).asked += 1
        if self.asked <= self.faults:
            return Verdict(outcome="infra", reason="fork_failed", isolation="not_run")
        return await super().run(solution, test, *scrutiny)


def failing(times):
    return type("Failing", (Failing,), {"faults": times})


@pytest.fixture
def graded():
    made = []

    def make(sandbox):
        one = Grader(config.Sandbox(**LIMITS), retries=2, first_wait=0.01, sandbox=sandbox)
        made.append(one)
        return one

    yield make
    for one in made:
        one.close()


def test_a_fault_of_the_machine_is_tried_again(graded):
    assert graded(failing(2)).score(RIGHT, TRUTH) == 1.0


def test_a_machine_that_goes_on_failing_gives_no_reward_at_all(graded):
    sandbox = failing(3)
    with pytest.raises(SandboxFault, match=r"3 times \(fork_failed\); this is no reward of 0"):
        graded(sandbox).score(RIGHT, TRUTH)
    assert sandbox.asked == 3


def test_what_is_no_ground_truth_of_ours_is_told():
    with pytest.raises(InputError, match="no JSON object with `pytest`"):
        score(RIGHT, json.dumps({"inputs": ["1"], "outputs": ["2"]}))


def test_settings_that_a_sandbox_does_not_have_are_told():
    with pytest.raises(ConfigError, match="memory_gb"):
        grader({"memory_gb": 2})


def test_a_process_has_one_grader_for_the_same_settings():
    assert grader(LIMITS) is grader(dict(reversed(LIMITS.items())))
