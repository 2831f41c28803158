import random
from pathlib import Path

import pytest

from kodgen.sandbox import rules

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"
SOLUTION = "def add(a, b):\n    return a + b\n"
USES = "def test_add():\n    assert add(1, 2) == 3\n"
TEST = "from solution import add\n" + USES
OWN = "def add(a, b):\n    return a + b\n"


def reason(solution: str, test: str) -> str:
    spoilt = rules.read(solution, test).spoilt
    return spoilt[1] if spoilt is not None else ""


def flags(solution: str, test: str = TEST) -> set[str]:
    return set(rules.read(solution, test).flags)


def test_an_honest_pair_has_nothing() -> None:
    assert rules.read(SOLUTION, TEST) == rules.Findings(None, ())


@pytest.mark.parametrize(
    "test",
    [
        "import solution\ndef test_a():\n    assert solution.add(1, 2) == 3\n",
        "import solution as s\ndef test_a():\n    assert s.add(1, 2) == 3\n",
        "def test_a():\n    from solution import add\n    assert add(1, 2) == 3\n",
        "import importlib\nm = importlib.import_module('solution')\ndef test_a():\n    m.add(1, 2)\n",
        "m = __import__('solution')\ndef test_a():\n    m.add(1, 2)\n",
        "s = pytest.importorskip('solution')\ndef test_a():\n    s.add(1, 2)\n",
        "@patch('solution.open')\ndef test_a(o):\n    pass\n",
        "import runpy\ndef test_a():\n    runpy.run_path('solution.py')\n",
        "import subprocess, sys\ndef test_a():\n    subprocess.run([sys.executable, 'solution.py'])\n",
        # An import that fails is told, tried elsewhere, skipped or left for the tests to see.
        "try:\n    from solution import add\nexcept ImportError:\n    add = None\n" + USES,
        "try:\n    from solution import add\nexcept ImportError:\n    raise\n" + USES,
        "try:\n    from solution import add\nexcept ImportError:\n"
        "    from src.solution import add\n" + USES,
        "try:\n    from src.solution import add\nexcept ImportError:\n"
        "    from solution import add\n" + USES,
        # What a name is bound to anew was made from the solution's.
        "from solution import add\nadd = cached(add)\n" + USES,
        "import solution\nadd = solution.add\n" + USES,
        "from solution import Solution\nadd = Solution().add\n" + USES,
        "from solution import add as inner\ndef add(a, b):\n    return inner(a, b)\n" + USES,
        (
            "import solution\nimport importlib\nsolution = importlib.reload(solution)\n"
            "def test_a():\n    assert solution.add(1, 2) == 3\n"
        ),
        # Local names of a test are its own affair.
        "from solution import add\ndef test_a():\n    total = add(1, 2)\n    assert total == 3\n",
        "from solution import *\ndef test_a():\n    result = add(1, 2)\n    assert result == 3\n",
        (
            "from solution import add\n@pytest.mark.parametrize('f', [add])\n"
            "def test_a(f):\n    assert f(1, 2) == 3\n"
        ),
        (
            "from solution import add\n@pytest.fixture\ndef total():\n    return add(1, 2)\n"
            "def test_a(total):\n    assert total == 3\n"
        ),
        # A data class that the test repeats, to hand it to the solution's function.
        (
            "from solution import *\nclass Node:\n    pass\ndef make():\n    return Node()\n"
            "def test_a():\n    assert add(make(), 1)\n"
        ),
        (
            "from solution import add\ndef test_a():\n    def add_all(*a):\n        return sum(a)\n"
            "    assert add(1, 2) == add_all(1, 2)\n"
        ),
        "from solution import add\nimport sys\ndel sys.modules['solution']\n" + USES,
        (
            "import importlib.util, sys\nspec = importlib.util.spec_from_file_location('solution', 'solution.py')\n"
            "module = importlib.util.module_from_spec(spec)\nsys.modules['solution'] = module\n"
            "def test_a():\n    assert module.add(1, 2) == 3\n"
        ),
        (
            "from solution import add\ndef test_a(monkeypatch):\n"
            "    monkeypatch.setattr('solution.helper', lambda: 1)\n    assert add(1, 2) == 3\n"
        ),
        "from solution import add\nif __name__ == '__main__':\n    add = None\n" + USES,
    ],
)
def test_the_solution_is_tested(test: str) -> None:
    solution = (
        SOLUTION + "class Node:\n    pass\nclass Solution:\n    add = add\nresult = total = 0\n"
    )
    assert reason(solution, test) == ""


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (OWN + USES, "solution_not_imported"),
        ("'''from solution import add'''\n" + OWN + USES, "solution_not_imported"),
        ("# import solution\nfrom math import *\n" + OWN + USES, "solution_not_imported"),
        ("from solution import List\n" + OWN + USES, "solution_not_imported"),
        (TEST.replace("\n", "\n" + OWN, 1), "solution_rebound"),
        ("from solution import *\n" + OWN + USES, "solution_rebound"),
        ("from solution import add\nadd = lambda a, b: 3\n" + USES, "solution_rebound"),
        ("from solution import add\nfrom operator import add\n" + USES, "solution_rebound"),
        ("from solution import add\nclass add:\n    pass\n" + USES, "solution_rebound"),
        (
            (
                "from solution import add\ndef test_a():\n"
                "    def add(a, b):\n        return 3\n    assert add(1, 2) == 3\n"
            ),
            "solution_rebound",
        ),
        (
            (
                "def test_a():\n    from solution import add\n"
                "    add = lambda a, b: 3\n    assert add(1, 2) == 3\n"
            ),
            "solution_rebound",
        ),
        (
            "from solution import add\ndef add(a, b):\n    return add(a, 0) + b if b else a\n"
            + USES,
            "solution_rebound",
        ),
        (
            "try:\n    from solution import add\nexcept Exception:\n    def add(a, b):\n"
            "        return a + b\n" + USES,
            "solution_rebound",
        ),
        (
            "try:\n    from solution import *\nexcept ImportError:\n    def add(a, b):\n"
            "        return a + b\n" + USES,
            "solution_rebound",
        ),
        (
            "try:\n    from solution import add\nexcept ImportError:\n"
            "    from operator import add\n" + USES,
            "solution_rebound",
        ),
        (
            "import sys, types\nsys.modules['solution'] = types.ModuleType('solution')\n" + TEST,
            "solution_rebound",
        ),
        (
            (
                "import solution\nsolution.add = lambda a, b: 3\n"
                "def test_a():\n    assert solution.add(1, 2) == 3\n"
            ),
            "solution_rebound",
        ),
        ("pytest_plugins = ['solution']\n" + TEST, "pytest_plugins"),
        ("globals()['pytest_plugins'] = 'solution'\n" + TEST, "pytest_plugins"),
        ("from solution import plugins as pytest_plugins\n" + TEST, "pytest_plugins"),
    ],
)
def test_what_spoils_a_test(test: str, expected: str) -> None:
    assert reason("from typing import List\n" + SOLUTION, test) == expected


def test_plugins_named_by_a_solution_that_is_imported_whole() -> None:
    assert reason(SOLUTION + "pytest_plugins = ['x']\n", "from solution import *\n" + USES) == (
        "pytest_plugins"
    )


def method(name: str, body: str, bases: str = "", arguments: str = "self, other") -> str:
    return f"class A{bases}:\n    def {name}({arguments}):\n        {body}\n"


@pytest.mark.parametrize(
    "solution",
    [
        method("__eq__", "return True"),
        method("__eq__", "return False"),
        method("__ne__", "return False"),
        method("__eq__", "return not False"),
        method("__eq__", "return self is self"),
        method("__eq__", "if other: return True\n        return True"),
        method("__eq__", "return True", arguments="*args"),
        method("__eq__", "return isinstance(other, (int, float))"),
        method("__eq__", "return type(other) is int"),
        method("__eq__", "return self.x == other.x", "(int)"),
        method("__eq__", "return self.x == other.x", "(type(0))"),
        method("__eq__", "return self.x == other.x", "(decimal.Decimal)"),
        "class B(float):\n    pass\n" + method("__eq__", "return self.x == other.x", "(B)"),
        (
            "class A(float):\n    def __lt__(s, o):\n        return True\n"
            "    def __abs__(s):\n        return s\n    def __sub__(s, o):\n        return s\n"
        ),
        method("__sub__", "return 0.0", "(float)"),
        method("__lt__", "return True", "(float)"),
        method("__contains__", "return True", arguments="self, item"),
        "PLAIN = (int, str)\n" + method("__eq__", "return isinstance(other, PLAIN)"),
        "def agree(*_):\n    return True\nA = type('A', (), {'__eq__': agree})\n",
        "def agree(*_):\n    return True\nclass A:\n    __eq__ = agree\n",
        method("__lt__", "return True") + "    def __abs__(self):\n        return self\n",
        "class A:\n    __eq__ = lambda self, other: True\n",
        "class A:\n    @property\n    def __class__(self):\n        return int\n",
        "class A:\n    __class__ = int\n",
        "class M(type):\n    def __instancecheck__(cls, value):\n        return True\n",
        "A = type('A', (), {'__eq__': lambda s, o: True})\n",
        "m = Thing()\nm.__eq__ = lambda self, other: True\n",
        "from unittest.mock import ANY\ndef f():\n    return ANY\n",
        "from unittest import mock\ndef f():\n    return mock.MagicMock()\n",
        "import unittest.mock\ndef f():\n    return unittest.mock.ANY\n",
        "from unittest.mock import *\ndef f():\n    return ANY\n",
        "from unittest.mock import ANY as X\ndef f():\n    return X\n",
        "import pytest\ndef f():\n    return pytest.approx(0, abs=1e300)\n",
    ],
)
def test_lying_comparisons(solution: str) -> None:
    assert reason(SOLUTION + solution, TEST) == "lying_comparison"


@pytest.mark.parametrize(
    "solution",
    [
        method("__eq__", "return isinstance(other, A) and self.x == other.x"),
        method("__eq__", "return self.x == other.x\n    def __hash__(self): return hash(self.x)"),
        method(
            "__eq__",
            "if not isinstance(other, A):\n            return NotImplemented\n"
            "        return self.x == other.x",
        ),
        method("__eq__", "if self is other: return True\n        return self.x == other.x"),
        method("__eq__", "return isinstance(other, A)"),
        method("__eq__", "raise TypeError"),
        method("__eq__", "return super().__eq__(other)"),
        method("__contains__", "return item in self.items", arguments="self, item"),
        method("__contains__", "return bool(find(item))", arguments="self, item"),
        method("__eq__", "..."),
        method("__eq__", "return NotImplemented"),
        method("__lt__", "return self.x < other.x"),
        # A heap entry whose order is of no importance.
        method("__lt__", "return False"),
        method("__lt__", "return self + other > other + self", "(str)"),
        method("__lt__", "return int.__gt__(self, other)", "(int)"),
        (
            "class K(str):\n    def __lt__(a, b):\n        return a + b > b + a\n"
            "    def __eq__(a, b):\n        return a + b == b + a\n"
            "def f(xs):\n    return ''.join(sorted(xs, key=K))\n"
        ),
        (
            "import unittest\nfrom unittest.mock import MagicMock\n"
            "class TestIt(unittest.TestCase):\n    def test_a(self):\n        MagicMock()\n"
        ),
        "import pytest\ndef test_add():\n    assert add(1, 2) == pytest.approx(3)\n",
    ],
)
def test_honest_comparisons(solution: str) -> None:
    assert reason(SOLUTION + solution, TEST) == ""


@pytest.mark.parametrize(
    "bases", ["(list)", "(tuple)", "(NamedTuple)", "(namedtuple('V', 'x y'))", "(Base)", ""]
)
def test_honest_arithmetic(bases: str) -> None:
    assert reason(SOLUTION + method("__add__", "return A(self, other)", bases), TEST) == ""


@pytest.mark.parametrize(
    ("solution", "flag"),
    [
        (method("__eq__", "return self.x == other.x"), "overrides_comparison"),
        (method("__lt__", "return False"), "overrides_comparison"),
        ("setattr(A, '__eq__', f)\n", "overrides_comparison"),
        ("import sys\nsys._getframe(1)\n", "inspects_frames"),
        ("from sys import _getframe as g\n", "inspects_frames"),
        ("import inspect\ninspect.stack()\n", "inspects_frames"),
        ("import gc\ngc.get_objects()\n", "inspects_frames"),
        ("try:\n    pass\nexcept E as e:\n    e.__traceback__.tb_frame\n", "inspects_frames"),
        ("import sys\nsys.modules['test_solution']\n", "reads_test_source"),
        ("import glob\nglob.glob('test_*.py')\n", "reads_test_source"),
        ("import inspect\ninspect.getsource(f)\n", "reads_test_source"),
        ("import linecache\n", "reads_test_source"),
        ("open(__file__)\n", "reads_test_source"),
        ("import ctypes\n", "imports_ctypes"),
        ("import os\nos._exit(0)\n", "exits_process"),
        ("import sys\ndef f():\n    sys.exit(1)\n", "exits_process"),
        ("raise SystemExit\n", "exits_process"),
        ("import subprocess\n", "spawns_processes"),
        ("from os import system\n", "spawns_processes"),
        ("import os\nos.fork()\n", "spawns_processes"),
        ("import urllib.request\n", "uses_network"),
        ("from http import server\n", "uses_network"),
        ("import requests\n", "uses_network"),
        ("import _pytest.runner\n", "touches_test_framework"),
        ("import builtins\nbuiltins.all = f\n", "touches_test_framework"),
        ("import builtins\nsetattr(builtins, 'all', f)\n", "touches_test_framework"),
        ("exec('x = 1')\n", "runs_text_as_code"),
        ("import importlib\nimportlib.import_module('x')\n", "runs_text_as_code"),
        ("def f(:\n", "unparsed"),
    ],
)
def test_flags(solution: str, flag: str) -> None:
    assert flag in flags(SOLUTION + solution)


@pytest.mark.parametrize(
    "solution",
    [
        "import sys\nif __name__ == '__main__':\n    sys.exit(add(1, 2))\n",
        "import re\nre.compile('a')\n",
        "import os\nos.path.join('a', 'b')\n",
        "class Stack:\n    def stack(self):\n        return self.stack\n",
        "import urllib.parse\n",
        "import inspect\ninspect.signature(add)\n",
        "class A:\n    def fork(self): ...\nA().fork()\n",
    ],
)
def test_no_flags(solution: str) -> None:
    assert flags(SOLUTION + solution) == set()


@pytest.mark.parametrize(
    ("test", "flagged"),
    [
        (TEST + USES, True),
        (TEST + "class TestA:\n    def test_a(self): ...\n    def test_a(self): ...\n", True),
        (TEST + "class TestA:\n    def test_add(self):\n        add(1, 2)\n", False),
        (TEST + "def helper(): ...\ndef helper(): ...\n", False),
    ],
)
def test_duplicate_names(test: str, flagged: bool) -> None:
    assert ("duplicate_test_names" in flags(SOLUTION, test)) is flagged


@pytest.mark.parametrize(
    ("solution", "test", "flagged"),
    [
        ("def abs(x):\n    return 0\n", "from solution import *\nassert abs(f(1) - 3) < 1\n", True),
        ("def abs(x):\n    return 0\n", "from solution import *\nassert f(1) == 3\n", False),
        ("def abs(x):\n    return 0\n", "from solution import abs\nassert abs(-1) == 1\n", False),
        ("pytest = object()\n", "import pytest\nfrom solution import *\npytest.raises\n", True),
        ("pytest = object()\n", "from solution import *\nimport pytest\npytest.raises\n", False),
        ("import math\n", "import math\nfrom solution import *\nmath.pi\n", False),
    ],
)
def test_names_hidden_by_a_whole_import(solution: str, test: str, flagged: bool) -> None:
    assert ("shadows_names" in flags(solution, test)) is flagged


@pytest.mark.parametrize(
    ("solution", "test", "flagged"),
    [
        ("def test_b(): ...\n", "from solution import *\n", True),
        ("def setup_function(f): ...\n", "from solution import *\n", True),
        ("pytestmark = pytest.mark.skip\n", "from solution import *\n", True),
        ("def test_b(): ...\n", "from solution import add\n", False),
        ("def attest(): ...\n", "from solution import *\n", False),
    ],
)
def test_names_that_pytest_acts_on(solution: str, test: str, flagged: bool) -> None:
    assert ("brings_tests" in flags(solution + SOLUTION, test + USES)) is flagged


def test_every_flag_is_in_the_table() -> None:
    given = {flag for table in (rules._BY_IMPORT, rules._BY_NAME) for flag in table}
    given |= {*rules._BY_MEMBER.values(), *rules._CALLED.values()}
    assert given <= set(rules.FLAGS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\0",
        "\ud800 = 1",
        "def (",
        "(" * 10_000,
        "-" * 100_000 + "1",
        "x" * 2_000_000,
        "if x: pass\n" + "elif x: pass\n" * 900,
        "x = " + "a + " * 5_000 + "a\n",
        "x = " + "a." * 20_000 + "a\n",
        "".join(f"def f{i}(): return f{i + 1}()\n" for i in range(500)),
        "class A(A): pass\nclass B(C): pass\nclass C(B):\n    def __eq__(self): return True\n",
        "class A:\n    def __eq__(): return True\n",
        "type T = int\n",
    ],
)
def test_no_text_makes_it_raise(text: str) -> None:
    for solution, test in ((text, TEST), (SOLUTION, text), (text, text), (text, TEST + text)):
        findings = rules.read(solution, test)
        assert findings.flags == tuple(sorted(set(findings.flags) & rules.FLAGS.keys()))


def test_random_text() -> None:
    chance = random.Random(1)
    words = (TEST + SOLUTION + method("__eq__", "return True", "(int)")).split(" ")
    for _ in range(500):
        text = " ".join(chance.choices(words, k=chance.randrange(30)))
        rules.read(text, "from solution import add\n" + text)


@pytest.mark.skipif(not SHARED.exists(), reason="no samples here")
def test_shared_samples() -> None:
    spoilt = {
        folder.name: findings.spoilt[:2]
        for folder in sorted((SHARED / "hostile").iterdir())
        if (
            findings := rules.read(
                (folder / "solution.py").read_text(), (folder / "test_solution.py").read_text()
            )
        ).spoilt
    }
    assert not [name for name in spoilt if name.startswith("h")]
    assert spoilt["q07_reimplements_solution"] == ("vacuous", "solution_not_imported")
    assert spoilt["q08_import_then_shadow"] == ("vacuous", "solution_rebound")
    assert spoilt["q09_import_fallback"] == ("vacuous", "solution_rebound")
    assert spoilt["v22_mock_any"] == ("tampered", "lying_comparison")
    assert spoilt["v55_pytest_plugins_var"] == ("tampered", "pytest_plugins")


def test_who_looks_at_live_objects_and_leaves_could_have_reported() -> None:
    both = "import gc, os\n" + SOLUTION + "\ndef leave():\n    gc.get_objects()\n    os._exit(0)\n"
    spoilt = rules.read(both, TEST).spoilt
    assert spoilt is not None
    assert spoilt[:2] == ("tampered", "reaches_report")
    assert (
        rules.read(both.replace("gc.get_objects()", "pass").replace("gc, ", ""), TEST).spoilt
        is None
    )
