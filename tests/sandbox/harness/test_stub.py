import ast
import asyncio
import inspect
import types

import pytest

from kodgen.sandbox.harness.stub import Mode, skeleton

SOLUTION = '''\
"""A module."""
from __future__ import annotations
import collections.abc
import json as codec
import no_such_package
import typing
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property, lru_cache
from math import gcd
from no_such_package import anything
from typing import List, Optional as Opt

__version__ = "1"
LIMIT, (LOW, *HIGH) = 3, (1, 2)
TABLE: dict[str, int] = {"a": 1}
DECLARED: int
double = lambda x: 2 * x
raise_at_import = 1 / 1

@lru_cache(maxsize=None)
def compute(n: int, *, deep: bool = True) -> List[int]:
    return [n]

async def fetch(url):
    return url

def numbers():
    yield 1

if LIMIT > 2:
    def branch(): return 1
else:
    branch = None
try:
    import fast
except ImportError:
    def slow(): return 1
for step in range(3):
    last = step
with open("/dev/null") as handle:
    pass
match LIMIT:
    case [first, *others]:
        pass
    case {"k": value, **more}:
        pass

class Fault(ValueError):
    pass

class DeepFault(Fault):
    def __init__(self, code):
        super().__init__(code)
        self.code = code

class ForeignError(codec.JSONDecodeError):
    pass

class Color(Enum):
    RED = 1

@dataclass
class Point:
    x: int
    y: int = 0

@dataclass(order=True)
class Line:
    a: Point
    def length(self): return 1

class Shape(abc.ABC, metaclass=abc.ABCMeta):
    __slots__ = ("a",)
    SIDES = 0
    def __init__(self, name): self.name = name
    def area(self): return 1
    def __del__(self): print("gone")
    def __len__(self): return 4
    @staticmethod
    def make(): return Shape("a")
    @classmethod
    def build(cls): return cls("b")
    @property
    def size(self): return 1
    @size.setter
    def size(self, value): pass
    @cached_property
    def once(self): return 1
    async def wait(self): return 1
    class Inner:
        def go(self): return 1

class Square(Shape):
    sides = 4

if __name__ == "__main__":
    result = compute(1)
'''

BOUND = [
    "codec",
    "gcd",
    "anything",
    "no_such_package",
    "cached_property",
    "Enum",
    "__version__",
    "LIMIT",
    "LOW",
    "HIGH",
    "TABLE",
    "double",
    "compute",
    "fetch",
    "numbers",
    "branch",
    "fast",
    "slow",
    "step",
    "last",
    "handle",
    "first",
    "others",
    "value",
    "more",
    "Fault",
    "DeepFault",
    "ForeignError",
    "Color",
    "Point",
    "Line",
    "Shape",
    "Square",
    "List",
    "Opt",
    "raise_at_import",
    "typing",
]


def stubbed(mode: Mode, source: str = SOLUTION) -> types.ModuleType:
    made = types.ModuleType("solution")
    exec(compile(skeleton(ast.parse(source), mode), "solution.py", "exec"), made.__dict__)
    return made


MODES: tuple[Mode, ...] = ("raise", "none")


@pytest.mark.parametrize("mode", MODES)
def test_what_the_solution_binds_is_bound_and_nothing_else(mode: Mode) -> None:
    module = stubbed(mode)
    for name in BOUND:
        assert hasattr(module, name), name
    for name in ("result", "DECLARED", "self", "x", "nothing"):
        assert not hasattr(module, name), name
    assert module.__doc__ is None


def test_what_is_called_raises_what_no_test_expects() -> None:
    module = stubbed("raise")
    calls = [
        lambda: module.compute(1, 2, deep=3, other=4),
        module.numbers,
        module.branch,
        module.slow,
        lambda: module.double(2),
        lambda: module.gcd(2, 4),
        lambda: module.Shape("a"),
        module.Shape.make,
        module.Shape.build,
        lambda: module.Shape.Inner().go(),
        lambda: module.Square("a"),
        lambda: module.Line(1).length(),
        lambda: module.Point(1, 2),
        lambda: module.Color.RED,
        lambda: module.DeepFault(3),
        lambda: asyncio.run(module.fetch("a")),
        lambda: len(module.TABLE),
        lambda: bool(module.LIMIT),
        lambda: list(module.HIGH),
        lambda: list(module.TABLE["a"]),
    ]
    for call in calls:
        with pytest.raises(Exception) as caught:  # noqa: PT011
            call()
        assert type(caught.value).__mro__[1] is Exception, call
    for call in (lambda: module.LIMIT + 1, lambda: module.LIMIT < 4, lambda: range(module.LIMIT)):
        with pytest.raises(TypeError):
            call()


def test_what_is_called_gives_none() -> None:
    module = stubbed("none")
    shape = module.Shape("a", 1, b=2)
    shape.size = 3
    inner = module.Shape.Inner().go(1)
    given = [
        module.compute(1),
        module.numbers(),
        module.double(2),
        module.Point(1, 2),
        module.Color.RED,
        module.Shape.make(),
        module.Shape.build(1),
        shape.area(2),
        shape.size,
        shape.once,
        inner,
        module.Line(1, 2).length(),
        module.Square("a").area(),
        asyncio.run(module.fetch("a")),
        asyncio.run(shape.wait()),
    ]
    assert given == [None] * len(given)
    assert not module.LIMIT
    assert inspect.iscoroutinefunction(module.fetch)
    with pytest.raises(TypeError):
        len(shape)


@pytest.mark.parametrize("mode", MODES)
def test_exceptions_and_classes_stay_what_they_are(mode: Mode) -> None:
    module = stubbed(mode)
    assert issubclass(module.Fault, ValueError)
    assert issubclass(module.DeepFault, module.Fault)
    assert issubclass(module.ForeignError, Exception)
    assert issubclass(module.Square, module.Shape)
    assert not hasattr(module.Shape, "__del__")
    assert isinstance(module.Shape.__dict__["make"], staticmethod)
    with pytest.raises(module.Fault):
        raise module.Fault("no")


@pytest.mark.parametrize("mode", MODES)
def test_annotations_can_be_evaluated(mode: Mode) -> None:
    module = stubbed(mode)
    test = (
        "def g(a: List[int], b: Opt[Point], c: Shape | None, d: Point | None, e: Color[int]): pass"
    )
    exec(test, dict(vars(module)))


@pytest.mark.parametrize("mode", MODES)
def test_the_real_list_of_names_is_kept(mode: Mode) -> None:
    module = stubbed(mode, "__all__ = ['a']\ndef a(): pass\ndef b(): pass\n")
    assert module.__all__ == ["a"]
    assert not hasattr(stubbed(mode, "__all__ = make()\ndef a(): pass\n"), "__all__")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "source",
    [
        "",
        "raise SystemExit",
        "import os; os._exit(3)",
        "1 / 0",
        "def __getattr__(name): return 3",
        "class A(B): pass\nclass B(A): pass\nclass A(B, A): pass",
        "class A:\n    def f(self): pass\nA = 3\nclass B(A):\n    def g(self): pass",
        "class A:\n    def __init_subclass__(cls): raise ValueError\nclass B(A): pass",
        "class A:\n    @x.setter\n    def x(self): pass",
        "class A:\n    x = property(f)\n    @x.setter\n    def x(self): pass",
        "class A:\n    @property\n    def x(self): pass\n    x = 3\n    @x.setter\n    def x(self): pass",
        "class __A__: pass",
        "from . import a\nfrom .typing import b\nimport os.path",
        "x: int = 3\nx += 1\n(y := 2)\n[z for z in ()]\nlambda q: q",
        "global g\ng = 1\ndel g",
        "async def f():\n    async with a as b: pass",
        "class E(Exception):\n    __slots__ = ()\n    __init__ = None",
    ],
)
def test_a_skeleton_depends_on_nothing(mode: Mode, source: str) -> None:
    module = stubbed(mode, source)
    with pytest.raises(AttributeError):
        module.something  # noqa: B018


def test_the_tree_is_left_as_it_is() -> None:
    tree = ast.parse(SOLUTION)
    before = ast.dump(tree, include_attributes=True)
    skeleton(tree, "raise")
    assert ast.dump(tree, include_attributes=True) == before


def test_functions_stand_where_the_real_ones_do() -> None:
    module = stubbed("raise")
    line = (
        SOLUTION.splitlines().index("def compute(n: int, *, deep: bool = True) -> List[int]:") + 1
    )
    assert module.compute.__code__.co_firstlineno == line
