import pytest

from kodgen.sandbox import portable

SOLUTION = """\
import math
import random
from collections import Counter
from typing import List

LIMIT = 3

class Stack:
    pass

class Empty(IndexError):
    pass

class StillEmpty(Empty):
    pass

def add(a, b):
    def inner():
        yield 1
    return a + b

def numbers(n):
    for i in range(n):
        yield i

async def later():
    return 1

if LIMIT:
    def chosen():
        return 1

def abs(x):
    return x
"""


def file(body: str, head: str = "from solution import *") -> str:
    return f"import pytest\n{head}\n\ndef test_it():\n    {body}\n"


@pytest.mark.parametrize(
    "body",
    [
        "assert add(1, 2) == 3",
        "assert add([x for x in range(3)], sorted([1])) is not None",
        "with pytest.raises(Empty):\n        add(1, 2)",
        "with pytest.raises(StillEmpty, match='x') as info:\n        add(1, 2)\n    info.value.args",
        "assert type(add(1, 2)) is int and add(1, 2) is True",
        "assert chosen() == LIMIT",
        "assert add(1, 2) == math.sqrt(9) == Counter([1])[1]",
        "assert add.__name__ == 'add'",
        "x: List[int] = [1]\n    assert add(x, x)",
        "for f in (add, chosen):\n        f(1)",
        "import sys\n    assert add(1, sys.maxsize) > 0",
        "import os\n    assert add(1, os.path.sep)",
        "import random as r\n    assert add(1, r.random())",
        "Mine = 1\n    assert add(1, Mine)",
        "class Stack: pass\n    assert add(1, 2)",
    ],
)
def test_what_can_be_split(body: str) -> None:
    assert portable.read(SOLUTION, file(body)) == ""


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("assert Stack()", "uses class Stack"),
        ("assert not isinstance(add(1, 2), Stack)", "uses class Stack"),
        ("assert list(numbers(3)) == [0, 1, 2]", "calls the generator numbers"),
        ("later().close()", "calls the asynchronous function later"),
        ("assert abs(-1) == -1", "has the solution's abs in place of another"),
        ("assert add(1, lambda: 1)", "gives a function to the solution"),
        ("assert add(1, b=lambda: 1)", "gives a function to the solution"),
        ("assert add(1, (x for x in 'a'))", "gives a generator to the solution"),
        ("assert add(1, iter('a'))", "gives an iterator to the solution"),
        ("def f(): pass\n    assert add(1, f)", "gives f to the solution"),
        ("assert add.cache_clear()", "looks at add.cache_clear"),
        ("assert add.__doc__", "looks at __doc__"),
        ("a = [1]\n    assert add(a, 1) is a", "compares by identity"),
        ("assert id(add(1, 2))", "compares by identity (id)"),
        ("random.seed(1)\n    assert add(1, 2)", "shares state of the process (seed)"),
        ("import sys\n    sys.setrecursionlimit(9)\n    add(1, 2)", "uses sys.setrecursionlimit"),
        ("import sys\n    sys.stdout = add(1, 2)", "uses sys.stdout"),
        ("from sys import stdout\n    add(1, 2)", "uses sys.stdout"),
        ("import os\n    os.environ['a'] = add(1, 2)", "uses os.environ"),
        ("from unittest.mock import patch\n    add(1, 2)", "patches (unittest.mock)"),
        ("from unittest import mock\n    add(1, 2)", "patches (unittest.mock)"),
        ("import inspect\n    inspect.signature(add)", "looks inside (inspect)"),
        ("import importlib.util\n    add(1, 2)", "loads the solution by hand (importlib.util)"),
        ("open('x').write(add('', ''))", "uses files (open)"),
        ("eval('add(1, 2)')\n    add(1, 2)", "runs text as code (eval)"),
        ("with pytest.warns(UserWarning):\n        add(1, 2)", "reads warnings (warns)"),
    ],
)
def test_what_cannot_be_split(body: str, reason: str) -> None:
    assert portable.read(SOLUTION, file(body)) == reason


@pytest.mark.parametrize(
    ("fixture", "reason"),
    [
        ("capsys", "reads what is printed"),
        ("monkeypatch", "patches"),
        ("tmp_path", "uses files"),
        ("caplog", "reads what is logged"),
    ],
)
def test_fixtures_that_watch_the_process(fixture: str, reason: str) -> None:
    text = f"from solution import add\ndef test_it({fixture}):\n    assert add(1, 2) == 3\n"
    assert portable.read(SOLUTION, text) == reason


@pytest.mark.parametrize(
    ("head", "body", "reason"),
    [
        ("from solution import add, Empty", "assert add(1, 2)", ""),
        ("from solution import add as plus", "assert plus(1, 2)", ""),
        ("from solution import add", "from solution import LIMIT\n    assert add(1, LIMIT)", ""),
        ("from solution import Stack", "assert 1", "uses class Stack"),
        ("from solution import Stack as S", "assert S()", "uses class Stack"),
        ("import solution", "assert solution.add(1, solution.LIMIT)", ""),
        ("import solution as s", "assert s.add(1, s.LIMIT)", ""),
        ("import solution as s", "assert s.Stack()", "uses class Stack"),
        ("import solution", "solution.LIMIT = 5", "changes LIMIT of the solution"),
        ("import solution", "solution.LIMIT += 5", "changes LIMIT of the solution"),
        ("import solution", "del solution.LIMIT", "changes LIMIT of the solution"),
        ("import solution", "assert dir(solution)", "uses the solution's module as a value"),
        ("import solution", "solution.add(1, lambda: 1)", "gives a function to the solution"),
        ("import math", "assert math.sqrt(4) == 2", "takes nothing from the solution"),
        ("from solution import add", "assert abs(add(1, 2)) == 3", ""),
        (
            "def add(): pass\nfrom solution import *",
            "add()",
            "has the solution's add in place of another",
        ),
        ("from solution import *\ndef add(): pass", "add()", ""),
        ("import math\nfrom solution import *", "assert add(1, math.pi)", ""),
    ],
)
def test_ways_of_importing(head: str, body: str, reason: str) -> None:
    assert portable.read(SOLUTION, file(body, head)) == reason


def test_a_star_import_is_to_give_what_the_tests_use_and_do_not_bind() -> None:
    body = "total = add(1, LIMIT)\n    assert total == approx(5) and isinstance(total, List)"
    head = "from pytest import approx\nfrom solution import *"
    assert portable.plan(SOLUTION, file(body, head)).names == ("LIMIT", "List", "add")
    explicit = file("assert add(1, 2)", "from solution import add")
    assert portable.plan(SOLUTION, explicit).names == ()


def test_a_solution_with_a_star_import_may_give_any_name_but_builtins() -> None:
    plan = portable.plan("from math import *", file("assert sqrt(4) == pow(2, 1) == len([1, 2])"))
    assert plan.names == ("sqrt",)


@pytest.mark.parametrize(
    "text",
    ["def f(:", "\0", "(" * 10_000, "\ud800", "x = " + "-" * 100_000 + "1", "x\n" * 1_000_000],
)
def test_what_cannot_be_read_is_never_split(text: str) -> None:
    good = "from solution import f\n"
    assert portable.read(text, good) in {"can't be parsed", "is too long to be read"}
    assert portable.read("def f(): pass", text) in {"can't be parsed", "is too long to be read"}
