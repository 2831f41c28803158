import ast
import builtins
import math
import sys
import textwrap
import types
import unittest
from collections.abc import Iterator

import pytest

from kodgen.sandbox.harness.checks import surely_checked
from kodgen.sandbox.harness.control import impossible
from kodgen.sandbox.harness.probe import Hook

PATCHABLE = (
    (pytest, "raises"),
    (pytest, "approx"),
    (math, "isclose"),
    (builtins, "all"),
    (builtins, "any"),
    (builtins, "sorted"),
    (unittest.TestCase, "assertEqual"),
    (unittest.TestCase, "assertRaises"),
)


@pytest.fixture(autouse=True)
def _unpatched() -> Iterator[None]:
    before = [(owner, name, getattr(owner, name)) for owner, name in PATCHABLE]
    yield
    for owner, name, value in before:
        setattr(owner, name, value)
    sys.modules.pop("solution", None)


def module(name: str, code: object, **names: object) -> types.ModuleType:
    made = types.ModuleType(name)
    made.__dict__.update(names)
    exec(code, made.__dict__)  # type: ignore[arg-type]
    return made


def calls(test: types.ModuleType) -> Iterator[tuple[str, object]]:
    for name, value in list(vars(test).items()):
        if name.startswith("test"):
            yield name, value
        elif isinstance(value, type) and name.startswith("Test"):
            for method in [m for m in vars(value) if m.startswith("test")]:
                made = value(method) if issubclass(value, unittest.TestCase) else value()
                yield f"{name}::{method}", getattr(made, method)


def under_control(solution: str, test: str) -> tuple[bool, Hook]:
    """Whether a pair's one test passes its control run, and what the hook saw of it."""
    source = textwrap.dedent(test)
    names = {"pytest": pytest, "unittest": unittest, "math": math}
    sys.modules["solution"] = module("solution", textwrap.dedent(solution), **names)
    plain = module("test_solution", compile(source, "t.py", "exec"), **names)
    for _, call in calls(plain):
        call()  # type: ignore[operator]
    hook = Hook()
    tree = impossible(ast.parse(source))
    rewritten = module("test_solution", compile(tree, "t.py", "exec"), **names, **{Hook.name: hook})
    ((_, call),) = calls(rewritten)
    hook.begin()
    try:
        call()  # type: ignore[operator]
    except BaseException:  # noqa: BLE001 - pytest's failures are no `Exception`
        assert hook.failed
        return False, hook
    assert not hook.failed
    return True, hook


ADD = "def f(*xs): return sum(xs)\n"
PARSE = "def f(x):\n    if x < 0: raise ValueError('negative')\n    return x\n"

HONEST: dict[str, tuple[str, str]] = {
    "equal": (ADD, "assert f(1, 2) == 3"),
    "expected first": (ADD, "assert 3 == f(1, 2)"),
    "message": (ADD, "assert f(1, 2) == 3, f'{f(1, 2)}'"),
    "unequal": (ADD, "assert f(1, 2) != 4"),
    "order": (ADD, "assert f(1, 2) < 4"),
    "tolerance": (ADD, "assert abs(f(1, 2) - 3.0) < 1e-9"),
    "chain": (ADD, "assert 0 < f(1, 2) <= 3 != 4"),
    "chain of calls": (ADD, "assert f(0) < f(1) < f(2)"),
    "identity": (ADD, "assert f(0) is not None\n    assert (f(1) == 1) is True"),
    "membership": (ADD, "assert f(1, 2) in (3, 4)\n    assert f(9) not in [1]"),
    "in a result": ("def f(): return {'a': 1}", "assert 'a' in f()"),
    "in a generator": ("def f():\n    yield 3\n    while True: yield 4", "assert 3 in f()"),
    "nan": ("def f(): return float('nan')", "r = f()\n    assert r != r"),
    "truth": ("def f(): return [1]", "assert f()"),
    "untruth": ("def f(): return []", "assert not f()"),
    "and": (ADD, "assert f(1) == 1 and f(2) == 2"),
    "or": (ADD, "assert f(1) == 2 or f(2) == 2"),
    "tuple": (ADD, "assert (f(1) == 1, 'one')"),
    "all": (ADD, "assert all(f(x) == x for x in range(3))"),
    "any": (ADD, "assert any([f(1) == 2, f(1) == 1])"),
    "walrus": (ADD, "assert (n := f(1)) == 1\n    assert n == 1"),
    "isinstance": (ADD, "assert isinstance(f(1), int)"),
    "isclose": (ADD, "assert math.isclose(f(1), 1.0)"),
    "approx": (ADD, "assert f(0.1, 0.2) == pytest.approx(0.3)"),
    "approx of a list": ("def f(): return [0.1]", "assert f() == pytest.approx([0.1])"),
    "any constant": (ADD, "assert True"),
    "raises": (PARSE, "with pytest.raises(ValueError): f(-1)"),
    "raises with match": (PARSE, "with pytest.raises(ValueError, match='neg'): f(-1)"),
    "raises, asked after": (
        PARSE,
        "with pytest.raises(ValueError) as e: f(-1)\n    assert str(e.value) == 'negative'",
    ),
    "raises, called": (PARSE, "pytest.raises(ValueError, f, -1)"),
    "raises, unreached check": (
        PARSE,
        "with pytest.raises(ValueError):\n        f(-1)\n        assert False",
    ),
    "warns": (
        "import warnings\ndef f(): warnings.warn('old', DeprecationWarning)",
        "with pytest.warns(DeprecationWarning): f()",
    ),
    "handler": (
        PARSE,
        """try:
        f(-1)
        assert False, "no error"
    except ValueError:
        pass""",
    ),
    "handler of fail in else": (
        PARSE,
        """try:
        f(-1)
    except ValueError:
        pass
    else:
        pytest.fail("no error")""",
    ),
    "if fail": (ADD, "if f(1) != 1:\n        pytest.fail('no')"),
    "if else fail": (ADD, "if f(1) == 1:\n        pass\n    else:\n        raise AssertionError"),
    "last check in a branch not taken": (
        ADD,
        "r = f(1)\n    assert r == 1\n    if r > 1:\n        assert r == 2",
    ),
    "loop": (ADD, "for x in range(3):\n        assert f(x) == x"),
    "loop over nothing after": (ADD, "assert f(1) == 1\n    for x in []:\n        assert x"),
    "swallowed": (ADD, "try:\n        assert f(1) == 1\n    except Exception:\n        pass"),
    "return after": (ADD, "assert f(1) == 1\n    return None"),
    "docstring": (ADD, "'''Adds.'''\n    assert f(1) == 1"),
    "nested function": (
        ADD,
        "def check(x):\n        assert f(x) == x\n    for x in (1, 2): check(x)",
    ),
    "match statement": (ADD, "match f(1):\n        case 1:\n            assert f(1) == 1"),
    "own matcher": (
        "def f(): return {'id': 7, 'n': 1}",
        "from unittest.mock import ANY\n    assert f() == {'id': ANY, 'n': 1}",
    ),
    "mock called": (
        "def f(g): g(1)",
        "from unittest.mock import Mock\n    m = Mock()\n    f(m)\n    m.assert_called_once_with(1)",
    ),
    "plain mock": (
        "def f(m): return m",
        "from unittest.mock import MagicMock\n    m = MagicMock()\n    assert f(m) == m",
    ),
    "legitimate equality": (
        """
        class V:
            def __init__(self, *xs): self.xs = xs
            def __eq__(self, o): return isinstance(o, V) and self.xs == o.xs
        """,
        "from solution import V\n    assert V(1) == V(1)\n    assert V(1) != V(2)",
    ),
    "equality that is not implemented": (
        """
        class V:
            def __eq__(self, o): return NotImplemented if type(o) is not V else True
        """,
        "from solution import V\n    assert V() == V()",
    ),
    "equality that raises": (
        """
        class V:
            def __init__(self, x): self.x = x
            def __eq__(self, o): return self.x == o.x
            def __lt__(self, o): return self.x < o.x
        """,
        "from solution import V\n    assert V(1) == V(1)\n    assert V(1) < V(2)",
    ),
    "equality by hash": (
        """
        class V:
            def __hash__(self): return 1
            def __eq__(self, o): return hash(self) == hash(o)
        """,
        "from solution import V\n    assert V() == V()",
    ),
    "total ordering": (
        """
        import functools
        @functools.total_ordering
        class V:
            def __init__(self, x): self.x = x
            def __eq__(self, o): return isinstance(o, V) and self.x == o.x
            def __lt__(self, o): return self.x < o.x
        """,
        "from solution import V\n    assert V(1) <= V(2)\n    assert V(2) >= V(1)",
    ),
    "filter that seldom errs": (
        """
        class B:
            def __init__(self): self.bits = set()
            def add(self, x): self.bits.add(hash(x) % 997)
            def __contains__(self, x): return hash(x) % 997 in self.bits
        """,
        "from solution import B\n    b = B()\n    [b.add(x) for x in range(4)]\n    assert 2 in b",
    ),
    "dataclass and enum": (
        """
        import dataclasses, enum
        @dataclasses.dataclass(order=True)
        class P:
            x: int
        class E(enum.Enum):
            A = 1
        """,
        "from solution import P, E\n    assert P(1) == P(1)\n    assert P(1) < P(2)\n    assert E.A == E.A",
    ),
    "expression builder": (
        """
        class C:
            def __eq__(self, o): return S()
            __hash__ = None
        class S:
            def sql(self): return 'a = 1'
        """,
        "from solution import C\n    assert (C() == 1).sql() == 'a = 1'",
    ),
    "context": (
        """
        class T:
            def __enter__(self): return self
            def __exit__(self, *e): self.done = True
        """,
        "from solution import T\n    with T() as t:\n        assert t",
    ),
    "context that swallows what it should": (
        """
        class T:
            def __enter__(self): return self
            def __exit__(self, kind, *e): return kind is KeyError
        """,
        "from solution import T\n    with T() as t:\n        assert t\n        raise KeyError",
    ),
    "context, then a check": (
        """
        class T:
            def __enter__(self): return self
            def __exit__(self, kind, *e): self.done = kind is None
        """,
        "from solution import T\n    with T() as t:\n        assert t\n    assert t.done",
    ),
    "numpy": (
        "def f():\n    import numpy\n    return numpy.array([1.0, 2.0])",
        """import numpy as np
    r = f()
    assert (r == np.array([1, 2])).all()
    assert np.array_equal(r, [1, 2])
    assert np.allclose(r, [1, 2])
    np.testing.assert_allclose(r, [1, 2])
    assert r[0] == 1
    assert r.tolist() == [1, 2]
    assert not (r != [1, 2]).any()
    assert np.array([]) is not None""",
    ),
    "numpy of one": (
        "def f():\n    import numpy\n    return numpy.array([1.0])",
        "import numpy as np\n    assert f() == 1\n    assert f() == np.array([1.0])\n    assert f() < 2",
    ),
    "pandas": (
        "def f():\n    import pandas\n    return pandas.DataFrame({'a': [1]})",
        """import pandas as pd
    r = f()
    assert (r['a'] == 1).all()
    assert r.equals(pd.DataFrame({'a': [1]}))
    pd.testing.assert_frame_equal(r, pd.DataFrame({'a': [1]}))
    assert r['a'][0] == 1
    assert list(r.columns) == ['a']
    assert 'a' in r""",
    ),
}

UNIT: dict[str, tuple[str, str]] = {
    "assertEqual": (ADD, "self.assertEqual(f(1), 1)"),
    "assertEqual with message": (ADD, "self.assertEqual(f(1), 1, msg='one')"),
    "assertAlmostEqual": (ADD, "self.assertAlmostEqual(f(1), 1.0, places=3)"),
    "assertIn": (ADD, "self.assertIn(f(1), [1, 2])"),
    "assertIsNone": ("def f(): pass", "self.assertIsNone(f())"),
    "assertGreater": (ADD, "self.assertGreater(f(2), 1)"),
    "assertTrue": (ADD, "self.assertTrue(f(1) == 1)"),
    "assertFalse": (ADD, "self.assertFalse(f(1) == 2)"),
    "assertListEqual": ("def f(): return [1]", "self.assertListEqual(f(), [1])"),
    "assertDictEqual": ("def f(): return {1: 2}", "self.assertDictEqual(f(), {1: 2})"),
    "assertCountEqual": ("def f(): return [2, 1]", "self.assertCountEqual(f(), [1, 2])"),
    "assertRegex": ("def f(): return 'abc'", "self.assertRegex(f(), 'b')"),
    "assertRaises": (PARSE, "with self.assertRaises(ValueError): f(-1)"),
    "assertRaises, called": (PARSE, "self.assertRaises(ValueError, f, -1)"),
    "assertRaisesRegex": (PARSE, "with self.assertRaisesRegex(ValueError, 'neg'): f(-1)"),
    "helper": (ADD, "self.check(1)"),
    "own assertion": (ADD, "self.assertNodesEqual(0, [])"),
    "fail": (ADD, "if f(1) != 1: self.fail('no')"),
}


def function(body: str, name: str = "test_it") -> str:
    return f"import math, pytest\nfrom solution import *\ndef {name}():\n    {body}\n"


def method(body: str) -> str:
    return f"""\
from solution import *
class TestIt(unittest.TestCase):
    def check(self, x):
        self.assertEqual(f(x), x)
    def assertNodesEqual(self, head, values):
        while head:
            self.assertEqual(head.value, values.pop(0))
    def test_it(self):
        {body}
"""


@pytest.mark.filterwarnings("ignore:assertion is always true")
@pytest.mark.parametrize("name", HONEST)
def test_an_honest_check_cannot_be_met_and_nothing_lied(name: str) -> None:
    if "numpy" in HONEST[name][0] or "pandas" in HONEST[name][0]:
        pytest.importorskip(name.split(maxsplit=1)[0])
    solution, body = HONEST[name]
    passed, hook = under_control(solution, function(body))
    assert hook.entered
    assert hook.reached
    assert not hook.lied
    assert not passed


@pytest.mark.parametrize("name", UNIT)
def test_an_honest_unittest_cannot_pass(name: str) -> None:
    solution, body = UNIT[name]
    passed, hook = under_control(solution, method(body))
    assert hook.reached
    assert not hook.lied
    assert not passed


ALWAYS = """
class E:
    def __eq__(self, o): return True
    def __ne__(self, o): return False
    def __hash__(self): return 3
    def __bool__(self): return True
def f(*x): return E()
"""
WHOLE = """
class I(int):
    def __eq__(self, o): return True
    def __ne__(self, o): return False
    __hash__ = int.__hash__
def f(*x): return I(0)
"""
LOOSE = """
class F(float):
    def __sub__(self, o): return self
    __rsub__ = __sub__
    def __abs__(self): return self
    def __lt__(self, o): return True
    __le__ = __gt__ = __ge__ = __lt__
    def __round__(self, n=None): return self
    def __eq__(self, o): return True
    __hash__ = float.__hash__
def f(*x): return F(0)
"""
NEVER_UNEQUAL = """
class N:
    def __eq__(self, o): return False
    def __ne__(self, o): return False
    __hash__ = None
def f(*x): return N()
"""
RAISES = """
import contextlib
@contextlib.contextmanager
def ok(*a, **k):
    try:
        yield None
    except BaseException:  # noqa: BLE001 - pytest's failures are no `Exception`
        pass
pytest.raises = ok
unittest.TestCase.assertRaises = lambda self, *a, **k: ok()
def f(x): return None
"""
HIDING = """
class Timer:
    def __init__(self, elapsed=5): self.elapsed = elapsed
    def __enter__(self): return self
    def __exit__(self, *e): return True
"""

LYING: dict[str, tuple[str, str]] = {
    "always equal": (ALWAYS, "assert f(1, 2) == 3"),
    "always equal, on the right": (ALWAYS, "assert 3 == f(1, 2)"),
    "always equal, kept": (ALWAYS, "r = f(1)\n    assert r == 1"),
    "always equal, expected kept": (ALWAYS, "r, e = f(1), 1\n    assert e == r"),
    "always equal, member": (ALWAYS, "assert f(1) in (7, 8)"),
    "always equal, in all": (ALWAYS, "assert all(f(x) == x for x in range(3))"),
    "always equal, and": (ALWAYS, "assert f(1) == 1 and f(2) == 2"),
    "always equal, not unequal": (ALWAYS, "assert not f(1) != 1"),
    "always equal, negated": (ALWAYS, "if f(1) != 1:\n        pytest.fail('no')"),
    "always equal, flag": (ALWAYS, "assert (f(1) == 1) is True"),
    "always equal, approx": (ALWAYS, "assert f(1) == pytest.approx(1)"),
    "always equal, swallowed": (
        ALWAYS,
        "try:\n        assert f(1) == 1\n    except Exception:\n        pass",
    ),
    "always equal, honest last": (ALWAYS, "assert f(1) == 1\n    assert f(1) is not None"),
    "always equal, in a list": ("def g(): return [1, [f()]]\n" + ALWAYS, "assert g() == [1, [2]]"),
    "always equal, in a dict": ("def g(): return {1: f()}\n" + ALWAYS, "assert g() == {1: 2}"),
    "always equal, in a helper": (
        ALWAYS,
        "def check(r, e):\n        assert r == e\n    check(f(1), 1)",
    ),
    "never unequal": (NEVER_UNEQUAL, "assert not f(1) != 1"),
    "always equal, after many lists": (
        ALWAYS,
        "for x in range(5000):\n        assert [x] == [x]\n    assert f(1) == 1",
    ),
    "int that equals all, type first": (
        WHOLE,
        "r = f(1)\n    assert isinstance(r, int)\n    assert r == 3",
    ),
    "int that equals all, type last": (
        WHOLE,
        "r = f(1)\n    assert r == 3\n    assert isinstance(r, int)",
    ),
    "mock.ANY": ("from unittest.mock import ANY\ndef f(x): return ANY", "assert f(1) == 1"),
    "magic mock": (
        """
        from unittest.mock import MagicMock
        def f(x):
            m = MagicMock()
            m.__eq__ = lambda self, o: True
            return m
        """,
        "assert f(1) == 1",
    ),
    "float that is less than all": (LOOSE, "assert abs(f(1) - 3.5) < 1e-9"),
    "float that is within all": (LOOSE, "assert 1 <= f(1) <= 2"),
    "float that rounds to all": (LOOSE, "assert round(f(1), 2) == 3.14"),
    "container of all": (
        """
        class C:
            def __contains__(self, x): return True
        def f(): return C()
        """,
        "assert 'a' in f()",
    ),
    "raises swallows": (RAISES, "with pytest.raises(ValueError): f(-1)"),
    "raises swallows, with a check": (
        RAISES,
        "with pytest.raises(ValueError):\n        f(-1)\n        assert False",
    ),
    "approx equals all": (
        ALWAYS + "pytest.approx = lambda *a, **k: E()\ndef g(): return 0",
        "assert g() == pytest.approx(3)",
    ),
    "isclose always": ("math.isclose = lambda *a, **k: True\ndef f(): return 0", "assert math.isclose(f(), 3)"),
    "all always": ("import builtins\nbuiltins.all = lambda xs: True\ndef f(x): return 0", "assert all(f(x) == 1 for x in (1, 2))"),
    "any always": ("import builtins\nbuiltins.any = lambda xs: True\ndef f(x): return 0", "assert any(f(x) == 1 for x in (1, 2))"),
    "sorted equals all": (
        ALWAYS + "import builtins\nbuiltins.sorted = lambda *a, **k: E()\ndef g(x): return x",
        "assert g([2, 1]) == sorted([2, 1])",
    ),
    "context that swallows, met": (
        HIDING,
        "from solution import Timer\n    with Timer(0) as t:\n        assert t.elapsed < 1",
    ),
    "context that swallows": (
        HIDING,
        "from solution import Timer\n    with Timer() as t:\n        assert t.elapsed < 1",
    ),
}  # fmt: skip

LYING_UNIT: dict[str, tuple[str, str]] = {
    "always equal": (ALWAYS, "self.assertEqual(f(1), 1)"),
    "always equal, expected first": (ALWAYS, "self.assertEqual(1, f(1))"),
    "always equal, true": (ALWAYS, "self.assertTrue(f(1) == 1)"),
    "always equal, false": (ALWAYS, "self.assertFalse(f(1) != 1)"),
    "almost": (LOOSE, "self.assertAlmostEqual(f(1), 3.5)"),
    "less": (LOOSE, "self.assertLess(f(1), 1)"),
    "patched": (
        "unittest.TestCase.assertEqual = lambda *a, **k: None\ndef f(x): return 0",
        "self.assertEqual(f(1), 1)",
    ),
    "patched raises": (RAISES, "with self.assertRaises(ValueError): f(-1)"),
}


@pytest.mark.parametrize("name", LYING)
def test_a_lie_shows(name: str) -> None:
    solution, body = LYING[name]
    passed, hook = under_control(solution, function(body))
    assert hook.reached
    assert hook.lied
    assert passed


@pytest.mark.parametrize("name", LYING_UNIT)
def test_a_lie_to_a_unittest_shows(name: str) -> None:
    solution, body = LYING_UNIT[name]
    passed, hook = under_control(solution, method(body))
    assert hook.reached
    assert hook.lied
    assert passed


@pytest.mark.parametrize(
    "body",
    [
        "f(1)",
        "r = f(1)\n    return r == 1\n    assert r == 1",
        "for x in []:\n        assert x",
        "if f(1) == 2:\n        assert f(1) == 2",
        "print(f(1) == 1)",
    ],
)
def test_a_test_without_a_check_that_comes_about(body: str) -> None:
    passed, hook = under_control(ADD, function(body))
    assert passed
    assert hook.entered
    assert not hook.reached


def test_a_method_of_a_plain_class() -> None:
    test = (
        "from solution import f\nclass TestIt:\n    def test_it(self):\n        assert f(1) == 1\n"
    )
    assert not under_control(ADD, test)[0]


def test_lines_and_the_source_stay() -> None:
    source = function("x = 1\n    assert (\n        f(1)\n        == 1\n    )")
    tree = impossible(ast.parse(source))
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt | ast.expr):
            assert 1 <= node.lineno <= len(source.splitlines())
    compile(tree, "t.py", "exec")


@pytest.mark.parametrize(
    ("body", "sure"),
    [
        ("assert f(1)", True),
        ("x = f(1)\n    assert x", True),
        ("with pytest.raises(ValueError):\n        f(1)", True),
        ("for x in [1, 2]:\n        assert f(x)", True),
        ("cases = [(1, 2)]\n    for x, y in cases:\n        assert f(x) == y", True),
        ("if f(1):\n        pytest.fail()", True),
        ("f.assert_called()", True),
        ("f(1)", False),
        ("return f(1)\n    assert f(1)", False),
        ("if f(1):\n        return\n    assert f(1)", False),
        ("if f(1):\n        assert f(1)", False),
        ("for x in []:\n        assert f(x)", False),
        ("for x in f(1):\n        assert f(x)", False),
        ("try:\n        assert f(1)\n    except ValueError:\n        pass", False),
        ("def g():\n        assert f(1)", False),
    ],
)
def test_which_checks_are_sure_to_be_reached(body: str, sure: bool) -> None:
    assert surely_checked(ast.parse(function(body))) == ({"test_it"} if sure else set())
    inside = "class TestA:\n" + textwrap.indent(function(body).split("\n", 2)[2], "    ")
    assert surely_checked(ast.parse(inside)) == ({"TestA::test_it"} if sure else set())
