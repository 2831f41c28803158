from collections.abc import Callable
from typing import Any

from kodgen.preference.bench import recording

SOLUTION = "def double(n, times=1):\n    return n * 2 ** times\n"


def calls(tests: str, solution: str = SOLUTION) -> list[recording.Call]:
    def limited(function: Callable[..., Any], *args: Any) -> Any:
        return function(*args)

    return recording.calls_of(recording.module_of(solution, "s"), tests, ["double"], limited)


def test_calls_of_all_kinds_of_tests() -> None:
    tests = """\
import unittest
import pytest
from solution import double

def test_plain():
    assert double(1) == 2
    assert double(3) == 7
    assert double(4) == 8

@pytest.mark.parametrize("n, expected", [(5, 10), pytest.param(6, 12, id="six")])
@pytest.mark.parametrize("times", [1])
def test_each(n, expected, times):
    assert double(n, times=times) == expected

class TestGroup:
    def test_method(self):
        assert double(7) == 14

class TestUnit(unittest.TestCase):
    def setUp(self):
        self.n = 8

    def test_unit(self):
        self.assertEqual(double(self.n), 16)

@pytest.fixture
def given():
    return 9

def test_with_fixture(given):
    assert double(given) == 18
"""
    noted = calls(tests)
    # What follows a failed check is not reached, and fixtures are not set up.
    assert [args for _, args, _ in noted] == [[1], [3], [5], [6], [7], [8]]
    assert noted[2] == ("double", [5], {"times": 1})


def test_arguments_are_noted_as_they_were_before() -> None:
    solution = "def double(items):\n    items.extend(items)\n"
    tests = "from solution import double\n\ndef test():\n    double([1])\n"
    assert calls(tests, solution) == [("double", [[1]], {})]


def test_calls_that_raise_are_none() -> None:
    tests = "from solution import double\n\ndef test():\n    double('a', 'b')\n"
    assert calls(tests) == []
    assert calls("import nothing_like_this\n") == []


def test_methods_of_classes_made_of_nothing() -> None:
    solution = """\
class Solution:
    def total(self, n):
        return 0 if n == 0 else n + self.total(n - 1)

    def twice(self, n):
        return 2 * self.total(n)
"""
    tests = "from solution import Solution\n\ndef test():\n    assert Solution().total(n=9) == 45\n"
    tests += "    assert Solution().twice(3) == 12\n"
    module = recording.module_of(solution, "s")
    names = ["Solution.total", "Solution.twice"]
    noted = recording.calls_of(module, tests, names, lambda function, *args: function(*args))
    # A method that calls itself is noted once, and others that it calls beside it.
    assert noted == [
        ("Solution.total", [], {"n": 9}),
        ("Solution.total", [3], {}),
        ("Solution.twice", [3], {}),
    ]
    assert module.Solution.total.__qualname__ == "Solution.total"
    assert "__wrapped__" not in vars(module.Solution.total)
