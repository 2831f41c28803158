"""Measured in a real sandbox, on whatever else the machine does: the order is never wrong."""

import pytest

from kodgen.preference import measuring, runtime
from kodgen.preference.bench_file import LONGEST_SOURCE, probing_file, timing_file
from kodgen.preference.candidates import Candidate
from kodgen.preference.measuring import Timings, Untimed, measure
from kodgen.preference.units import probed
from kodgen.records import Verdict
from kodgen.sandbox.scrutiny import PLAIN
from tests.preference.equals import rearranged
from tests.preference.making import triplet
from tests.preference.tasks import TASKS, Task
from tests.sandbox.conftest import Bench

BY_NAME = {task.name: task for task in TASKS}
CHEAP = ("sorting", "primes_below", "prefix_sums", "greatest_divisor", "power")


def candidates(codes: list[str]) -> list[Candidate]:
    return [Candidate(str(n), n, code, code, True, 1.0) for n, code in enumerate(codes)]


def timed(bench: Bench, task: Task, codes: list[str], repeats: int = 3) -> Timings:
    asked: list[str] = []

    async def run(name: str, solution: str, test: str) -> Verdict:
        asked.append(name)
        assert len(set(asked)) == len(asked)
        return await bench.sandbox.run(solution, test, PLAIN)

    of = triplet(task.name, task.solutions[0], task.test)
    return bench.wait(measure(of, candidates(codes), repeats, 1.2, run))


@pytest.mark.parametrize("name", CHEAP)
def test_known_orders(bench: Bench, name: str) -> None:
    task = BY_NAME[name]
    timings = timed(bench, task, list(reversed(task.solutions)))
    found = runtime.matches(timings, 1.2, 9)
    slowest, *_, fastest = candidates(list(reversed(task.solutions)))
    assert (found[0].chosen, found[0].rejected) == (fastest, slowest)
    assert found[0].margin > 20
    assert all(match.chosen.order > match.rejected.order for match in found)


@pytest.mark.parametrize("name", ["prefix_sums", "greatest_divisor"])
def test_equals_make_no_pair(bench: Bench, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # All rounds are run, so that what is held is not the probe's opinion.
    monkeypatch.setattr(measuring, "may_differ", lambda *_: True)
    task = BY_NAME[name]
    slow = task.solutions[-1]
    timings = timed(bench, task, [slow, rearranged(slow)], repeats=5)
    assert len(timings) == 2
    assert runtime.matches(timings, 1.2, 9) == ()


def test_remembering_earlier_calls_makes_no_one_faster(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = BY_NAME["greatest_divisor"]
    slow = task.solutions[1]
    cached = f"from functools import lru_cache\n\n@lru_cache(maxsize=None)\n{slow}"
    monkeypatch.setattr(measuring, "may_differ", lambda *_: True)
    assert runtime.matches(timed(bench, task, [slow, cached]), 1.2, 9) == ()


def test_methods_of_a_class(bench: Bench) -> None:
    task = BY_NAME["power"]
    head = "class Solution:\n    "
    codes = [
        head + code.replace("\n", "\n    ").rstrip().replace("(base", "(self, base") + "\n"
        for code in task.solutions
    ]
    codes[0] = codes[0].replace("pow(self, base", "pow(base")
    test = "def test_power():\n    assert Solution().power(3, 13, 50) == 23\n"
    timings = timed(bench, Task("methods", "", test, tuple(codes)), codes)
    [match] = runtime.matches(timings, 1.2, 9)
    assert (match.chosen.code, match.rejected.code) == tuple(codes)


def test_what_cannot_be_timed(bench: Bench) -> None:
    task = BY_NAME["power"]
    one = task.solutions[0]
    with pytest.raises(Untimed, match="1 of another form") as untimed:
        timed(bench, task, [one, f"# The same.\n{one}"])
    assert untimed.value.reason == "no_second_answer"
    stack = Task(
        "stack",
        "Stack",
        "def test_stack():\n    assert Stack().size() == 0\n",
        (
            "class Stack:\n    def __init__(self):\n        self.n = 0\n    def size(self):\n        return self.n\n",
        ),
    )
    with pytest.raises(Untimed) as untimed:
        timed(bench, stack, [stack.solutions[0], rearranged(stack.solutions[0])])
    assert untimed.value.reason == "not_timed"
    tiny = Task(
        "tiny",
        "flag",
        "def test_flag():\n    assert flag(True)\n",
        ("def flag(x):\n    return x\n",),
    )
    with pytest.raises(Untimed) as untimed:
        timed(bench, tiny, [tiny.solutions[0], "def flag(x):\n    return bool(x)\n"])
    assert untimed.value.reason == "not_timed"


def test_inputs_on_which_answers_disagree_are_not_used(bench: Bench) -> None:
    task = BY_NAME["prefix_sums"]
    # Right on all that the tests ask, and wrong on longer lists.
    other = f"{task.solutions[1]}".replace("(values))]", "(values[:40]))]")
    of = triplet(task.name, task.solutions[0], task.test)
    file = probing_file(of)
    assert file is not None
    verdict = bench.wait(bench.sandbox.run(other, file, PLAIN))
    assert {"0.draw.1", "0.draw.8"} <= probed(verdict).keys()
    assert not {"0.draw.16", "0.draw.32"} & probed(verdict).keys()
    assert next(t.error for t in verdict.tests if t.name == "test_unit[0.draw.16]") == "Differs"


def test_sources_too_long_for_a_test_file() -> None:
    task = BY_NAME["power"]
    of = triplet(task.name, task.solutions[0] + "#" * LONGEST_SOURCE, task.test)
    assert probing_file(of) is None
    assert timing_file(of, [("0.scale.1", 1)]) is None
