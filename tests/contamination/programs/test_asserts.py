"""Asserts that tell a task from others."""

from kodgen.contamination.programs.asserts import (
    LEAST_ASSERT,
    MOST_TASKS,
    asserts,
    long_asserts,
    telling_asserts,
)
from kodgen.contamination.task import BenchmarkTask

LONG = "f('a sentence that is long enough', 'to be told alone') == 10"
RUN = "assert outcome.finished and outcome.number_of_those_that_ran_well == outcome.all_of_them\n"


def telling(tasks: list[BenchmarkTask]) -> dict[str, list[int]]:
    return telling_asserts(map(long_asserts, tasks))


def tasks(*tests: str | None) -> list[BenchmarkTask]:
    return [
        BenchmarkTask(
            benchmark="own",
            task_id=str(number),
            views={"prompt": "text"},
            entry_point="f",
            tests=one,
        )
        for number, one in enumerate(tests)
    ]


def test_asserts_at_any_depth_are_told_in_one_spelling() -> None:
    code = "assert (a==1)\nif a:\n    with b:\n        assert  f( 'x' ), 'no'\nmatch a:\n case 1:\n  assert c\n"
    assert sorted(asserts(code) or []) == ["a == 1", "c", "f('x')"]
    assert asserts("assert (") is None


def test_an_assert_counts_if_it_is_long_and_in_few_tasks() -> None:
    assert telling(tasks(f"assert {LONG}", "assert f(1)", None)) == {LONG: [0]}
    assert telling(tasks(*[f"assert {LONG}\n"] * MOST_TASKS)) == {LONG: list(range(MOST_TASKS))}
    assert telling(tasks(*[f"assert {LONG}\n"] * (MOST_TASKS + 1))) == {}


def test_candidate_is_read_as_the_tasks_own_function_as_well() -> None:
    other = LONG.replace("f(", "candidate(")
    assert telling(tasks(f"assert {other}")) == {other: [0], LONG: [0]}


def test_what_all_suites_end_with_hides_nothing_of_any() -> None:
    short = "assert a.b and a.c\n"
    assert len(short) < LEAST_ASSERT
    for shared in (RUN, short):
        suites = [f"x = {number}\n{shared}" for number in range(MOST_TASKS + 4)]
        suites[2] = suites[-1] = f"assert {LONG}\n{shared}"
        assert telling(tasks(*suites)) == {LONG: [2, len(suites) - 1]}


def test_a_line_that_is_no_assert_in_most_tasks_counts_where_it_is_one() -> None:
    line = f"assert {LONG}\n"
    quoted = f'"""Example.\n\n{line}"""\n'
    told = telling(tasks(*[quoted] * (MOST_TASKS + 2), line))
    assert told == {LONG: [MOST_TASKS + 2]}
