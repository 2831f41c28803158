import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
RECORDED = REPOSITORY.parent / "shared" / "recorded"
HOSTILE = REPOSITORY.parent / "shared" / "hostile"

SCRIPT = """\
import json, os, signal, sys, tempfile
from pathlib import Path
import pytest
from kodgen.sandbox.harness import variants
from kodgen.sandbox.harness.probe import Hook

class Watcher:
    def __init__(self, hook):
        self.hook, self.seen, self.outcomes = hook, {}, {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item):
        self.hook.begin()

    def pytest_runtest_logreport(self, report):
        name = report.nodeid.split("::", 1)[1]
        if report.when == "call":
            hook = self.hook
            if self.seen.get(name, ["passed"])[0] == "failed":
                return  # a part of it failed, which is reported before the whole
            self.seen[name] = [report.outcome, hook.entered, hook.reached, hook.lied, hook.failed]
            self.seen[name].append("Refused" in str(report.longrepr))
        elif report.outcome != "passed":
            self.seen[name] = [report.outcome, *[False] * 5]

def run(folder, kind):
    hook = Hook()
    watcher = Watcher(hook)
    if kind != "tests":
        variants.install(folder, kind, hook)
    fixed = ["-p", "no:cacheprovider", "-p", "no:terminal", "-c", "/dev/null", "--noconftest"]
    fixed += ["--assert=plain", "--rootdir", folder]
    code = pytest.main([*fixed, folder + "/test_solution.py"], plugins=[watcher])
    return {"code": int(code), "tests": watcher.seen}

def forked(folder, kind):
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        null = os.open("/dev/null", os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(null, 1)
        signal.alarm(10)
        os.chdir(folder)
        os.write(theirs, json.dumps(run(folder, kind)).encode())
        os._exit(0)
    os.close(theirs)
    with open(ours) as told:
        text = told.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else {"code": -1, "tests": {}}

def write(folder, solution, test):
    Path(folder, "solution.py").write_text(solution)
    Path(folder, "test_solution.py").write_text(test)

# Once before any fork: what pytest imports late is then imported in none.
with tempfile.TemporaryDirectory() as folder:
    write(folder, "", "def test_a():\\n    assert False\\n")
    said = os.dup(1)
    os.dup2(os.open("/dev/null", os.O_WRONLY), 1)
    run(folder, "tests")
    os.dup2(said, 1)
    del sys.modules["test_solution"]
    sys.path.remove(folder)

kinds = sys.argv[1:]
for line in sys.stdin:
    solution, test = json.loads(line)
    with tempfile.TemporaryDirectory() as folder:
        write(folder, solution, test)
        told = {kind: forked(folder, kind) for kind in kinds}
        told["left"] = sorted(path.name for path in Path(folder).iterdir())
        print(json.dumps(told), flush=True)
"""

Told = dict[str, Any]


KINDS = ("tests", "control", "stub_raise", "stub_none")


def in_kinds(
    pairs: list[tuple[str, str]], tmp_path: Path, kinds: tuple[str, ...] = KINDS
) -> list[Told]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *kinds],
        input="".join(json.dumps(pair) + "\n" for pair in pairs),
        env={
            "PYTHONPATH": str(REPOSITORY),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PATH": "/usr/bin:/bin",
            "TMPDIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) == len(pairs), done.stderr
    return told


def passes(run: Told) -> bool:
    return run["code"] == 0 and all(seen[0] == "passed" for seen in run["tests"].values())


SOLUTION = "import math\n\ndef add(a, b):\n    return a + b\n"
TEST = """\
import unittest
import pytest
from solution import *

@pytest.fixture
def one():
    return 1

@pytest.mark.parametrize("n", [1, 2])
def test_add(n, one):
    assert add(n, one) == n + 1

def test_where():
    with pytest.raises(TypeError) as caught:
        add(1, "a")
    import linecache, traceback
    frames = traceback.extract_tb(caught.value.__traceback__)
    assert [frame.lineno for frame in frames][-2:] == [15, 4]
    assert [frame.line for frame in frames][-2:] == ['add(1, "a")', "return a + b"]
    assert __file__.endswith("test_solution.py")

class TestUnit(unittest.TestCase):
    def test_parts(self):
        for n in (1, 2):
            with self.subTest(n=n):
                self.assertEqual(add(n, 1), n + 1)
"""


def test_an_honest_pair_under_pytest(tmp_path: Path) -> None:
    (told,) = in_kinds([(SOLUTION, TEST)], tmp_path)
    names = {"test_add[1]", "test_add[2]", "test_where", "TestUnit::test_parts"}
    for run in (told["tests"], told["control"]):
        assert set(run["tests"]) == names
    assert passes(told["tests"])
    for seen in told["control"]["tests"].values():
        assert seen == ["failed", True, True, False, True, True]
    assert all(seen[0] == "failed" for seen in told["stub_raise"]["tests"].values())
    assert all(
        seen[0] == "failed"
        for name, seen in told["stub_none"]["tests"].items()
        if name != "TestUnit::test_parts"
    )
    assert told["left"] == ["solution.py", "test_solution.py"]


def test_a_file_that_calls_its_tests_is_collected(tmp_path: Path) -> None:
    test = "from solution import add\ndef test_add():\n    assert add(1, 2) == 3\ntest_add()\n"
    (told,) = in_kinds([(SOLUTION, test)], tmp_path, ("control",))
    assert told["control"]["tests"] == {"test_add": ["failed", True, True, False, True, True]}


def test_a_false_report_shows(tmp_path: Path) -> None:
    patched = """\
import _pytest.reports as R
old = R.TestReport.from_item_and_call.__func__
def new(cls, item, call):
    report = old(cls, item, call)
    report.outcome, report.longrepr = "passed", None
    return report
R.TestReport.from_item_and_call = classmethod(new)
def add(a, b): return 0
"""
    skipping = """\
import _pytest.python as P
P.Function.runtest = lambda self: None
def add(a, b): return 0
"""
    test = "from solution import add\ndef test_add():\n    assert add(1, 2) == 3\n"
    first, second = in_kinds([(patched, test), (skipping, test)], tmp_path)
    assert first["control"]["tests"]["test_add"] == ["passed", True, True, False, True, False]
    assert second["control"]["tests"]["test_add"] == ["passed", *[False] * 5]


def test_a_file_that_cannot_be_compiled_or_found(tmp_path: Path) -> None:
    test = "from solution import add\ndef test_add():\n    assert add(1, 2) == 3\n"
    (told,) = in_kinds([("def add(:\n", test)], tmp_path)
    for kind in KINDS:
        assert told[kind]["code"] == 2
    (told,) = in_kinds([(SOLUTION, "def test_(:\n")], tmp_path)
    for kind in KINDS:
        assert told[kind]["code"] == 2


WORTHLESS = {
    "no check": "def test_add():\n    add(1, 2)",
    "swallows": "def test_add():\n    try:\n        assert add(1, 2) == 3\n    except Exception:\n        pass",
    "written anew": "def add(a, b):\n    return a + b\ndef test_add():\n    assert add(1, 2) == 3",
    "tuple": "def test_add():\n    assert (add(1, 2) == 3, 'sum')",
    "tautology": "def test_add():\n    assert add(1, 2) == add(1, 2)",
    "returned": "def test_add():\n    return add(1, 2) == 3",
    "expects anything": "import pytest\ndef test_add():\n    with pytest.raises(Exception):\n        add('a', 1)",
    "callable": "def test_add():\n    assert callable(add)",
}


def test_a_worthless_test_fails_its_control_run_or_passes_with_a_stub(tmp_path: Path) -> None:
    wrong = "def add(a, b):\n    return a - b - 1\n"
    pairs = [(wrong, f"from solution import add\n{test}\n") for test in WORTHLESS.values()]
    for name, told in zip(WORTHLESS, in_kinds(pairs, tmp_path), strict=True):
        control = told["control"]
        (seen,) = control["tests"].values()
        unreached = passes(control) and not seen[2]
        assert passes(told["tests"]), name
        assert unreached or not passes(control), name
        assert unreached or passes(told["stub_raise"]) or passes(told["stub_none"]), name


@pytest.mark.skipif(not HOSTILE.is_dir(), reason="needs the shared samples")
def test_samples_of_honest_pairs_and_lies(tmp_path: Path) -> None:
    tried = {"h06", "h07", "h08", "h09", "h13", "v20", "v21", "v22", "v23", "v33"}
    folders = [path for path in sorted(HOSTILE.iterdir()) if path.name[:3] in tried]
    pairs = [
        ((path / "solution.py").read_text(), (path / "test_solution.py").read_text())
        for path in folders
    ]
    several = in_kinds(pairs, tmp_path, ("tests", "control"))
    for path, told in zip(folders, several, strict=True):
        lies = path.name.startswith("v")
        assert passes(told["tests"]), path.name
        assert passes(told["control"]) == lies, path.name
        for seen in told["control"]["tests"].values():
            assert seen[1:4] == [True, True, lies], path.name


@pytest.mark.skipif(not RECORDED.is_dir(), reason="needs the recorded pairs")
def test_recorded_pairs_fail_their_control_run(tmp_path: Path) -> None:
    text = (RECORDED / "algorithm" / "reasoning.jsonl").read_text()
    rows = [json.loads(line) for line in text.splitlines()]
    passed = [row for row in rows if row["upstream_verdict"] == "Pass"]
    pairs = [(row["solution"], "from solution import *\n\n" + row["test"]) for row in passed[::5]]
    told = in_kinds(pairs, tmp_path, ("tests", "control"))
    kept = [one for one in told if one["tests"]["tests"] and passes(one["tests"])]
    assert len(kept) >= 10
    for one in kept:
        seen = one["control"]["tests"].values()
        assert not any(lied for _, _, _, lied, _, _ in seen)
        assert all(outcome == "failed" for outcome, _, reached, _, _, _ in seen if reached)
        assert any(reached for _, _, reached, _, _, _ in seen)
