"""Pairs of whole rows; what has to be run is run in a real sandbox."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from kodgen import config
from kodgen.config import Pipeline
from kodgen.records import (
    Answered,
    CheckedSolution,
    CheckedTest,
    Crosscheck,
    Observation,
    Pair,
    TestResult,
    Verdict,
)
from kodgen.sandbox.scrutiny import FULL, PLAIN
from kodgen.stages.base import Outcome
from kodgen.stages.prefer import MixStage, PreferStage
from tests.preference.making import FAIL, PASS, SandboxTools, answered, response
from tests.preference.tasks import TASKS
from tests.sandbox.conftest import Bench

ADD = "def add(a, b):\n    return a + b\n"
LONG = "def add(a, b):\n    # Counts up, one by one, as a child would do it with its fingers.\n    total = a\n    for _ in range(b):\n        total = total + 1\n    return total\n"
LESS = "def add(a, b):\n    return a - b\n"
ONCE = "def add(a, b):\n    return 3\n"
TEST = "from solution import add\n\ndef test_a():\n    assert add(1, 2) == 3\n\ndef test_b():\n    assert add(2, 5) == 7\n"


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    bench = Bench(config.Sandbox(workers=1))
    yield bench
    bench.close()


def pipeline(**prefer: Any) -> Pipeline:
    return Pipeline.model_validate(
        {
            "name": "t",
            "seed": 7,
            "llm": {"backend": "recorded", "model": "m", "paths": ["none.jsonl"]},
            "subsets": [{"name": "s", "method": "given", "seeds": {"path": "q.jsonl"}}],
            "prefer": prefer,
        }
    )


def preferred(
    bench: Bench, row: Answered, tools: SandboxTools | None = None, **prefer: Any
) -> Outcome[Pair]:
    tools = tools or SandboxTools(bench.sandbox)
    return bench.wait(PreferStage(pipeline(**prefer)).process(row, tools))  # type: ignore[arg-type]


def reason(outcome: Outcome[Pair]) -> str:
    assert not outcome.kept
    [rejected] = outcome.rejected
    return rejected.reason


def crosscheck(*rows: tuple[float, tuple[int | None, ...]]) -> Crosscheck:
    return Crosscheck(
        solutions=tuple(
            CheckedSolution(trial=f"q/{n}", score=score, passed=passed)
            for n, (score, passed) in enumerate(rows)
        ),
        tests=(
            CheckedTest(trial="q/0", name="test_a", score=1, discrimination=None, dropped=False),
            CheckedTest(trial="q/0", name="test_b", score=0.1, discrimination=None, dropped=True),
            CheckedTest(trial="q/1", name="test_c", score=0.5, discrimination=None, dropped=False),
        ),
        camps=2,
    )


def test_trials_are_judged_by_the_chosen_tests(bench: Bench) -> None:
    tools = SandboxTools(bench.sandbox)
    # The last passed tests of its own, and fails those of the triplet.
    row = answered("q", TEST, [ADD, LESS, ONCE], [PASS, FAIL, PASS])
    [pair] = preferred(bench, row, tools).kept
    assert pair.id == "q/pair/correctness/0"
    assert (pair.chosen_id, pair.rejected_id) == ("q/0", "q/2")
    assert (pair.chosen, pair.rejected) == (f"```python\n{ADD}\n```", f"```python\n{ONCE}\n```")
    assert (pair.margin, pair.question, pair.licenses) == (0.5, "Solve q.", ("MIT",))
    assert [scrutiny for _, scrutiny in tools.asked] == [FULL, PLAIN]


def test_consensus_says_who_is_right_and_by_how_much(bench: Bench) -> None:
    found = crosscheck((0.9, (1, 0, 0)), (1.0, (1, 1, 1)), (0.2, (0, 1, 1)), (0.4, (0, 0, 1)))
    row = answered("q", TEST, [ADD, LONG, LESS, ONCE], crosscheck=found)
    tools = SandboxTools()
    first, second = preferred(bench, row, tools, pairs=3).kept
    assert (first.chosen_id, first.rejected_id, first.margin) == ("q/1", "q/3", 0.6)
    assert (second.chosen_id, second.rejected_id, second.margin) == ("q/0", "q/2", 0.7)
    assert tools.asked == []


def test_what_the_matrix_cannot_say_is_run(bench: Bench) -> None:
    found = crosscheck((0.9, (1, 0, 0)), (0.5, (None, None, None)), (0.1, (None, None, None)))
    row = answered("q", TEST, [ADD, LONG, LESS], crosscheck=found)
    tools = SandboxTools(bench.sandbox)
    [pair] = preferred(bench, row, tools).kept
    assert (pair.rejected_id, pair.margin) == ("q/2", 0.8)
    assert len(tools.asked) == 2


@pytest.mark.parametrize(
    "verdict",
    [
        Verdict(outcome="error", reason="missing_dependency", isolation="namespaces"),
        Verdict(outcome="error", reason="truncated", isolation="not_run"),
        Verdict(outcome="timeout", reason="wall", isolation="namespaces"),
        Verdict(outcome="infra", reason="starved", isolation="namespaces"),
    ],
)
def test_no_pair_with_what_failed_for_other_reasons(bench: Bench, verdict: Verdict) -> None:
    row = answered(
        "q", TEST, [ADD], responses=[response("q", 0, ADD), response("q", 1, LESS, verdict)]
    )
    outcome = preferred(bench, row)
    assert reason(outcome) == "no_wrong_answer"
    assert "1 right, 0 wrong, 1 unusable" in outcome.rejected[0].evidence


def test_a_solution_by_another_name_is_not_wrong(bench: Bench) -> None:
    row = answered(
        "q", TEST, [ADD, "def plus(a, b):\n    return a - b\n", None], [PASS, FAIL, FAIL]
    )
    assert reason(preferred(bench, row)) == "no_wrong_answer"


def test_answers_in_full_and_a_hard_negative(bench: Bench) -> None:
    half = FAIL.model_copy(
        update={
            "tests": (
                TestResult(name="test_a", outcome="passed"),
                TestResult(name="test_b", outcome="failed"),
            ),
        }
    )
    answers = [response("q", 0, LESS, FAIL), response("q", 1, ONCE, half), response("q", 2, ADD)]
    [pair] = preferred(bench, answered("q", TEST, [ADD], responses=answers), SandboxTools()).kept
    assert (pair.chosen_id, pair.rejected_id, pair.margin) == ("q/response/2", "q/response/1", 0.5)
    assert pair.chosen.startswith("<think>\nHm.\n</think>\n\nHere:")


def test_nothing_right(bench: Bench) -> None:
    row = answered("q", TEST, [ADD], responses=[response("q", 0, LESS, FAIL)])
    assert reason(preferred(bench, row)) == "no_right_answer"
    assert (
        reason(preferred(bench, answered("q", TEST, [ADD]), source="responses"))
        == "no_right_answer"
    )


def test_other_criteria(bench: Bench) -> None:
    row = answered("q", TEST, [ADD, LONG])
    [pair] = preferred(bench, row, criteria={"length": 1}).kept
    assert (pair.chosen_id, pair.rejected_id) == ("q/0", "q/1")
    assert pair.margin == pytest.approx(len(pair.rejected) / len(pair.chosen), abs=0.01)
    assert reason(preferred(bench, row, criteria={"length": 1}, longer=9)) == "no_difference"
    assert reason(preferred(bench, row, criteria={"random": 1})) == "no_wrong_answer"
    wrong = answered("q", TEST, [ADD, LESS], [PASS, FAIL])
    [pair] = preferred(bench, wrong, criteria={"random": 1}).kept
    assert (pair.rejected_id, pair.margin, pair.criterion) == ("q/1", 1.0, "random")
    assert reason(preferred(bench, wrong, criteria={"length": 1})) == "no_second_answer"


def test_by_measured_run_time(bench: Bench) -> None:
    task = next(task for task in TASKS if task.name == "power")
    fast, slow = task.solutions
    tools = SandboxTools(bench.sandbox)
    row = answered("q", task.test, [slow, fast])
    [pair] = preferred(bench, row, tools, criteria={"runtime": 1}, repeats=3).kept
    assert (pair.chosen_id, pair.rejected_id, pair.criterion) == ("q/1", "q/0", "runtime")
    assert pair.margin > 10
    # One is judged, both are probed, and each of three rounds has a name of its own.
    assert len(tools.asked) == 1 + 2 + 6


def test_where_the_criterion_drawn_makes_no_pair_another_is_tried(bench: Bench) -> None:
    rows = [answered(f"q{n}", TEST, [ADD, LONG]) for n in range(8)]
    both = {"correctness": 1, "length": 1}
    kept = [pair for row in rows for pair in preferred(bench, row, criteria=both).kept]
    assert [pair.criterion for pair in kept] == ["length"] * 8
    outcome = preferred(bench, rows[0], criteria=both, longer=9)
    assert reason(outcome) in {"no_wrong_answer", "no_difference"}
    assert "correctness: no_wrong_answer" in outcome.rejected[0].evidence
    assert "length: no_difference" in outcome.rejected[0].evidence


def test_a_rejected_row_holds_nothing_that_differs_from_run_to_run(bench: Bench) -> None:
    seen = Observation(wall_seconds=1.5, cpu_seconds=1, peak_memory_bytes=1)
    verdict = PASS.model_copy(update={"observed": seen})
    answers = [response("q", 0, ADD, verdict)]
    row = answered("q", TEST, [ADD], [verdict], responses=answers)
    [rejected] = preferred(bench, row).rejected
    held = json.loads(rejected.row)
    assert held["id"] == "q"
    assert "observed" not in held["trials"][0]["verdict"]
    assert "observed" not in held["responses"][0]["verdict"]


def test_a_mix_comes_down_to_its_weights(bench: Bench) -> None:
    rows = [answered(f"q{n}", TEST, [ADD, LONG]) for n in range(6)]
    wrong = [answered(f"w{n}", TEST, [ADD, LESS], [PASS, FAIL]) for n in range(18)]
    weights = {"correctness": 0.5, "length": 0.5}
    made = [
        pair for row in [*rows, *wrong] for pair in preferred(bench, row, criteria=weights).kept
    ]
    assert Counter(pair.criterion for pair in made) == {"length": 6, "correctness": 18}
    outcome = MixStage(pipeline(criteria=weights)).process(made)
    assert Counter(pair.criterion for pair in outcome.kept) == {"length": 6, "correctness": 6}
    assert {rejected.reason for rejected in outcome.rejected} == {"over_weight"}
    assert len(outcome.rejected) == 12
    assert outcome.facts["criteria"]["correctness"] == {"made": 18, "kept": 6}
    whole = MixStage(pipeline(criteria=weights, keep_weights=False)).process(made)
    assert whole.kept == tuple(made)
