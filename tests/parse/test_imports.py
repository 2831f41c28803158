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
