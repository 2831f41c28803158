"""The mutate stage on real runs: which tests it finds weak, and which flaky."""

import asyncio
import time
from collections.abc import Iterator

import pytest

from kodgen import config
from kodgen.records import Rejected, TestStrength, Triplet, Verdict
from kodgen.sandbox.scrutiny import FULL, Scrutiny
from kodgen.stages.base import Outcome
from kodgen.stages.mutate import MutateStage
from tests import specimens
from tests.new_python import printed
from tests.sandbox.conftest import Bench

SUM = """\
def total(numbers, least=0):
    found = 0
    for number in numbers:
        if number >= least:
            found += number
    return found
"""
STRONG = """\
from solution import total

def test_total():
    assert total([1, 2, 3]) == 6
    assert total([1, 2, 3], 2) == 5
    assert total([-1, 2]) == 2
    assert total([0, -2], -2) == -2
    assert total([]) == 0
"""
ONLY_TYPES = """\
from solution import total

def test_total():
    assert isinstance(total([1, 2, 3]), int)
    assert isinstance(total([1, 2, 3], 2), int)
    assert total([-1, 2]) is not None
"""

FIRST_OF_A_SET = """\
from solution import first

def test_it():
    words = [chr(n) * 3 for n in range(97, 117)]
    assert first(words) == {expected!r}
"""
AFTER_ANOTHER = """\
from solution import push

def test_one():
    assert push(1) == 1

def test_two():
    assert push(1) == 2
"""


def pipeline(**mutate: object) -> config.Pipeline:
    return config.Pipeline.model_validate(
        {
            "name": "t",
            "seed": 7,
            "llm": {"backend": "recorded", "model": "m", "paths": ["none.jsonl"]},
            "subsets": [{"name": "A", "method": "given", "seeds": {"path": "q.jsonl"}}],
            "mutate": mutate,
        }
    )


def triplet(solution: str, test: str) -> Triplet:
    return specimens.triplet("question:A/given/x/0", solution=solution, test=test)


class Running:
    """The engine's tools as far as this stage needs them: every run is real."""

    speculate = 1

    def __init__(self, bench: Bench) -> None:
        self._sandbox = bench.sandbox
        self.asked: list[tuple[str, Scrutiny]] = []

    async def verify(
        self, trial: str, solution: str, test: str, scrutiny: Scrutiny = FULL
    ) -> Verdict:
        self.asked.append((trial, scrutiny))
        return await self._sandbox.run(solution, test, scrutiny)


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    bench = Bench(config.Sandbox(workers=2))
    yield bench
    bench.close()


def processed(
    bench: Bench, solution: str, test: str, **mutate: object
) -> tuple[Outcome[Triplet], Running]:
    tools = Running(bench)
    stage = MutateStage(pipeline(**mutate))
    work = stage.process(triplet(solution, test), tools)  # type: ignore[arg-type]
    return bench.wait(work), tools


def strength_of(bench: Bench, solution: str, test: str, **mutate: object) -> TestStrength:
    outcome, _ = processed(bench, solution, test, **mutate)
    (row,) = outcome.kept
    assert row.strength is not None
    return row.strength


def rejected(bench: Bench, solution: str, test: str, **mutate: object) -> Rejected:
    outcome, _ = processed(bench, solution, test, **mutate)
    assert not outcome.kept
    return outcome.rejected[0]


def test_tests_that_look_at_values_notice_every_mutant_that_differs(bench: Bench) -> None:
    found = strength_of(bench, SUM, STRONG, mutants=50)
    assert found.score == 1.0
    assert found.killed >= 8
    assert found.survived == ()
    assert found.untold == 0


def test_tests_that_look_at_types_alone_are_weak(bench: Bench) -> None:
    found = strength_of(bench, SUM, ONLY_TYPES, mutants=50)
    assert found.score is not None
    assert 0 < found.score < 0.6
    assert {(one.line, one.operator) for one in found.survived} >= {
        (2, "constant"),
        (4, "comparison"),
        (5, "assignment"),
    }
    (one,) = (o for o in found.survived if o.operator == "comparison")
    assert one.original == "if number >= least:"
    assert one.mutated == "if number < least:"


def test_weak_tests_are_rejected_with_the_survivors_as_evidence(bench: Bench) -> None:
    found = rejected(bench, SUM, ONLY_TYPES, mutants=50, threshold=0.7)
    assert found.reason == "weak_tests"
    assert "less than 0.7" in found.evidence
    assert "line 2: 'found = 0' as 'found = 1'" in found.evidence
    assert '"strength":{"score":0' in found.row
    outcome, _ = processed(bench, SUM, STRONG, mutants=50, threshold=0.7)
    assert outcome.kept


def test_a_mutant_that_differs_for_no_input_is_no_survivor(bench: Bench) -> None:
    # `>` for `>=` gives the same largest number.
    solution = (
        "def largest(numbers):\n    found = numbers[0]\n    for number in numbers:\n"
        "        if number > found:\n            found = number\n    return found\n"
    )
    test = "from solution import largest\ndef test_it():\n    assert largest([1, 3, 3, 2]) == 3\n"
    found = strength_of(bench, solution, test, mutants=50)
    assert found.score == 1.0
    assert found.indistinct >= 1


def test_tests_that_call_nothing_have_no_score_and_are_not_rejected_for_it(bench: Bench) -> None:
    test = "def test_it():\n    assert 1 + 1 == 2\n"
    found = strength_of(bench, SUM, test, threshold=1.0)
    assert found.score is None
    assert found.killed == 0
    assert found.indistinct > 0


def test_endless_mutants_cost_little_and_are_killed(bench: Bench) -> None:
    solution = (
        "def halvings(n):\n    count = 0\n    while n > 1:\n        n //= 2\n"
        "        count += 1\n    return count\n"
    )
    test = (
        "from solution import halvings\n"
        "def test_it():\n    assert [halvings(n) for n in (1, 2, 8)] == [0, 1, 3]\n"
    )
    began = time.monotonic()
    outcome, tools = processed(bench, solution, test, mutants=50)
    # At least three loop for ever; the sandbox would let each use 10 s.
    assert time.monotonic() - began < 25
    assert outcome.kept[0].strength is not None
    assert outcome.kept[0].strength.score == 1.0
    limits = {scrutiny.cpu_seconds for trial, scrutiny in tools.asked if "/again" not in trial}
    assert 1 in limits


def test_classes_generators_callbacks_and_doubtful_outputs(bench: Bench) -> None:
    solution = """\
class Stack:
    def __init__(self):
        self._items = []

    def push(self, item):
        self._items.append(item)

    def pop(self):
        if not self._items:
            raise IndexError("empty")
        return self._items.pop()


def countdown(n):
    while n > 0:
        yield n
        n -= 1


def each(items, act):
    for item in items:
        act(item)
"""
    test = """\
import pytest
from solution import Stack, countdown, each

def test_stack():
    stack = Stack()
    stack.push(1)
    stack.push(2)
    assert stack.pop() == 2
    stack.pop()
    with pytest.raises(Exception):
        stack.pop()

def test_countdown():
    assert len(list(countdown(3))) == 3

def test_each():
    seen = []
    each([1, 2], seen.append)
    assert seen == [1, 2]
"""
    found = strength_of(bench, solution, test, mutants=100)
    assert found.untold == 0
    assert found.killed > 5
    # What is yielded is not looked at, only how much.
    assert "yield n" in {one.original for one in found.survived}


def test_outputs_that_differ_of_themselves_tell_nothing(bench: Bench) -> None:
    solution = "import os\n\ndef token(size=4):\n    return os.urandom(size).hex()\n"
    test = "from solution import token\ndef test_it():\n    assert token()\n"
    found = strength_of(bench, solution, test)
    assert found.untold >= 1
    assert found.survived == ()


@pytest.mark.parametrize(
    ("solution", "test"),
    [
        (
            "def first(words):\n    return list(set(words))[0]\n",
            FIRST_OF_A_SET,
        ),
        (
            "seen = []\ndef push(x):\n    seen.append(x)\n    return len(seen)\n",
            AFTER_ANOTHER,
        ),
    ],
)
def test_what_passes_only_by_hash_seed_or_order_is_flaky(
    bench: Bench, solution: str, test: str
) -> None:
    if "{expected" in test:
        # Written down from one run, as a model would: the sandbox's usual hash seed is 0.
        test = test.format(expected=_first_of_a_set())
        assert bench.run(solution, test).passed
    found = rejected(bench, solution, test)
    assert found.reason == "flaky"
    assert "flaky (rerun_disagrees)" in found.evidence


def _first_of_a_set() -> str:
    code = "print(list(set([chr(n) * 3 for n in range(97, 117)]))[0])"
    return printed(code, hash_seed=0)


def test_what_no_longer_passes_at_all_is_flaky_too(bench: Bench) -> None:
    found = rejected(bench, "def f():\n    return 1\n", "from solution import f\ndef test_f():\n    assert f() == 2\n")  # fmt: skip
    assert found.reason == "flaky"
    assert "passed before, then failed (assertion)" in found.evidence


def test_what_kodgen_can_t_parse_passes_on_unmutated(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kodgen.sandbox.testfile.LONGEST_SOURCE", 100)
    test = "from solution import total\ndef test_it():\n    assert total([1]) == 1\n"
    outcome, tools = processed(bench, SUM, test)
    assert outcome.kept == (triplet(SUM, test),)
    assert [trial for trial, _ in tools.asked] == ["question:A/given/x/0/mutate/again"]


def test_the_same_row_gives_the_same_outcome(bench: Bench) -> None:
    first, asked = processed(bench, SUM, ONLY_TYPES, mutants=8)
    second, again = processed(bench, SUM, ONLY_TYPES, mutants=8)
    assert first.kept == second.kept
    assert sorted(trial for trial, _ in asked.asked) == sorted(trial for trial, _ in again.asked)
    trials = [trial for trial, _ in asked.asked]
    assert len(trials) == len(set(trials))
    assert first.kept[0].strength is not None
    assert first.kept[0].strength.not_run > 0


def test_a_fault_of_the_sandbox_goes_through_and_ends_the_other_runs() -> None:
    class Faulty:
        open = 0

        async def verify(
            self, trial: str, solution: str, test: str, scrutiny: Scrutiny = FULL
        ) -> Verdict:
            if trial.endswith("/again"):
                return Verdict(outcome="passed", reason="", isolation="namespaces")
            if trial.endswith("/1"):
                raise RuntimeError("fault")
            self.open += 1
            try:
                await asyncio.sleep(60)
            finally:
                self.open -= 1
            raise AssertionError

    async def run() -> int:
        tools = Faulty()
        with pytest.raises(RuntimeError, match="fault"):
            await MutateStage(pipeline()).process(triplet(SUM, STRONG), tools)  # type: ignore[arg-type]
        await asyncio.sleep(0)
        return tools.open

    assert asyncio.run(run()) == 0
