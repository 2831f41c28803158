"""What is run for a row and a task, and what verdicts make of them."""

import ast

import pytest

from kodgen.config import Sandbox
from kodgen.contamination.layers.behaviour import (
    blind,
    compared,
    decided,
    limits_of,
    passed,
    reference_run,
    runs,
    tasks_to_run,
)
from kodgen.contamination.row import AuditedRow
from kodgen.contamination.task import BenchmarkTask
from kodgen.records import TestResult, Verdict
from kodgen.sandbox.testfile import read


def task(**changed):
    return BenchmarkTask(
        **{
            "benchmark": "own",
            "task_id": "1",
            "text": "Double it.",
            "entry_point": "double",
            "solution": "def double(x):\n    return 2 * x\n",
            "tests": "assert double(1) == 2\nassert double(3) == 6\n",
        }
        | changed
    )


def row(solution="def twice(n):\n    return n + n\n"):
    return AuditedRow("r", "Twice the number.", solution)


def verdict(outcome="passed", reason="", **tests):
    results = tuple(TestResult(name=f"test_{name}", outcome=said) for name, said in tests.items())
    return Verdict(outcome=outcome, reason=reason, tests=results, isolation="namespaces")


PASS = verdict(task="passed", telling="passed")
WEAK = verdict("failed", "assertion", task="passed", telling="failed")
FAIL = verdict("failed", "assertion", task="failed", telling="failed")


def test_a_run_is_the_rows_solution_and_a_test_file_that_the_sandbox_can_read():
    (run,) = runs(row(), task())
    assert run.solution.endswith(row().solution)
    expected = read(run.test(1.0))
    assert expected.required == {"test_task", "test_telling"}
    assert "solution.twice(" in run.test(1.0)


def test_code_that_must_stand_at_the_start_of_a_file_does():
    solution = "from __future__ import annotations\n\ndef twice(n: int) -> int:\n    return n + n\n"
    (run,) = runs(row(solution), task())
    assert run.solution == solution
    compile(run.solution, "solution", "exec")


def test_texts_of_any_kind_stay_text_in_the_test_file():
    tests = "assert double('\\'\"{}{0}\\n') == '''\n\"\"\"'''\nassert double(1) == 2\n"
    named = task(task_id='"""\n{x}\\', tests=tests)
    (run,) = runs(row(), named)
    values = [
        node.value.value
        for node in ast.parse(run.test(1.0)).body
        if isinstance(node, ast.Assign) and node.targets[0].id == "TESTS"
    ]
    assert values == [tests]


@pytest.mark.parametrize(
    ("of_row", "of_task", "reason"),
    [
        (row(None), task(), "no_solution"),
        (row(" \n"), task(), "no_solution"),
        (row("def twice(n:"), task(), "solution_unparsed"),
        (row("print(input())"), task(), "no_function_fits"),
        (row("def twice(a, b): return a"), task(), "no_function_fits"),
        (row(), task(tests=None), "no_task_tests"),
        (row(), task(entry_point=None), "no_task_tests"),
    ],
)
def test_what_cant_be_run_says_why(of_row, of_task, reason):
    assert runs(of_row, of_task) == reason


def test_the_reference_is_run_as_any_row_would_be():
    own = reference_run(task())
    (same,) = runs(row(task().solution), task())
    assert own == same
    assert reference_run(task(solution=None)) is None


def test_a_pass_is_a_hit_with_what_was_called():
    wanted = runs(row("def g(x): return x\ndef twice(n): return n + n"), task())
    found = compared(wanted, [FAIL, PASS], task())
    assert found.unseen == ""
    assert (found.hit.layer, found.hit.task, found.hit.score) == ("behaviour", "own/1", 1.0)
    assert found.hit.evidence["function"] == wanted[1].alias.call
    assert found.hit.evidence["tried"] == 2


def test_a_pass_of_tests_that_say_little_weighs_half_and_less_than_a_full_one():
    wanted = runs(row("def g(x): return x\ndef twice(n): return n + n"), task())
    assert compared(wanted, [WEAK, FAIL], task()).hit.score == 0.5
    assert compared(wanted, [WEAK, PASS], task()).hit.score == 1.0


def test_a_helper_that_passes_weighs_half():
    code = "def twice(n): return n + n\ndef far(n): return twice(n) + 1\ndef main(): twice(1)\n"
    first, second = runs(row(code), task())
    assert (first.alias.call, second.alias.call) == ("far", "twice")
    found = compared([first, second], [FAIL, PASS], task())
    assert found.hit.score == 0.5
    assert found.hit.evidence["helper"]
    shown = "def twice(n): return n + n\ndef test_it(n=1): assert twice(n)\ndef main(): twice(1)\n"
    assert not any(
        run.alias.helper for run in runs(row(shown), task()) if run.alias.call == "twice"
    )


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (verdict("timeout", "cpu"), "timeout"),
        (verdict("crash", "signal"), "crash"),
        (verdict("oom", "memory"), "oom"),
        (verdict("infra", "sandbox_fault"), "infra"),
        (verdict("tampered", "integrity", task="passed", telling="passed"), "tampered"),
        (verdict("error", "missing_dependency"), "missing_dependency"),
        (verdict("error", "import_error"), "import_error"),
        (verdict("skipped", "skipped"), "skipped"),
    ],
)
def test_a_run_cut_short_is_never_taken_for_another_task(said, reason):
    wanted = runs(row("def g(x): return x\ndef twice(n): return n + n"), task())
    assert passed(said) is None
    assert blind(said) == reason
    assert compared(wanted, [FAIL, said], task()).unseen == reason
    assert compared(wanted, [said, PASS], task()).hit.score == 1.0


def test_trials_end_with_a_full_pass_or_when_time_runs_out_again_and_again():
    timeout = verdict("timeout", "cpu")
    assert decided([FAIL, PASS])
    assert decided([timeout, FAIL, timeout])
    assert not decided([FAIL, WEAK, timeout])


def test_failing_tests_say_that_it_is_another_task():
    found = compared(runs(row(), task()), [FAIL], task())
    assert (found.hit, found.unseen) == (None, "")


def test_the_first_tasks_with_tests_are_run():
    tasks = {f"own/{n}": task(task_id=str(n), tests=None if n == 2 else "f()") for n in range(9)}
    names = ["own/2", "own/5", "own/5", "other/1", "own/1", "own/7", "own/8"]
    assert [one.task_id for one in tasks_to_run(names, tasks)] == ["5", "1", "7"]
    assert [one.task_id for one in tasks_to_run(names, tasks, 1)] == ["5"]
    # Another benchmark takes none of its places.
    tasks |= {f"new/{n}": task(benchmark="new", task_id=str(n)) for n in range(9)}
    mixed = ["new/1", "new/2", "new/3", "new/4", *names]
    assert [one.name for one in tasks_to_run(mixed, tasks)] == [
        *("new/1", "new/2", "new/3"),
        *("own/5", "own/1", "own/7"),
    ]


def test_limits_stay_and_doubts_about_tests_go():
    mine = Sandbox(cpu_seconds=3, memory_mb=512, reruns=2, strict=True)
    found = limits_of(mine)
    assert (found.cpu_seconds, found.memory_mb) == (3, 512)
    switched = (found.coverage, found.control, found.stubs, found.strict)
    assert not any(switched)
    assert found.reruns == 0
    assert limits_of(Sandbox(cpu_seconds=600)).cpu_seconds == 4
