import ast
from collections import Counter
from typing import Any

import pytest

from kodgen.config import ContaminationPolicy
from kodgen.contamination.assembly import make_layers
from kodgen.contamination.auditing import Examiner
from kodgen.contamination.planted.disguise import renamed, reworded, rewritten
from kodgen.contamination.planted.innocent import innocent_rows
from kodgen.contamination.planted.selftest import LEAKS, planted_rows, self_test, wilson
from kodgen.contamination.task import BenchmarkTask
from kodgen.similarity.hashing import HashingEmbedder

TOPICS = ("vowels", "primes", "islands", "brackets", "palindromes", "anagrams")


def task(number: int) -> BenchmarkTask:
    topic = TOPICS[number % len(TOPICS)]
    return BenchmarkTask(
        benchmark="own",
        task_id=str(number),
        views={"prompt": f"Given a text, count its {topic} and add {number} to the result."},
        entry_point=f"count_{topic}",
        solution=f'''\
def count_{topic}(text):
    """Count {topic}."""
    total = {number}
    for position, letter in enumerate(text.lower()):
        if ord(letter) % {number + 3} == position % 2:
            total += {number + 11}
    return total
''',
        tests=f"assert count_{topic}('some words {number}') == {number * 7}\n"
        f"assert count_{topic}('other things {number}') == {number * 13 + 29}\n",
    )


TASKS = [task(number) for number in range(12)]


def test_rows_are_drawn_by_their_names_and_bounded() -> None:
    planted = planted_rows(TASKS, seed=0, most=5)
    assert planted == planted_rows(TASKS[::-1], seed=0, most=5)
    kinds = Counter(one.kind for one in planted)
    assert {kind: kinds[kind] for kind in LEAKS} == dict.fromkeys(LEAKS, 5)
    assert kinds["own_task"] == kinds["own_function_to_complete"] == 50
    assert len({one.row.id for one in planted}) == len(planted)
    other = {one.tasks for one in planted_rows(TASKS, seed=1, most=5)}
    assert other != {one.tasks for one in planted}


def test_a_task_without_code_is_planted_as_far_as_it_goes() -> None:
    bare = BenchmarkTask(benchmark="own", task_id="x", views={"prompt": "Sort a list."})
    kinds = {one.kind for one in planted_rows([bare], seed=0) if one.tasks}
    assert kinds == {"verbatim", "reworded"}


def test_layers_find_what_they_are_made_for_and_nothing_of_our_own() -> None:
    layers, policy = make_layers(
        ("exact", "ngram", "structure", "literals", "embedding"),
        TASKS,
        HashingEmbedder(),
        ContaminationPolicy(),
    )
    planted = planted_rows(TASKS, seed=0)
    found = Examiner(layers, policy).examine([one.row for one in planted])
    results = {one.kind: one for one in self_test(planted, found)}
    for kind in ("verbatim", "solution_only", "renamed", "tests_only"):
        assert (results[kind].rate, results[kind].right_task) == (1.0, 12), kind
    assert results["verbatim"].by_layer["exact"] == 12
    assert results["renamed"].by_layer == {"structure": 12}
    # Only running it would tell.
    assert "structure" not in results["rewritten"].by_layer
    assert results["own_task"].rate == results["own_function_to_complete"].rate == 0
    low, high = results["own_task"].low, results["own_task"].high
    assert low == 0
    assert high is not None
    assert 0 < high < 0.1


def test_a_layer_left_out_is_missed() -> None:
    layers, policy = make_layers(("exact",), TASKS, None, ContaminationPolicy())
    planted = planted_rows(TASKS, seed=0)
    found = Examiner(layers, policy).examine([one.row for one in planted])
    results = {one.kind: one for one in self_test(planted, found)}
    assert results["reworded"].rate == 0
    assert results["verbatim"].rate == 1


def test_renamed_code_runs_as_before_under_other_names() -> None:
    code = '''\
import math

class Pile:
    """Of things."""

    def __init__(self, key):
        self.key = key

def largest(items, key=len):
    """The largest."""
    best = max(items, key=key)  # by key
    return math.floor(Pile(best).key[0])
'''
    other = renamed(code)
    assert other is not None
    names: dict[str, object] = {}
    exec(other, names)
    (function,) = [n for n in ast.parse(other).body if isinstance(n, ast.FunctionDef)]
    assert "largest" not in other
    assert "The largest" not in other
    assert names[function.name]([[1.5], [2.5, 3]]) == 2  # type: ignore[operator]
    assert renamed("def broken(:") is None


def test_rewritten_code_has_another_structure_and_does_the_same() -> None:
    code = """\
def odd_squares(numbers, least=0):
    return [number * number for number in numbers if number % 2 and number > least]

def described(numbers):
    last = None
    for number in odd_squares(numbers):
        if number > 20:
            break
        elif number == 9:
            continue
        else:
            last = number
    else:
        return "none" if not numbers else "small"
    return last
"""
    other = rewritten(code)
    assert other is not None
    assert not any(isinstance(node, ast.For | ast.ListComp) for node in ast.walk(ast.parse(other)))
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    exec(code, before)
    exec(other, after)
    named = [node.name for node in ast.parse(other).body if isinstance(node, ast.FunctionDef)]
    assert len(named) == 2
    for numbers in ([], [1, 2, 3], [1, 5, 3], [4, 7, 1]):
        for name, new in zip(("odd_squares", "described"), named, strict=True):
            assert before[name](numbers) == after[new](numbers)
    assert rewritten("def broken(:") is None


def test_reworded_text_says_nearly_the_same() -> None:
    text = "Write a function to find the largest number of a list."
    assert reworded(text) == reworded(text)
    assert len(set(text.lower().split()) & set(reworded(text).lower().split())) < 6


def test_tests_of_our_own_tasks_hold_for_their_solutions() -> None:
    rows = [row for kind, row in innocent_rows(3) if kind == "own_task"]
    assert len({row.question for row in rows}) == len(rows) == 50
    for row in rows:
        names: dict[str, object] = {}
        assert row.solution is not None
        assert row.tests is not None
        exec(row.solution, names)
        checks = row.tests.split("():\n", 1)[1]
        exec("\n".join(line.strip() for line in checks.splitlines()), names)


@pytest.mark.parametrize(
    ("found", "rows", "low", "high"),
    [(0, 0, None, None), (0, 50, 0.0, 0.0713), (40, 40, 0.9124, 1.0), (5, 10, 0.2366, 0.7634)],
)
def test_wilson(found: int, rows: int, low: float | None, high: float | None) -> None:
    assert wilson(found, rows) == (
        (low, high)
        if low is None
        else (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))
    )
