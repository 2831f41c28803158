"""Which functions may stand in for an entry point, and in which order they take its arguments."""

import pytest

from kodgen.contamination.behaviour.aliasing import MOST_ALIASES, Alias, aliases, entry_parameters


def ways(code, signature="def f(a): pass", entry_point="f"):
    found = aliases(code, entry_parameters(signature, entry_point), entry_point)
    return None if found is None else [(one.call, one.order) for one in found]


def calls(code, signature="def f(a): pass", entry_point="f"):
    return [call for call, _ in ways(code, signature, entry_point)]


@pytest.mark.parametrize(
    ("parameters", "fits"),
    [
        ("x", True),
        ("x, y", False),
        ("", False),
        ("x, y=1", True),
        ("*xs", True),
        ("x, *ys", True),
        ("x, y, *zs", False),
        ("x, *, y", False),
        ("x, *, y=1", True),
        ("x, **more", True),
        ("x, /", True),
    ],
)
def test_a_function_fits_that_can_be_called_with_as_many_arguments(parameters, fits):
    assert calls(f"def g({parameters}): return 1") == (["g"] if fits else [])


def test_defaults_of_the_entry_point_leave_room_for_functions_without_them():
    assert calls("def g(x): return x", "def f(a, b=2): pass") == ["g"]
    assert calls("def g(x, y): return x", "def f(a, b=2): pass")[0] == "g"
    assert calls("def g(x, y, z): return x", "def f(a, b=2): pass") == []


def test_methods_of_classes_made_without_arguments():
    code = """
class Solution:
    limit = 3
    def __init__(self, seed=0): self.seed = seed
    def largest(self, xs): return max(xs)
    @staticmethod
    def least(xs): return min(xs)
    @classmethod
    def made(cls, xs): return cls()
    @property
    def size(self): return 1
    def _hidden(self, xs): return 0
    async def later(self, xs): return 0

class Queue:
    def __init__(self, size): pass
    def push(self, x): pass
"""
    assert set(calls(code)) == {"Solution().largest", "Solution().least", "Solution().made"}


def test_private_functions_stand_in_under_the_entry_points_own_name_alone():
    assert calls("def _sum(a): return 1", "def _sum(a): pass", "_sum") == ["_sum"]
    assert calls("def _sum(a): return 1") == []


def test_functions_that_are_not_written_out_are_left_out():
    code = """
def g(x):
    \"\"\"To be done.\"\"\"
def h(x): ...
def i(x): raise NotImplementedError("later")
class Solution:
    def j(self, x): pass
def k(x):
    raise ValueError(x)
"""
    assert calls(code) == ["k"]


def test_lambdas_count_and_coroutines_do_not():
    assert calls("g = lambda x: x\nasync def h(x): return x\nk = 3") == ["g"]


def test_the_likeliest_function_comes_first():
    code = """
def helper(x): return x + 1
def first(x): return x
def main(x): return helper(x)
def f(x): return 0
"""
    assert calls(code) == ["f", "main", "first", "helper"]


def test_all_functions_get_a_turn_before_other_orders_do():
    code = "def g(x, y): return x\ndef h(x, y): return y"
    found = ways(code, "def f(a, b): pass")
    assert found == [("h", ()), ("g", ()), ("h", (1, 0)), ("g", (1, 0))]


def test_names_tell_the_order():
    code = "def g(n, k, items): return n"
    assert ways(code, "def f(items, n, k): pass") == [("g", (1, 2, 0)), ("g", ())]
    assert ways("def g(items, n): return n", "def f(items, n): pass") == [("g", ())]


def test_types_tell_the_order():
    task = "def f(a: List[int], b: str, c: int): pass"
    code = "def g(x: int, y: 'list[int]', z: str): return x"
    assert ways(code, task) == [("g", (2, 0, 1))]
    assert ways("def g(x: typing.List[int], y: str, z: int): return x", task) == [("g", ())]


def test_without_a_word_on_types_every_order_of_a_few_is_tried():
    three = ways("def g(x, y, z): return x", "def f(a, b, c): pass")
    assert len(three) == len(set(three)) == 6
    assert three[0] == ("g", ())
    assert ways("def g(x, y, z, w): return x", "def f(a, b, c, d): pass") == [("g", ())]


def test_the_number_of_ways_is_bounded():
    code = "\n".join(f"def g{n}(x, y, z): return x" for n in range(30))
    assert len(aliases(code, entry_parameters("def f(a, b, c): pass", "f"), "f")) == MOST_ALIASES


def test_any_function_may_do_where_nothing_tells_what_the_entry_point_takes():
    assert entry_parameters("Write a function.", "f") is None
    assert entry_parameters("def g(a): pass", "f") is None
    assert aliases("def g(x, y): return x", None, "f") == [Alias("g", ())]


@pytest.mark.parametrize("code", ["def g(x:", "\x00", "(" * 3000])
def test_what_is_no_python_is_told_from_what_has_no_function(code):
    assert aliases(code, entry_parameters("def f(a): pass", "f"), "f") is None
    assert aliases("print(1)", entry_parameters("def f(a): pass", "f"), "f") == []
