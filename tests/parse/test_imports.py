"""Tests that lean on names of the solution get them by import."""

import pytest

from kodgen.parse.imports import with_solution_imports

SOLUTION = "import math\nfrom collections import deque\n\nclass Stack: ...\n\ndef add(a, b): return a + b\n"


@pytest.mark.parametrize(
    ("test", "first_line"),
    [
        ("def test_a():\n    assert add(1, 2) == 3\n", "from solution import add"),
        ("def test_a():\n    assert Stack() and add(1, 2)\n", "from solution import Stack, add"),
        ("def test_a():\n    assert math.pi > add(1, 2)\n", "from solution import add, math"),
        ("X = add(1, 1)\n\ndef test_a():\n    assert X == 2\n", "from solution import add"),
        ("def test_a():\n    assert [add(x, x) for x in (1,)]\n", "from solution import add"),
        (
            "class TestA:\n    def test(self):\n        assert add(1, 2)\n",
            "from solution import add",
        ),
    ],
)
def test_missing_names_are_imported(test, first_line):
    completed = with_solution_imports(SOLUTION, test)
    assert completed.splitlines()[0] == first_line
    assert completed.endswith(test)


@pytest.mark.parametrize(
    "test",
    [
        "from solution import add\n\ndef test_a():\n    assert add(1, 2) == 3\n",
        "from solution import *\nfrom solution import add\n\ndef test_a():\n    assert add(1, 2)\n",
        "import solution\n\ndef test_a():\n    assert solution.add(1, 2) == 3\n",
        "def add(a, b):\n    return 3\n\ndef test_a():\n    assert add(1, 2) == 3\n",
        "def test_a(add):\n    assert add\n",
        "def test_a():\n    assert undefined_name\n",
        "def test_a(:\n",
        "nul\0byte",
    ],
)
def test_others_are_left_alone(test):
    assert with_solution_imports(SOLUTION, test) == test


def test_a_solution_that_does_not_parse_changes_nothing():
    test = "def test_a():\n    assert add(1, 2)\n"
    assert with_solution_imports("def add(a, b:\n", test) == test


def test_future_imports_stay_first():
    test = "# tests\nfrom __future__ import annotations\n\ndef test_a():\n    assert add(1, 2)\n"
    completed = with_solution_imports(SOLUTION, test)
    compile(completed, "test", "exec")
    assert "from solution import add" in completed


def test_names_from_a_star_import_of_the_solution_come_by_star():
    solution = "from typing import *\n\ndef first(xs: List[int]) -> int: return xs[0]\n"
    test = (
        "def test_first():\n    xs: List[int] = [1]\n    assert first(xs) == 1\n    assert List\n"
    )
    assert with_solution_imports(solution, test).startswith("from solution import *\n")


@pytest.mark.parametrize(
    "top",
    [
        '"""Tests of add."""\nfrom __future__ import annotations\n',
        '"""Tests\n\nof add."""\n\n# as always\nfrom __future__ import annotations\n',
        "from __future__ import (\n    annotations,\n    division,\n)\n",
        "'''One'''; from __future__ import annotations\n",
        '"""Tests."""\r\nfrom __future__ import annotations\r\n',
        '"""Only a docstring, with a form feed \x0c and \u2028."""\n',
        "from __future__ import annotations\nfrom __future__ import division\n",
    ],
)
def test_imports_come_below_what_must_be_first(top):
    test = top + "import os\n\ndef test_a():\n    assert add(1, 2) and os\n"
    completed = with_solution_imports(SOLUTION, test)
    compile(completed, "test", "exec")
    assert completed == f"{top}from solution import add\n{test[len(top) :]}"


def test_private_names_do_not_come_by_star():
    solution = "from math import *\n\ndef area(r): return pi * r\n\ndef _half(x): return x / 2\n"
    test = "def test_area():\n    assert _half(area(2)) == pi\n"
    assert with_solution_imports(solution, test).startswith(
        "from solution import *\nfrom solution import _half\n"
    )
    solution += "\n__all__ = ['_half']\n"
    assert "from solution import _half, area\n" in with_solution_imports(solution, test)


@pytest.mark.parametrize("guard", ['__name__ == "__main__"', "'__main__' == __name__"])
def test_names_bound_only_when_run_as_a_script_are_not_imported(guard):
    solution = f"def add(a, b): return a + b\n\nif {guard}:\n    result = add(1, 2)\n"
    assert with_solution_imports(solution, "def test_a():\n    assert result\n") == (
        "def test_a():\n    assert result\n"
    )
    completed = with_solution_imports(solution, "def test_a():\n    assert add(1, 2) or result\n")
    assert completed.splitlines()[0] == "from solution import add"
    deep = f"X = {' + '.join(['1'] * 900)}\n{solution}"
    completed = with_solution_imports(deep, "def test_a():\n    assert add(1, 2) or result\n")
    assert completed.splitlines()[0] == "from solution import add"
    other = "if True:\n    result = 1\nelse:\n    result = 2\n"
    assert "import result" in with_solution_imports(other, "def test_a():\n    assert result\n")
