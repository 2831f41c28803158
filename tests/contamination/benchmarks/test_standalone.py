import pytest

from kodgen.contamination.benchmarks.standalone import entry_point_of, parted, runnable, standalone

MODULE = '''import math
from typing import List

SCALE = 2

def scaled(x):
    """Scale."""
    return SCALE * x

def unused(x):
    return x

def area(r):
    return scaled(math.pi * r)
'''

UNITTEST = """import unittest
class TestCases(unittest.TestCase):
    def test_one(self):
        self.assertEqual(f(1), 2)
"""


def run(tests: str, **names: object) -> None:
    exec(compile(tests, "tests", "exec"), {"__name__": "tests", **names})


def area(r: float) -> float:
    return 2 * 3.141592653589793 * r


def test_what_tests_use_of_a_module_comes_with_them_and_nothing_else() -> None:
    tests = standalone("assert math.isclose(area(1), scaled(math.pi))", MODULE, "area")
    assert "unused" not in tests
    assert "List" not in tests
    assert "def area" not in tests
    run(tests, area=area)
    with pytest.raises(AssertionError):
        run(tests, area=lambda r: r)


def test_a_helper_of_the_solution_under_test_is_left_alone() -> None:
    tests = standalone("assert scaled(1) == 7", MODULE, "area")
    run(tests, area=area, scaled=lambda _: 7)
    with pytest.raises(AssertionError):
        run(tests, area=area)


def test_an_import_that_a_release_forgot_is_made() -> None:
    run(standalone("assert math.isclose(f(), 1)", "def f():\n    return 1\n", "f"), f=lambda: 1.0)


@pytest.mark.parametrize("tests", ["assert (", "x = '\0'"])
def test_what_is_no_python_stays_as_it_is(tests: str) -> None:
    assert standalone(tests, MODULE, "area") == tests
    assert runnable(tests, "area") == tests
    assert entry_point_of("def f(): pass", [tests]) is None


@pytest.mark.parametrize(
    "tests",
    [
        "assert f(1) == 2\n",
        "def check(candidate):\n    assert candidate(1) == 2\n",
        "def check(candidate):\n    assert candidate(1) == 2\n\ncheck(f)\n",
        "def test_one():\n    assert f(1) == 2\n\ndef helper(x):\n    raise ValueError(x)\n",
        UNITTEST,
    ],
)
def test_tests_fail_exactly_if_the_function_is_wrong(tests: str) -> None:
    made = runnable(tests, "f")
    run(made, f=lambda x: x + 1)
    with pytest.raises(AssertionError):
        run(made, f=lambda x: x)


def test_a_unittest_class_without_tests_does_not_pass() -> None:
    made = runnable("import unittest\nclass T(unittest.TestCase):\n    x = 1\n", "f")
    with pytest.raises(AssertionError):
        run(made, f=abs)


@pytest.mark.parametrize(
    ("solution", "tests", "name"),
    [
        ("def a(): pass\ndef b(): pass", ["assert b() == a()"], "b"),
        ("def a(): pass\ndef b(): return a()", ["assert set(a()) == 1"], "a"),
        ("class A: pass", ["assert A().x == 1"], "A"),
        ("def a(): pass", ["assert other() == 1"], None),
        ("a = 1", ["assert a == 1"], None),
    ],
)
def test_the_entry_point_is_what_tests_call(
    solution: str, tests: list[str], name: str | None
) -> None:
    assert entry_point_of(solution, tests) == name


def test_what_runs_a_suite_is_told_from_what_it_checks() -> None:
    suite = "import unittest\nclass T(unittest.TestCase):\n    def test(self):\n        f()\n"
    checks, run = parted(runnable(suite, "f"))
    assert checks == suite.rstrip()
    assert checks + run == runnable(suite, "f")
    assert parted("assert f(1) == 2\n") == ("assert f(1) == 2\n", "")


def test_names_of_a_text_or_of_something_else_are_not_taken_for_missing() -> None:
    module = "import json\nlimit = 3\ndef f(x): return x\n"
    tests = "import json\nassert f('limit') == json.loads('1')\n"
    assert standalone(tests, module, "f") == tests
    assert standalone("assert f(limit)\n", module, "f").startswith("if not {'limit'}")
