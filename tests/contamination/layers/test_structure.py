"""The structure layer: one solution under other names, and what is too small to tell."""

from kodgen.contamination.layers.structure import StructureLayer
from kodgen.contamination.row import AuditedRow
from kodgen.contamination.task import BenchmarkTask

SOLUTION = '''from math import sqrt


def is_far(point, limit):
    """Whether a point is far."""
    total = 0
    for part in point:
        if part > 0:
            total += part ** 2
    return sqrt(total) > limit
'''
RENAMED = """import math


class Solution:
    def check(self, xs: list[float], bound: float = None) -> bool:
        acc: int = 0  # sum
        for x in xs:

            if (x > 0):
                acc += (x**2)
        return math.sqrt(acc) > bound
"""


def layer(solution: str) -> StructureLayer:
    views = {"prompt": "text"}
    return StructureLayer(
        [BenchmarkTask(benchmark="own", task_id="1", views=views, solution=solution)]
    )


def scores(looked: StructureLayer, solution: str | None) -> list[float]:
    return [hit.score for _, hit in looked.hits([AuditedRow("r", "q", solution)])]


def test_names_layout_annotations_docstrings_and_a_class_around_change_nothing() -> None:
    renamed = RENAMED.replace(" = None", "")
    [(_, hit)] = layer(SOLUTION).hits([AuditedRow("r", "q", renamed)])
    [pair] = hit.evidence["functions"]
    assert hit.score == 1
    assert (pair["row"], pair["task"]) == ("Solution.check", "is_far")
    assert (pair["row_lines"], pair["task_lines"]) == ([5, 11], [4, 10])


def test_another_operator_number_builtin_or_default_is_another_solution() -> None:
    assert scores(layer(SOLUTION), RENAMED) == []
    for old, new in [("** 2", "** 3"), ("> 0", ">= 0"), ("sqrt(total)", "abs(total)")]:
        assert scores(layer(SOLUTION), SOLUTION.replace(old, new)) == []


def test_a_small_function_counts_under_its_own_names_only() -> None:
    small = "def add(x: int, y: int):\n    return x + y\n"
    assert scores(layer(small), '"""Sums."""\n' + small) == [1.0]
    assert scores(layer(small), small.replace("x", "a")) == []
    assert scores(layer(small), small.replace(": int", "")) == []


def test_a_helper_in_common_scores_its_share() -> None:
    other = "\n\ndef rest(values):\n" + "".join(f"    values.append({k})\n" for k in range(20))
    [score] = scores(layer(SOLUTION + other), SOLUTION)
    assert 0.2 < score < 0.5


def test_rows_without_python_are_told() -> None:
    looked = layer(SOLUTION)
    assert scores(looked, None) == scores(looked, "function f() { return 1 }") == []
    assert scores(looked, SOLUTION + "\n)") == []
    assert looked.unseen == {"no_solution": 1, "not_python": 2}
