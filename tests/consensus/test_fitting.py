"""Solutions and tests that don't speak of the same names and parameters."""

import ast

import pytest

from kodgen.consensus.fitting import Asked, Misfit
from kodgen.consensus.shape import shape_of

OWN = "def area(w, h):\n    return w * h\n\ndef helper(x):\n    return x\n"
TEST = "from solution import area\n\ndef test_a():\n    assert area(2, 3) == 6\n"


def misfit(other, test=TEST, own=OWN):
    return Asked(test, own).misfit(shape_of(ast.parse(other)))


def test_the_same_names_and_parameters():
    assert misfit("def area(width, height=1):\n    return width * height\n") == Misfit()


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ("def surface(w, h):\n    return w * h\n", "no area"),
        ("def area(shape):\n    return 0\n", "other parameters"),
        ("def area(w, h, unit):\n    return 0\n", "other parameters"),
    ],
)
def test_another_interface(other, why):
    # It is a test's own call that does not fit, and there is no other test.
    said = misfit(other)
    assert said.reason
    assert why in said.reason or "no test of it fits" in said.reason


def test_the_same_parameters_in_another_order():
    assert misfit("def area(h, w):\n    return w * h\n").reason
    by_name = TEST.replace("area(2, 3)", "area(w=2, h=3)")
    assert misfit("def area(h, w):\n    return w * h\n", by_name) == Misfit()


def test_only_the_tests_that_ask_for_it_are_left_out():
    test = TEST + "\ndef test_b():\n    assert area(2, h=3) == 6\n"
    assert misfit("def area(w, height):\n    return 0\n", test) == Misfit(
        tests=frozenset({"test_b"})
    )


def test_a_call_that_is_meant_to_fail_does_not_count():
    test = TEST + "\ndef test_b():\n    with pytest.raises(TypeError):\n        area(1)\n"
    assert misfit("def area(a, b):\n    return a * b\n", test) == Misfit()


def test_methods_and_constructors():
    own = (
        "class Queue:\n    def __init__(self, size):\n        self.items = []\n"
        "    def put(self, x):\n        pass\n    def get_all(self):\n        pass\n"
    )
    test = (
        "from solution import Queue\n\ndef test_a():\n    q = Queue(3)\n    q.put(1)\n\n"
        "def test_b():\n    assert Queue(3).get_all() == []\n"
    )
    assert misfit(own.replace("get_all", "getAll"), test, own) == Misfit(
        tests=frozenset({"test_b"})
    )
    assert misfit(own.replace("self, size", "self"), test, own).reason
    assert misfit(own.replace("self, x", "self, x, y"), test, own) == Misfit(
        tests=frozenset({"test_a"})
    )


def test_what_only_running_would_show_is_run():
    assert misfit("from shapes import *\n") == Misfit()


def test_the_one_function_that_each_trial_calls_as_it_likes():
    other = "def surface(w, h):\n    return w * h\n"
    their_test = TEST.replace("area", "surface")
    shape, theirs = shape_of(ast.parse(other)), Asked(their_test, other)
    asked = Asked(TEST, OWN)
    assert asked.alias(shape, theirs) == ("area", "surface")
    assert asked.misfit(shape.with_alias("area", "surface")) == Misfit()
    assert asked.alias(shape, None) is None
    narrow = shape_of(ast.parse("def surface(shape):\n    return 0\n"))
    assert asked.misfit(narrow.with_alias("area", "surface")).reason
    # The other trial has this name too, so that its own is another thing.
    both = OWN + other
    assert Asked(TEST, OWN).alias(shape_of(ast.parse(both)), Asked(their_test, both)) is None


def test_tests_that_take_nothing_of_the_solution_are_known():
    copied = "def area(w, h):\n    return w * h\n\ndef test_a():\n    assert area(1, 1) == 1\n"
    assert not Asked(copied, OWN).anything
    assert Asked(TEST, OWN).anything
