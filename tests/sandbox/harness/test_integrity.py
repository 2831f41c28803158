import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
SHARED = REPOSITORY / ".." / "shared"

SCRIPT = """\
import json, os, sys
from pathlib import Path
from kodgen.sandbox.harness import integrity
from kodgen.sandbox.harness.reporter import Reporter
from kodgen.sandbox.harness.session import Runner
from kodgen.sandbox.harness.settings import Layout

folder, how = sys.argv[1:]
if how == "slow":
    integrity.readable = lambda: False
runner = Runner(Layout(folder, folder, folder), Reporter())
snapshot = integrity.Snapshot()
snapshot.watch(runner.config)
write, say, leave = os.write, repr, os._exit
for solution, test in json.load(sys.stdin):
    reading, writing = os.pipe()
    if not os.fork():
        Path(folder, "solution.py").write_text(solution)
        Path(folder, "test_solution.py").write_text(test)
        sys.stdout = sys.stderr
        try:
            runner.run()
        except BaseException:
            pass
        write(writing, say(snapshot.changed()).encode())
        leave(0)
    os.close(writing)
    os.wait()
    print(os.read(reading, 65536).decode())
"""

TEST = """\
import unittest
import pytest
from solution import add

def test_add():
    assert add(1, 2) == 3

def test_raises():
    with pytest.raises(TypeError):
        add(1, None)
    assert add(0.1, 0.2) == pytest.approx(0.3)

class TestUnit(unittest.TestCase):
    def test_equal(self):
        self.assertEqual(add(1, 1), 2)
"""
ADD = "def add(a, b):\n    return a + b\n"
ATTACKS = {
    # name: (what is seen, what the solution does)
    "report": (
        "_pytest.reports.TestReport.from_item_and_call",
        (
            "import _pytest.reports as r\n"
            "made = r.TestReport.from_item_and_call.__func__\n"
            "def forged(cls, item, call):\n"
            "    report = made(cls, item, call)\n    report.outcome = 'passed'\n    return report\n"
            "r.TestReport.from_item_and_call = classmethod(forged)\n"
        ),
    ),
    "runtest": (
        "_pytest.python.Function.runtest",
        "import pytest\npytest.Function.runtest = lambda self: None\n",
    ),
    "plugin": (
        "plugins.",
        (
            "import sys\nframe = sys._getframe()\n"
            "while 'config' not in frame.f_locals: frame = frame.f_back\n"
            "class Evil:\n    def pytest_runtest_logreport(self, report): pass\n"
            "frame.f_locals['config'].pluginmanager.register(Evil())\n"
        ),
    ),
    "implementations": (
        "hooks.pytest_runtest_logreport",
        (
            "import gc\n"
            "from pluggy import HookCaller\n"
            "for one in gc.get_objects():\n"
            "    if isinstance(one, HookCaller) and one.name == 'pytest_runtest_logreport':\n"
            "        one._hookimpls.clear()\n"
        ),
    ),
    "hook": (
        "hooks.pytest_runtest_makereport",
        (
            "import gc\n"
            "from pluggy import HookRelay\n"
            "for one in gc.get_objects():\n"
            "    if isinstance(one, HookRelay): one.pytest_runtest_makereport = lambda **k: None\n"
        ),
    ),
    "multicall": (
        "pluginmanager._inner_hookexec",
        (
            "import gc\nfrom _pytest.config import PytestPluginManager\n"
            "for one in gc.get_objects():\n"
            "    if isinstance(one, PytestPluginManager): one._inner_hookexec = lambda *a: None\n"
        ),
    ),
    "raises": ("pytest.raises", "import pytest\npytest.raises = lambda *a, **k: None\n"),
    "raises inside": (
        "_pytest.raises.RaisesExc.__exit__",
        "import _pytest.raises as r\nr.RaisesExc.__exit__ = lambda *a: True\n",
    ),
    "approx": ("pytest.approx", "import pytest\npytest.approx = lambda *a, **k: None\n"),
    "isclose": ("math.isclose", "import math\nmath.isclose = lambda *a, **k: True\n"),
    "all": ("builtins.all", "import builtins\nbuiltins.all = lambda x: True\n"),
    "sorted": ("builtins.sorted", "import builtins\nbuiltins.sorted = lambda x, **k: x\n"),
    "abs": ("builtins.abs", "import builtins\nvars(builtins)['abs'] = lambda x: 0\n"),
    "everything the check calls": (
        "builtins.all",
        (
            "import builtins\n"
            "for name in ('all', 'map', 'len', 'zip', 'enumerate', 'dict', 'set', 'bytes', 'tuple'):\n"
            "    setattr(builtins, name, lambda *a, **k: True)\n"
        ),
    ),
    "equal": (
        "unittest.case.TestCase.assertEqual",
        "import unittest\nunittest.TestCase.assertEqual = lambda *a, **k: None\n",
    ),
    "assertion": (
        "builtins.AssertionError",
        "import builtins, unittest\nbuiltins.AssertionError = unittest.SkipTest\n",
    ),
    "module": (
        "sys.modules.pytest",
        (
            "import sys, types\nfake = types.ModuleType('pytest')\nfake.raises = None\n"
            "sys.modules['pytest'] = fake\n"
        ),
    ),
    "deleted": ("builtins.sum", "import builtins\ndel builtins.sum\n"),
    "operator": ("operator.eq", "import operator\noperator.eq = lambda a, b: True\n"),
    "clock": ("time.perf_counter", "import time\ntime.perf_counter = lambda: 0\n"),
    "json": (
        "json.encoder.JSONEncoder.encode",
        "import json\njson.JSONEncoder.encode = lambda self, o: '{}'\n",
    ),
    "harness": (
        "kodgen.sandbox.harness.reporter.Reporter._send",
        "import sys\nsys.modules['kodgen.sandbox.harness.reporter'].Reporter._send = print\n",
    ),
    "harness's object": (
        "",
        (
            "import gc\nfrom kodgen.sandbox.harness.reporter import Reporter\n"
            "for one in gc.get_objects():\n"
            "    if isinstance(one, Reporter): one._send = lambda *a, **k: None\n"
        ),
    ),
    "code": (
        "_pytest.runner.runtestprotocol()",
        (
            "import _pytest.runner as r\n"
            "r.runtestprotocol.__code__ = (lambda item, log=True, nextitem=None: []).__code__\n"
        ),
    ),
    "code of a class method": (
        "_pytest.reports.TestReport.from_item_and_call()",
        (
            "import _pytest.reports as r\n"
            "function = r.TestReport.from_item_and_call.__func__\n"
            "function.__code__ = (lambda cls, item, call: None).__code__\n"
        ),
    ),
    "defaults": (
        "unittest.case.TestCase.assertAlmostEqual()",
        ("import unittest\nunittest.TestCase.assertAlmostEqual.__defaults__ = (None, None, 1e9)\n"),
    ),
    "hidden builtin": (
        "_pytest.runner.isinstance",
        "import _pytest.runner\n_pytest.runner.isinstance = lambda *a: False\n",
    ),
    "hidden method": (
        "_pytest.python.Function.__getattribute__",
        (
            "import pytest\n"
            "pytest.Function.__getattribute__ = lambda self, n: object.__getattribute__(self, n)\n"
        ),
    ),
    "equal to what it replaces": (
        "builtins.any",
        (
            "import builtins\nclass Any:\n    def __eq__(self, o): return True\n"
            "    def __call__(self, *a): return True\nbuiltins.any = Any()\n"
        ),
    ),
}
HONEST = {
    "nothing": (ADD, TEST),
    "a failure": ("def add(a, b):\n    return 0\n", TEST),
    "input, print and open replaced": (
        ADD,
        TEST + "import builtins, io, sys\nbuiltins.input = lambda *a: '1'\n"
        "builtins.print = lambda *a: None\nsys.stdout = io.StringIO()\nsys.stdin = io.StringIO()\n",
    ),
    "patches that are undone": (
        ADD,
        TEST + "from unittest import mock\nimport time, math, builtins\n"
        "def test_patch(monkeypatch):\n    monkeypatch.setattr(builtins, 'len', lambda x: 1)\n"
        "    monkeypatch.setattr(time, 'time', lambda: 0)\n    assert add(1, 2) == 3\n"
        "@mock.patch('math.isclose')\n@mock.patch.object(unittest.TestCase, 'fail')\n"
        "def test_mock(a, b):\n    with mock.patch('builtins.sorted'):\n        assert add(1, 2) == 3\n",
    ),
    "fixtures": (
        ADD,
        TEST + "def test_f(tmp_path, capsys, caplog, recwarn, request, tmp_path_factory):\n"
        "    print(add(1, 2))\n    assert capsys.readouterr().out == '3\\n'\n"
        "@pytest.fixture(scope='module', params=[1, 2], autouse=True)\ndef some(request):\n"
        "    yield request.param\n",
    ),
    "late imports": (
        "import asyncio, email.message, decimal, sqlite3, concurrent.futures\n" + ADD,
        TEST + "import logging, xml.dom.minidom, doctest, http.client\n"
        "xml = pytest.importorskip('xml.etree')\n",
    ),
    "names added": (
        "import builtins, math, gettext\nbuiltins.profile = lambda f: f\nmath.tau2 = 1\n"
        "gettext.install('x')\n" + ADD,
        TEST + "unittest.TestCase.assertItemsEqual = unittest.TestCase.assertCountEqual\n",
    ),
    "an async test, subtests, classes": (
        ADD,
        TEST + "class TestA:\n    def setup_method(self): self.n = 1\n"
        "    def test_a(self): assert add(self.n, 1) == 2\n"
        "class TestS(unittest.IsolatedAsyncioTestCase):\n    async def test_s(self):\n"
        "        with self.subTest(n=1):\n            self.assertEqual(add(1, 1), 2)\n",
    ),
    "warnings, parameters and marks": (
        ADD,
        TEST + "import warnings\n@pytest.mark.parametrize('a', range(5))\n"
        "@pytest.mark.filterwarnings('ignore')\ndef test_w(a):\n"
        "    with pytest.warns(UserWarning):\n        warnings.warn('x')\n"
        "@pytest.mark.skipif(True, reason='x')\ndef test_skipped(): ...\n"
        "@pytest.mark.xfail\ndef test_x(): assert False\n",
    ),
    "a recursion error, an exit": (
        "def add(a, b):\n    return add(b, a)\n",
        TEST + "def test_exit():\n    with pytest.raises(SystemExit):\n        exit(1)\n",
    ),
}


def changed(folder: Path, pairs: list[tuple[str, str]], how: str = "quick") -> list[list[str]]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder), how],
        input=json.dumps(pairs),
        env={"PYTHONPATH": str(REPOSITORY), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return [ast.literal_eval(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("how", ["quick", "slow"])
def test_attacks_are_named(tmp_path: Path, how: str) -> None:
    pairs = [(text + ADD, TEST) for _, text in ATTACKS.values()]
    seen = dict(zip(ATTACKS, changed(tmp_path, pairs, how), strict=True))
    missed = {
        name: seen[name]
        for name, (expected, _) in ATTACKS.items()
        if not any(one.startswith(expected) for one in seen[name])
    }
    assert not missed


@pytest.mark.parametrize("how", ["quick", "slow"])
def test_a_plugin_named_by_the_test(tmp_path: Path, how: str) -> None:
    solution = "def pytest_runtest_logreport(report): pass\n" + ADD
    ((*names,),) = changed(tmp_path, [(solution, "pytest_plugins = ['solution']\n" + TEST)], how)
    assert "plugins.solution" in names
    assert "hooks.pytest_runtest_logreport" in names


@pytest.mark.parametrize("how", ["quick", "slow"])
def test_honest_pairs_change_nothing(tmp_path: Path, how: str) -> None:
    seen = dict(zip(HONEST, changed(tmp_path, list(HONEST.values()), how), strict=True))
    assert not {name: names for name, names in seen.items() if names}
