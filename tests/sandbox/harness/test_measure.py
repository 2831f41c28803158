import importlib
import inspect
import json
import subprocess
import sys
import traceback
import warnings
from pathlib import Path

import pytest

from kodgen.sandbox.harness.measure import Coverage
from tests.sandbox.harness.programs import Writer
from tests.sandbox.harness.reference import constructs, importable, ours, theirs, use

CONSTRUCTS = constructs()
RECORDED = Path(__file__).resolve().parents[3] / ".." / "shared" / "recorded"
COMPARE = Path(__file__).with_name("compare_recorded.py")


@pytest.fixture(autouse=True)
def quiet():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("solution") / "solution.py"


@pytest.fixture(scope="module")
def measured(place):
    return Coverage(str(place))


@pytest.fixture
def path(place):
    place.unlink(missing_ok=True)
    return place


@pytest.mark.parametrize("name", sorted(CONSTRUCTS))
def test_numbers_are_those_of_coverage_py(name, path, measured):
    path.write_bytes(CONSTRUCTS[name].encode())
    expected = theirs(path)
    assert expected is not None
    assert ours(path, measured) == expected


@pytest.mark.parametrize("seed", range(0, 30, 10))
def test_numbers_of_random_programs_are_those_of_coverage_py(seed, path, measured):
    for each in range(seed, seed + 10):
        path.write_text(Writer(each).program())
        assert ours(path, measured) == theirs(path), each


@pytest.mark.thorough
@pytest.mark.skipif(not RECORDED.exists(), reason="no recorded trials here")
def test_numbers_of_recorded_pairs_are_those_of_coverage_py():
    command = [sys.executable, str(COMPARE), str(RECORDED), "--every", "40"]
    told = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    report = json.loads(told.stdout)
    assert report["same"] >= 15
    assert report["differ"] == []


@pytest.mark.parametrize(
    "text", ["def f(:\n", "return 1\n", "nonlocal x\n", "x = 1\0\n", "(" * 300]
)
def test_what_is_not_python_has_no_coverage(text, path, measured):
    path.write_text(text)
    assert ours(path, measured) is None
    with importable(path), pytest.raises((SyntaxError, ValueError, MemoryError)) as without:
        importlib.import_module("solution")
    measured.start()
    try:
        with importable(path), pytest.raises(without.type) as with_it:
            importlib.import_module("solution")
    finally:
        measured.stop()
    assert str(with_it.value) == str(without.value)


def test_what_is_never_imported_has_statements_that_did_not_run(path, measured):
    path.write_text("from __future__ import annotations\nx = 1\n")
    assert ours(path, measured, lambda _: None) == (0, 2)


def test_what_is_not_there_has_no_coverage_and_is_not_found(path, measured):
    def drive(path: Path) -> None:
        with importable(path), pytest.raises(ModuleNotFoundError) as caught:
            importlib.import_module("solution")
        assert caught.value.name == "solution"

    assert ours(path, measured, drive) is None


def test_threads_are_measured_however_started(path, measured):
    path.write_text(
        "import _thread, time\ndone = []\ndef work():\n    x = 1\n    done.append(x)\n"
        "def run():\n    _thread.start_new_thread(work, ())\n"
        "    while not done: time.sleep(0.001)\n"
    )
    assert ours(path, measured) == (8, 8)


def test_several_imports_add_up(path, measured):
    path.write_text("import os\nif 'SECOND' in os.environ:\n    x = 1\nelse:\n    x = 2\n")

    def drive(path: Path) -> None:
        with importable(path), pytest.MonkeyPatch.context() as patch:
            module = importlib.import_module("solution")
            patch.setenv("SECOND", "1")
            importlib.reload(module)
            assert module.x == 1

    assert ours(path, measured, drive) == (4, 4)


def test_each_measurement_begins_anew(path, measured):
    path.write_text("def run():\n    return 1\n")
    assert ours(path, measured) == (2, 2)
    path.write_text("def other():\n    return 1\n")
    assert ours(path, measured) == (1, 2)
    assert measured not in sys.meta_path


def test_a_solution_that_switches_tracing_off_is_measured(path, measured):
    path.write_text("import sys\nsys.settrace(None)\ndef run():\n    x = 1\n    return x\n")
    before = sys.gettrace()
    assert ours(path, measured) == (5, 5)
    sys.settrace(before)


def test_a_solution_that_empties_the_finders_is_measured(path, measured):
    path.write_text("import sys\nkept = sys.meta_path[:]\nsys.meta_path.clear()\nx = 1\n")
    kept = sys.meta_path[:]
    try:
        assert ours(path, measured) == (4, 4)
    finally:
        sys.meta_path[:] = kept


def test_a_solution_that_meddles_only_harms_its_own_numbers(path, measured):
    path.write_text(
        "def run():\n"
        "    for constant in run.__code__.co_consts:\n"
        "        for name in dir(constant):\n"
        "            try: delattr(constant, name)\n"
        "            except Exception: pass\n"
        "    return 1\n"
    )
    told = ours(path, measured)
    assert told is None or told[1] == 6


def test_nothing_shows_in_the_module(path, measured):
    path.write_text(
        '"""Doc."""\ndef run(n):\n    """Doc of run."""\n    return n\nclass C:\n    x = 1\n'
    )

    def drive(path: Path) -> None:
        with importable(path):
            module = importlib.import_module("solution")
            assert {name for name in vars(module) if not name.startswith("__")} == {"run", "C"}
            assert {name for name in vars(module.C) if not name.startswith("__")} == {"x"}
            assert (module.__doc__, module.run.__doc__) == ("Doc.", "Doc of run.")
            assert inspect.getsource(module.run) == "".join(path.read_text().splitlines(True)[1:4])
            assert module.__file__ == str(path)
            assert hash(module.run.__code__)
            assert module.run.__code__.co_varnames == ("n",)
            assert module.run.__code__.co_freevars == ()

    assert ours(path, measured, drive) == (3, 4)


def test_tracebacks_name_the_same_lines(path, measured):
    path.write_text(
        "def d(f):\n    return f\ndef run():\n    @d\n    @(\n        missing)\n    def g(): pass\n"
        "def run2():\n    try:\n        1 / 0\n    except missing:\n        pass\n"
        "def run3():\n    match missing:\n        case 1: pass\n"
    )
    found: list[list[int]] = []

    def drive(path: Path) -> None:
        found.append([])
        with importable(path):
            module = importlib.import_module("solution")
            for name in ("run", "run2", "run3"):
                with pytest.raises(NameError) as caught:
                    vars(module)[name]()
                found[-1] += [f.lineno or 0 for f in traceback.extract_tb(caught.tb)][1:]

    drive(path)
    assert ours(path, measured, drive) is not None
    assert found[0] == found[1]


def test_recursion_goes_as_deep(path, measured):
    path.write_text(
        "def depth(n=0):\n    try:\n        return depth(n + 1)\n    except RecursionError:\n        return n\n"
    )
    depths: list[int] = []

    def drive(path: Path) -> None:
        with importable(path):
            depths.append(importlib.import_module("solution").depth())

    def unmeasured() -> None:
        drive(path)

    unmeasured()
    ours(path, measured, drive)
    assert depths[0] == depths[1]


def test_other_code_is_not_traced(path, measured):
    path.write_text("def run():\n    return 1\n")
    traced: list[object] = []

    def drive(path: Path) -> None:
        traced.append(sys.gettrace())
        use(path)

    before = sys.gettrace()
    assert ours(path, measured, drive) == (2, 2)
    assert traced == [before]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="needs sys.monitoring")
def test_without_a_free_tool_there_is_no_coverage(path):
    path.write_text("def run():\n    return 1\n")
    taken = [number for number in (3, 4) if sys.monitoring.get_tool(number) is None]
    for number in taken:
        sys.monitoring.use_tool_id(number, "other")
    try:
        assert ours(path, Coverage(str(path))) is None
    finally:
        for number in taken:
            sys.monitoring.free_tool_id(number)
