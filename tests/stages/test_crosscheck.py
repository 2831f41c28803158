"""Crosscheck over the real sandbox: what becomes of a question's trials."""

import asyncio
from collections.abc import Iterator

import pytest

from kodgen import config
from kodgen.config import Pipeline
from kodgen.records import Tried, Verdict
from kodgen.sandbox.scrutiny import FULL, PLAIN
from kodgen.stages.attempts import chosen_trial, difficulty
from kodgen.stages.crosscheck import CrosscheckStage
from tests import specimens
from tests.sandbox.conftest import Bench

MEDIAN = (
    "def median(xs):\n    xs = sorted(xs)\n    n = len(xs) // 2\n"
    "    return xs[n] if len(xs) % 2 else (xs[n - 1] + xs[n]) / 2\n"
)
LOWER = "def median(xs):\n    return sorted(xs)[(len(xs) - 1) // 2]\n"
UPPER = "def median(xs):\n    return sorted(xs)[len(xs) // 2]\n"


def file_of(*cases: tuple[list[int], float]) -> str:
    return "from solution import median\n" + "".join(
        f"\n\ndef test_{n}():\n    assert median({given}) == {expected}\n"
        for n, (given, expected) in enumerate(cases)
    )


ODD = ([3, 1, 2], 2)
EVEN = ([1, 2, 3, 4], 2.5)
EVEN_TOO = ([5, 7], 6)


class Tools:
    """The sandbox, and a note of what it was asked."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.asked: list[tuple[str, str]] = []

    async def verify(self, trial, solution, test, scrutiny=FULL):
        self.asked.append((trial, "plain" if scrutiny == PLAIN else "full"))
        return await asyncio.to_thread(
            lambda: self._bench.wait(self._bench.sandbox.run(solution, test, scrutiny))
        )


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    bench = Bench(config.Sandbox(workers=2, cpu_seconds=1, memory_mb=512))
    yield bench
    bench.close()


def pipeline(**section):
    return Pipeline.model_validate(
        {
            "name": "t",
            "llm": {"backend": "recorded", "model": "m", "paths": ["none.jsonl"]},
            "subsets": [{"name": "A", "method": "given", "seeds": {"path": "q.jsonl"}}],
            "crosscheck": section,
        }
    )


def tried(bench, *pairs, coverage=()) -> Tried:
    """A question's trials, each with the verdict that the sandbox gives it."""
    trials = []
    for attempt, pair in enumerate(pairs):
        if pair is None:
            verdict = Verdict(outcome="error", reason="no_solution_found", isolation="not_run")
        else:
            verdict = bench.run(*pair)
        if attempt < len(coverage):
            verdict = verdict.model_copy(update={"coverage": coverage[attempt]})
        trials.append(
            specimens.trial(
                "question:A/q",
                attempt,
                solution=pair[0] if pair else None,
                test=pair[1] if pair else None,
                model=f"model-{attempt}",
                verdict=verdict,
            )
        )
    chosen = chosen_trial(trials)
    assert chosen is not None
    sequence = tuple(int(trial.verdict.passed) for trial in trials)
    triplet = specimens.triplet(
        "question:A/q",
        solution=chosen.solution,
        test=chosen.test,
        chosen_trial=chosen.id,
        pass_sequence=sequence,
        difficulty=difficulty(sum(sequence), len(sequence)),
        coverage=chosen.verdict.coverage,
        isolation=chosen.verdict.isolation,
        flags=chosen.verdict.flags,
        solution_model=chosen.model,
    )
    return Tried(id=triplet.id, subset="A", triplet=triplet, trials=tuple(trials))


def crosscheck(bench, row, **section):
    tools = Tools(bench)
    outcome = asyncio.run(CrosscheckStage(pipeline(**section)).process(row, tools))
    return outcome, tools


def test_the_majority_replaces_a_wrong_trial_of_higher_coverage(bench):
    row = tried(
        bench,
        (LOWER, file_of(ODD, ([1, 2, 3, 4], 2))),
        (MEDIAN, file_of(ODD, EVEN)),
        (MEDIAN + "\n# again\n", file_of(EVEN_TOO)),
        coverage=(100.0, 90.0, 80.0),
    )
    assert row.triplet.chosen_trial.endswith("/0")
    outcome, tools = crosscheck(bench, row)
    (triplet,) = outcome.kept
    assert triplet.chosen_trial.endswith("/1")
    assert (triplet.solution, triplet.test) == (MEDIAN, row.trials[1].test)
    assert (triplet.solution_model, triplet.coverage) == ("model-1", 90.0)
    assert triplet.test_info[0].function_name == "median"
    assert triplet.consensus == 1
    assert triplet.flags == row.trials[1].verdict.flags
    assert triplet.pass_sequence == (1, 1, 1)
    assert triplet.difficulty == "easy"
    assert triplet.consensus_difficulty == "easy"
    assert triplet.crosscheck.camps == 2
    assert [one.passed for one in triplet.crosscheck.solutions] == [
        (1, 1, 1, 0, 0),
        (1, 0, 1, 1, 1),
        (1, 0, 1, 1, 1),
    ]
    # Trials 1 and 2 have the same solution, so that it runs under 0's tests once, and neither
    # runs under the other's.
    assert sorted(tools.asked) == [
        ("question:A/q/crosscheck/0/1", "plain"),
        ("question:A/q/crosscheck/0/2", "plain"),
        ("question:A/q/crosscheck/1/0", "plain"),
    ]


def test_two_that_contradict_each_other_are_suspect(bench):
    row = tried(bench, (LOWER, file_of(([1, 2], 1))), (MEDIAN, file_of(EVEN)))
    (triplet,) = crosscheck(bench, row)[0].kept
    assert "suspect" in triplet.flags
    assert list(triplet.flags) == sorted(triplet.flags)
    outcome, _ = crosscheck(bench, row, reject_suspect=True)
    assert outcome.kept == ()
    (rejected,) = outcome.rejected
    assert (rejected.stage, rejected.reason) == ("crosscheck", "suspect")
    assert "test_0 of trial 1 is passed by the solutions of 1" in rejected.evidence
    assert "failed by those of 0" in rejected.evidence


def test_a_lone_pass_beside_wrong_tests_is_not_suspect_and_easier_than_it_seemed(bench):
    row = tried(
        bench,
        (MEDIAN, file_of(ODD, EVEN)),
        (MEDIAN, file_of(ODD, ([1, 2], 2))),
        (MEDIAN + "\nLIMIT = 1\n", file_of(([4, 8], 4))),
    )
    assert row.triplet.difficulty == "medium"
    outcome, _ = crosscheck(bench, row, reject_suspect=True)
    (triplet,) = outcome.kept
    assert "suspect" not in triplet.flags
    assert triplet.difficulty == "medium"
    assert triplet.consensus_difficulty == "easy"
    assert [test.dropped for test in triplet.crosscheck.tests] == [False, False, False, True, True]


def test_a_test_that_all_others_fail_is_taken_out_of_the_chosen_file(bench):
    odd_one = file_of(ODD, ([], 0))
    lenient = MEDIAN.replace("    xs = sorted(xs)\n", "    xs = sorted(xs) or [0]\n")
    row = tried(
        bench,
        (lenient, odd_one),
        (MEDIAN, file_of(([2, 1, 3], 2))[:-1] + "\n    assert True\n"),
        (MEDIAN + "\nX = 1\n", file_of(EVEN)),
        coverage=(99.0, 50.0, 50.0),
    )
    outcome, tools = crosscheck(bench, row)
    (triplet,) = outcome.kept
    assert triplet.chosen_trial.endswith("/0")
    assert triplet.test == file_of(ODD) + "\n\n"
    assert "tests_dropped" in triplet.flags
    assert ("question:A/q/crosscheck/0/dropped", "full") in tools.asked
    # Coverage is that of the file as it is now.
    assert triplet.coverage == 100
    dropped = [test.name for test in triplet.crosscheck.tests if test.dropped]
    assert dropped == ["test_1"]
    assert "suspect" not in triplet.flags


def test_other_names_and_parameters_are_not_compared(bench):
    other = "def mean(xs):\n    return sum(xs) / len(xs)\n\n\n" + MEDIAN.replace("median", "middle")
    asks_both = "from solution import mean\n" + file_of(ODD).replace("median", "middle")
    row = tried(
        bench,
        (MEDIAN, file_of(ODD)),
        (other, asks_both),
        (MEDIAN.replace("(xs)", "(xs, key)", 1), file_of(EVEN)),
    )
    outcome, tools = crosscheck(bench, row)
    (triplet,) = outcome.kept
    first, second, third = (one.passed for one in triplet.crosscheck.solutions)
    assert first == (1, None, 1)
    assert second == (None, 1, None)
    assert third[:2] == (None, None)
    assert "suspect" not in triplet.flags
    assert len(tools.asked) == 1


def test_one_function_under_another_name_is_compared_all_the_same(bench):
    renamed = LOWER.replace("median", "middle")
    theirs = file_of(ODD, ([1, 2], 1)).replace("median", "middle")
    row = tried(bench, (renamed, theirs), (MEDIAN, file_of(ODD, EVEN)), (MEDIAN, file_of(EVEN)))
    (triplet,) = crosscheck(bench, row)[0].kept
    assert [one.passed for one in triplet.crosscheck.solutions] == [
        (1, 1, 1, 0, 0),
        (1, 0, 1, 1, 1),
        (1, 0, 1, 1, 1),
    ]
    assert triplet.chosen_trial.endswith("/1")
    assert triplet.solution == MEDIAN


def test_worthless_tests_judge_nobody_but_their_solution_is_compared(bench):
    vacuous = "from solution import median\n\ndef test_a():\n    median([1])\n"
    row = tried(bench, (MEDIAN, file_of(ODD, EVEN)), (UPPER, vacuous), None)
    assert row.trials[1].verdict.outcome == "vacuous"
    (triplet,) = crosscheck(bench, row)[0].kept
    assert [one.passed for one in triplet.crosscheck.solutions] == [(1, 1), (1, 0)]
    assert {test.trial for test in triplet.crosscheck.tests} == {"question:A/q/0"}


def test_a_solution_that_does_not_end_fails_what_it_does_not_reach(bench):
    endless = MEDIAN + "\nwhile len([]) == 0:\n    pass\n"
    row = tried(bench, (MEDIAN, file_of(ODD, EVEN)), (endless, file_of(ODD)))
    assert row.trials[1].verdict.outcome == "timeout"
    (triplet,) = crosscheck(bench, row)[0].kept
    assert triplet.crosscheck.solutions[1].passed[:2] == (0, 0)


def test_a_question_with_one_trial_passes_on_as_it_is(bench):
    row = tried(bench, (MEDIAN, file_of(ODD, EVEN)), None)
    outcome, tools = crosscheck(bench, row)
    assert outcome.kept == (row.triplet,)
    assert tools.asked == []


def test_only_so_many_trials_are_compared_passing_ones_first(bench):
    row = tried(
        bench,
        (MEDIAN, file_of(([1, 2], 9))),
        (MEDIAN, file_of(ODD)),
        (UPPER, file_of(EVEN)),
        (MEDIAN, file_of(EVEN)),
    )
    (triplet,) = crosscheck(bench, row, trials=2)[0].kept
    assert [one.trial[-1] for one in triplet.crosscheck.solutions] == ["1", "3"]
    # Those left out count as their own verdicts say.
    assert triplet.consensus_difficulty == "medium"


def test_where_every_test_of_the_only_pass_is_refuted_it_stays_whole_and_is_suspect(bench):
    row = tried(
        bench,
        (LOWER, file_of(([1, 2], 1))),
        (MEDIAN, file_of(ODD, EVEN, ([1], 2))),
        (MEDIAN + "\nX = 1\n", file_of(EVEN_TOO, ([2], 3))),
    )
    outcome, _ = crosscheck(bench, row)
    (triplet,) = outcome.kept
    assert triplet.crosscheck.tests[0].dropped
    assert triplet.test == row.trials[0].test
    assert "suspect" in triplet.flags
    assert "tests_dropped" not in triplet.flags
    outcome, _ = crosscheck(bench, row, reject_suspect=True)
    assert "all trusted solutions fail test_0 of trial 0" in outcome.rejected[0].evidence


def test_a_fault_of_the_sandbox_goes_through_and_ends_the_other_runs():
    class Faulty:
        asked, open = 0, 0

        async def verify(self, trial, solution, test, scrutiny=FULL):
            self.asked += 1
            if self.asked == 2:
                raise RuntimeError("fault")
            self.open += 1
            try:
                await asyncio.Event().wait()
            finally:
                self.open -= 1

    async def run():
        pairs = [(MEDIAN, file_of(ODD)), (LOWER, file_of(EVEN)), (UPPER, file_of(EVEN_TOO))]
        trials = [
            specimens.trial("q", number, solution=solution, test=test)
            for number, (solution, test) in enumerate(pairs)
        ]
        row = Tried(id="q", subset="A", triplet=specimens.triplet("q"), trials=tuple(trials))
        tools = Faulty()
        with pytest.raises(RuntimeError, match="fault"):
            await CrosscheckStage(pipeline()).process(row, tools)
        await asyncio.sleep(0)
        return tools.asked, tools.open

    asked, still_open = asyncio.run(run())
    assert asked > 2
    assert still_open == 0
