import json

from kodgen.config import Bounds, ContaminationPolicy, Decontaminate
from kodgen.contamination.task import BenchmarkTask
from kodgen.records import Triplet
from kodgen.stages.base import Outcome
from kodgen.stages.recheck import RecheckStage
from tests import specimens

SOLUTION = """\
def turned(rows):
    result = []
    for column in range(len(rows[0])):
        line = []
        for row in reversed(rows):
            line.append(row[column])
        result.append(line)
    return result
"""
TESTS = (
    "assert turned([[1, 2], [3, 4]]) == [[3, 1], [4, 2]]\n"
    "assert turned([[7, 8, 9]]) == [[7], [8], [9]]\n"
    "assert turned([[15, 16], [17, 18], [19, 20]]) == [[19, 17, 15], [20, 18, 16]]\n"
)
TASK = BenchmarkTask(
    benchmark="own",
    task_id="1",
    views={"prompt": "Turn a matrix of integers by ninety degrees clockwise."},
    entry_point="turned",
    solution=SOLUTION,
    tests=TESTS,
)


def triplet(name: str, **changes: str) -> Triplet:
    fields = {
        "question": "How should the seats of a bus be numbered after it was towed away sideways?",
        "solution": "def numbered(seats):\n    return sorted(seats, key=str)\n",
        "test": "def test_numbered():\n    assert numbered([3, 20]) == [20, 3]\n",
    }
    return specimens.triplet(
        name, benchmark_similarity=0.1, benchmark_task_id="own/1", **(fields | changes)
    )


ROWS = (
    triplet("z"),
    triplet("solved", solution=SOLUTION.replace("turned", "f").replace("line", "part")),
    triplet("tested", test="from solution import f\n\n\ndef test_f():\n    "
            + TESTS.replace("turned", "f").replace("\n", "\n    ")),
    triplet("a"),
)  # fmt: skip


def run(
    section: Decontaminate | None = None, tasks: tuple[BenchmarkTask, ...] = (TASK,)
) -> Outcome[Triplet]:
    return RecheckStage(section or Decontaminate(), tasks).process(ROWS)


def test_a_solution_or_tests_of_a_task_are_a_leak_whatever_the_question_says() -> None:
    outcome = run()
    assert [(row.id, row.reason) for row in outcome.rejected] == [
        ("solved", "benchmark_leak"),
        ("tested", "benchmark_leak"),
    ]
    solved, tested = (json.loads(row.evidence) for row in outcome.rejected)
    assert (solved["task"], solved["layers"]) == ("own/1", ["structure"])
    assert tested["task"] == "own/1"
    assert "literals" in tested["layers"]
    assert Triplet.model_validate_json(outcome.rejected[0].row) == ROWS[1]


def test_rows_stay_in_their_order_since_their_trials_do() -> None:
    assert run().kept == (ROWS[0], ROWS[3])


def test_what_the_policy_does_not_mind_is_kept() -> None:
    policy = ContaminationPolicy(
        structure=Bounds(), literals=Bounds(), ngram=Bounds(), exact=Bounds()
    )
    assert run(Decontaminate(policy=policy)).kept == ROWS


def test_without_benchmarks_rows_pass_untouched() -> None:
    assert run(tasks=()) == Outcome(kept=ROWS)
