"""What the recorder finds the same and what not, in this process."""

import asyncio
import itertools
import sys
from collections import OrderedDict, deque
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kodgen.mutation.recorder import Recorder, install

_NAMES = (f"solution_of_recorder_{number}" for number in itertools.count())


class Loaded:
    """A module with recorded functions, imported as tests import it."""

    def __init__(self, folder: Path, text: str) -> None:
        name = next(_NAMES)
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
        self.recorder = install(name, __name__)
        self.module: Any = __import__(name)
        self.name = name

    def digest(self) -> str:
        return type(self.recorder.error()).__name__


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    sys.path.insert(0, str(tmp_path))
    yield tmp_path
    sys.path.remove(str(tmp_path))


def digest_of(folder: Path, text: str, call: str) -> str:
    loaded = Loaded(folder, text)
    try:
        exec(f"from {loaded.name} import *\n{call}", {"s": loaded.module})
    finally:
        sys.modules.pop(loaded.name)
    return loaded.digest()


def noted(*values: Any) -> str:
    recorder = Recorder({__name__})
    recorder.note(*values)
    return type(recorder.error()).__name__


class Plain:
    def __init__(self, value: Any, hidden: Any = None) -> None:
        self.value = value
        self._hidden = hidden


class Compared(Plain):
    def __eq__(self, other: object) -> bool:
        return vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]


class Slotted:
    __slots__ = ("a",)

    def __init__(self, a: int) -> None:
        self.a = a


class Raising:
    def __repr__(self) -> str:
        raise ValueError


LOOP: list[Any] = []
LOOP.append(LOOP)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 1.0),
        (1, True),
        (0.1 + 0.2, 0.3),
        (float("nan"), float("nan")),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({"a", "b", "c"}, {"c", "b", "a"}),
        (Plain(1, 2), Plain(1, 3)),
        (object(), object()),
        (LOOP, LOOP),
        (Raising(), Raising()),
        (lambda: 1, lambda: 2),
        ((n for n in [1]), (n for n in [2])),
    ],
)
def test_what_tests_would_find_the_same_is_the_same(one: Any, other: Any) -> None:
    assert noted(one) == noted(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 2),
        (1, "1"),
        (1.0, 1.0001),
        (float("nan"), float("inf")),
        (None, 0),
        ([1], (1,)),
        ([1, 2], [2, 1]),
        (OrderedDict(a=1, b=2), OrderedDict(b=2, a=1)),
        (deque([1]), deque([2])),
        ({1: [2]}, {1: [3]}),
        (Plain(1), Plain(2)),
        (Plain(1), Compared(1)),
        (Compared(1, 2), Compared(1, 3)),
        (Slotted(1), Slotted(2)),
        (Decimal("1.5"), Decimal("2.5")),
        (ValueError(), KeyError()),
        (("a", "b"), ("ab", "")),
    ],
)
def test_what_tests_could_tell_apart_differs(one: Any, other: Any) -> None:
    assert noted(one) != noted(other)


def test_deep_and_large_values_end() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert noted(deep) == noted(deep)
    assert noted([0] * 1_000_000) == noted([0] * 1_000_000)


@pytest.mark.parametrize(
    ("one", "other", "call"),
    [
        ("def f(a): return a + 1", "def f(a): return a - 1", "f(1)"),
        ("def f(a): a.append(1)", "def f(a): a.append(2)", "f([])"),
        ("def f(): yield 1", "def f(): yield 2", "list(f())"),
        ("def f():\n yield 1\n return 2", "def f():\n yield 1\n return 3", "list(f())"),
        ("def f(): return lambda: 1", "def f(): return lambda: 2", "f()()"),
        ("async def f(): return 1", "async def f(): return 2", "import asyncio; asyncio.run(f())"),
        (
            "def f(): raise KeyError",
            "def f(): raise ValueError",
            "try: f()\nexcept Exception: pass",
        ),
        (
            "class A:\n def get(self): return 1",
            "class A:\n def get(self): return 2",
            "s.A().get()",
        ),
        (
            "class A:\n def __init__(self): self.n = 1\n def get(self): pass",
            "class A:\n def __init__(self): self.n = 2\n def get(self): pass",
            "A().get()",
        ),
        (
            "class A:\n @property\n def n(self): return 1",
            "class A:\n @property\n def n(self): return 2",
            "A().n",
        ),
        (
            "class A:\n @staticmethod\n def n(): return 1\n",
            "class A:\n @staticmethod\n def n(): return 2\n",
            "A.n()",
        ),
        (
            "from functools import lru_cache\n@lru_cache\ndef f(): return 1",
            "from functools import lru_cache\n@lru_cache\ndef f(): return 2",
            "f(); f.cache_clear()",
        ),
    ],
)
def test_other_outputs_are_recorded(folder: Path, one: str, other: str, call: str) -> None:
    assert digest_of(folder, one, call) == digest_of(folder, one, call)
    assert digest_of(folder, one, call) != digest_of(folder, other, call)


@pytest.mark.parametrize(
    ("one", "other", "call"),
    [
        # Only what the tests call counts, not how it comes about.
        ("def g(): return 1\ndef f(): return g()", "def g(): return 0\ndef f(): return g() + 1", "f()"),
        ("def f(n): return n and f(n - 1)", "def f(n): return 0", "f(50)"),
        (
            "class A:\n def f(self): return self.g()\n def g(self): return 1",
            "class A:\n def f(self): return self.g() + 1\n def g(self): return 0",
            "A().f()",
        ),
        ("def f(): raise KeyError('a')", "def f(): raise KeyError('b')", "try: f()\nexcept KeyError: pass"),
        ("def f(a): return a", "def f(a): return a + 0 if a < 5 else 9", "f(1)"),
    ],
)  # fmt: skip
def test_the_same_outputs_are_the_same(folder: Path, one: str, other: str, call: str) -> None:
    assert digest_of(folder, one, call) == digest_of(folder, other, call)


def test_the_module_stays_what_it_is(folder: Path) -> None:
    loaded = Loaded(
        folder,
        "import math\nLIMIT = 3\ncount = 0\n"
        "class Kind:\n    pass\n"
        "def up():\n    global count\n    count += 1\n    return helper()\n"
        "def helper():\n    return 1\n",
    )
    s = loaded.module
    star: dict[str, Any] = {}
    exec(f"from {loaded.name} import *", star)
    assert {"LIMIT", "Kind", "up", "helper", "math"} <= star.keys()
    assert s.up.__name__ == "up"
    assert isinstance(s.Kind(), star["Kind"])
    s.up()
    assert s.count == 1
    s.helper = lambda: 5  # as `mock.patch` would, for the module's own calls too
    assert s.up() == 5


def test_deep_recursion_of_functions_is_not_made_deeper(folder: Path) -> None:
    loaded = Loaded(folder, "def f(n):\n    return n and f(n - 1)\n")
    room = sys.getrecursionlimit() - 200
    assert loaded.module.f(room) == 0


def test_a_recorded_coroutine_gives_what_it_gave(folder: Path) -> None:
    loaded = Loaded(folder, "async def f(a):\n    return a\n")
    assert asyncio.run(loaded.module.f(3)) == 3
