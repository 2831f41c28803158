import asyncio
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from kodgen import config
from kodgen.records import Verdict
from kodgen.sandbox import Sandbox
from kodgen.sandbox.forkserver import Order
from kodgen.sandbox.transcript import Transcript
from kodgen.sandbox.verdict import Ending
from tests.processes import descendants, named

ADD = "def add(a, b):\n    return a + b\n"
WRONG = "def add(a, b):\n    return a - b\n"
TEST = "from solution import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n"
LEFTOVER = "kodgen-left"
NAMED_CHILD = f"""\
import ctypes, os, time

def add(a, b):
    if os.fork() == 0:
        os.setsid()
        ctypes.CDLL(None).prctl(15, b"{LEFTOVER}", 0, 0, 0)
        time.sleep(600)
    time.sleep({{}})
    return a + b
"""
NAMED = (
    f"import ctypes, time\nctypes.CDLL(None).prctl(15, b'{LEFTOVER}', 0, 0, 0)\n"
    f"time.sleep(1)\n{ADD}"
)


def gone(name: str, seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while named(name) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not named(name)


def seen(verdict: Verdict) -> tuple[str, str]:
    return verdict.outcome, verdict.reason


def said(verdict: Verdict) -> str:
    assert verdict.observed is not None
    return verdict.observed.message


def test_an_honest_pair_passes(bench: Any) -> None:
    verdict = bench.run(ADD, TEST)
    assert verdict.passed
    assert verdict.coverage == 100.0
    assert verdict.isolation == "namespaces"
    assert [(test.name, test.outcome) for test in verdict.tests] == [("test_add", "passed")]
    assert verdict.observed is not None
    assert 0 < verdict.observed.cpu_seconds < 1
    assert verdict.observed.peak_memory_bytes > 2**20


HONEST = {
    "parameters": (
        ADD,
        (
            "import pytest\nfrom solution import *\n"
            "@pytest.mark.parametrize('a,b', [(1, 2), (0, 3)])\n"
            "def test_add(a, b):\n    assert add(a, b) == 3\n"
        ),
    ),
    "unittest": (
        ADD,
        (
            "import unittest\nfrom solution import add\n"
            "class Sums(unittest.TestCase):\n"
            "    def test_add(self):\n        self.assertEqual(add(1, 2), 3)\n"
            "if __name__ == '__main__':\n    unittest.main()\n"
        ),
    ),
    "classes": (
        ADD,
        (
            "import solution\nclass TestAdd:\n    def setup_method(self):\n        self.one = 1\n"
            "    def test_add(self):\n        assert solution.add(self.one, 2) == 3\n"
        ),
    ),
    "fixtures": (
        ADD,
        (
            "import pytest\nfrom solution import add\n@pytest.fixture\ndef test_data():\n    return 1\n"
            "def test_add(test_data, tmp_path, capsys, monkeypatch):\n"
            "    print(add(test_data, 2))\n    assert capsys.readouterr().out == '3\\n'\n"
            "    (tmp_path / 'a').write_text('x')\n"
        ),
    ),
    "captured file descriptors": (
        "import os\ndef shout():\n    os.write(1, b'x')\n",
        (
            "from solution import shout\ndef test_shout(capfd):\n"
            "    shout()\n    assert capfd.readouterr().out == 'x'\n"
        ),
    ),
    "threads": (
        (
            "from concurrent.futures import ThreadPoolExecutor\n"
            "def total(n):\n    with ThreadPoolExecutor(8) as pool:\n"
            "        return sum(pool.map(abs, range(n)))\n"
        ),
        "from solution import total\ndef test_total():\n    assert total(100) == 4950\n",
    ),
    "processes": (
        (
            "from multiprocessing import get_context\ndef double(values):\n"
            "    with get_context('fork').Pool(2) as pool:\n        return pool.map(abs, values)\n"
        ),
        "from solution import double\ndef test_double():\n    assert double([-1, 2]) == [1, 2]\n",
    ),
    "asyncio": (
        "import asyncio\nasync def later():\n    await asyncio.sleep(0.01)\n    return 3\n",
        (
            "import asyncio\nfrom solution import later\n"
            "def test_later():\n    assert asyncio.run(later()) == 3\n"
        ),
    ),
    "exits that are expected": (
        "import sys\ndef leave():\n    sys.exit(2)\n",
        (
            "import pytest\nfrom solution import leave\n"
            "def test_leave():\n    with pytest.raises(SystemExit):\n        leave()\n"
        ),
    ),
    "files in the working directory": (
        "def save(text):\n    with open('notes.txt', 'w') as file:\n        file.write(text)\n",
        (
            "from solution import save\n"
            "def test_save():\n    save('a')\n    assert open('notes.txt').read() == 'a'\n"
        ),
    ),
    "deep recursion": (
        "def depth(n):\n    return n and 1 + depth(n - 1)\n",
        "from solution import depth\ndef test_depth():\n    assert depth(800) == 800\n",
    ),
    "a thread left running": (
        "import threading, time\nthreading.Thread(target=time.sleep, args=(600,)).start()\n" + ADD,
        TEST,
    ),
    "a module named as the harness has": ("import math\n" + ADD, "import server\n" + TEST),
}


@pytest.mark.parametrize("name", [name for name in HONEST if "harness" not in name])
def test_honest_code_of_many_kinds_passes(bench: Any, name: str) -> None:
    verdict = bench.run(*HONEST[name])
    assert seen(verdict) == ("passed", ""), said(verdict)


def test_nothing_of_the_harness_can_be_imported_by_a_plain_name(bench: Any) -> None:
    verdict = bench.run(*HONEST["a module named as the harness has"])
    assert seen(verdict) == ("error", "missing_dependency")


def test_a_long_parameter_id_is_cut(bench: Any) -> None:
    test = (
        "import pytest\nfrom solution import add\n"
        "@pytest.mark.parametrize('text', ['x' * 100_000, 'é' * 9])\n"
        "def test_add(text):\n    assert add(text, '') == text\n"
    )
    verdict = bench.run(ADD, test)
    assert verdict.passed
    assert len(verdict.tests[0].name) < 400
    assert verdict.tests[1].name == "test_add[" + r"\xe9" * 9 + "]"


def test_many_parameters(bench: Any) -> None:
    test = (
        "import pytest\nfrom solution import add\n"
        "@pytest.mark.parametrize('n', range(600))\ndef test_add(n):\n    assert add(n, 0) == n\n"
    )
    verdict = bench.run(ADD, test)
    assert verdict.passed
    assert [test.name for test in verdict.tests] == [f"test_add[{n}]" for n in range(600)]


def test_wrong_code_fails_and_says_where(bench: Any) -> None:
    verdict = bench.run(WRONG, TEST)
    assert seen(verdict) == ("failed", "assertion")
    assert verdict.tests[0].error == "AssertionError"
    assert said(verdict).startswith("test_solution.py:5: AssertionError")


def test_partial_coverage(bench: Any) -> None:
    solution = "def add(a, b):\n    if a:\n        return a + b\n    return b\n"
    assert bench.run(solution, TEST).coverage == 75.0


REJECTED = {
    "exception": ("def add(a, b):\n    raise KeyError(a)\n", TEST, "failed", "exception"),
    "memory error": ("def add(a, b):\n    return 'x' * 2**33\n", TEST, "failed", "exception"),
    "syntax of the solution": ("def add(a, b:\n", TEST, "error", "syntax_error"),
    "syntax of the test": (ADD, TEST + "    assert (\n", "error", "syntax_error"),
    "name missing in the solution": ("x = 1\n", TEST, "error", "import_error"),
    "dependency": ("import nowhere_to_be_found.x\n", TEST, "error", "missing_dependency"),
    "dependency at call time": (
        "def add(a, b):\n    import nowhere_to_be_found\n",
        TEST,
        "error",
        "missing_dependency",
    ),
    "failing module": ("x = 1 / 0\n", TEST, "error", "collection_error"),
    "unknown fixture": (ADD, TEST.replace("add()", "add(nothing)"), "error", "fixture_error"),
    "no test": (ADD, "from solution import add\n", "no_tests", "no_tests"),
    "empty": ("", "", "no_tests", "no_tests"),
    "skip": (ADD, TEST + "    import pytest; pytest.skip()\n", "skipped", "skipped"),
    "module skip": (
        ADD,
        "import pytest; pytest.skip(allow_module_level=True)\n" + TEST,
        "skipped",
        "module_skipped",
    ),
    "expected failure": (
        WRONG,
        "import pytest\n" + TEST.replace("def test", "@pytest.mark.xfail\ndef test"),
        "skipped",
        "skipped",
    ),
    "failed subtest": (
        ADD,
        (
            "import unittest\nfrom solution import add\nclass TestIt(unittest.TestCase):\n"
            "    def test_add(self):\n        with self.subTest():\n"
            "            self.assertEqual(add(1, 1), 3)\n"
        ),
        "failed",
        "assertion",
    ),
    "null byte": ("x = '\0'\n", TEST, "error", None),
    "lone surrogate": ("x = '\ud800'\n", TEST, "error", None),
    "endless loop": ("while True:\n    pass\n", TEST, "timeout", "cpu"),
    "endless loop that ignores its signal": (
        "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True:\n    pass\n",
        TEST,
        "timeout",
        "cpu",
    ),
    "segmentation fault": ("import ctypes\nctypes.string_at(0)\n", TEST, "crash", "signal"),
    "killing itself": ("import os\nos.kill(os.getpid(), 9)\n", TEST, "crash", "signal"),
    "too large a file": (
        "open('big', 'wb').truncate(2**40)\n",
        TEST,
        "error",
        None,
    ),
    "memory of many processes": (
        (
            "import os, time\nfor _ in range(4):\n    if os.fork() == 0:\n"
            "        block = bytearray(b'x') * (300 << 20)\n        time.sleep(60)\n"
            "time.sleep(60)\n"
        ),
        TEST,
        "oom",
        "memory",
    ),
}


@pytest.mark.parametrize("name", REJECTED)
def test_each_way_not_to_pass(bench: Any, name: str) -> None:
    solution, test, outcome, reason = REJECTED[name]
    verdict = bench.run(solution, test)
    assert verdict.outcome == outcome, verdict
    assert reason in {None, verdict.reason}
    assert len(said(verdict)) <= 2000


def test_who_sleeps_for_ever_is_stopped_by_the_clock(brief_bench: Any) -> None:
    verdict = brief_bench.run("import time\ntime.sleep(1e6)\n", TEST)
    assert seen(verdict) == ("timeout", "wall"), verdict


FORGED = {
    "os._exit at import": "import os\nos._exit(0)\n",
    "sys.exit at import": "import sys\nsys.exit(0)\n",
    "os._exit in the call": "import os\ndef add(a, b):\n    os._exit(0)\n",
    "sys.exit in the call": "import sys\ndef add(a, b):\n    sys.exit(0)\n",
    "pytest.exit": "import pytest\ndef add(a, b):\n    pytest.exit('done', returncode=0)\n",
    "exit from a thread": (
        "import os, threading, time\nthreading.Thread(target=os._exit, args=(0,)).start()\n"
        "def add(a, b):\n    time.sleep(5)\n"
    ),
    "printed summary": "print('1 passed')\n" + WRONG,
    "junit file": "open('junit.xml', 'w').write('<testsuite failures=\"0\"/>')\n" + WRONG,
    "writes to every descriptor": (
        'import os\nmessage = b\'{"kind":"finish","tests":1,"reports":1,"threads":0}\'\n'
        "for fd in range(1, 100):\n    try:\n        os.write(fd, message)\n"
        "    except OSError:\n        pass\n" + WRONG
    ),
    "closed channel": "import os\nos.closerange(3, 100)\nos._exit(0)\n",
    "reports from a child": (
        "import os\nchild = os.fork() == 0\ndef add(a, b):\n    return a + b if child else 0\n"
    ),
    "tests deleted": (
        "import sys\nframe = sys._getframe()\nwhile frame:\n"
        "    frame.f_globals.pop('test_add', None)\n    frame = frame.f_back\n"
        "import threading\n" + WRONG
    ),
    "tests dropped from the session": (
        "import gc\nimport pytest\n"
        "def add(a, b):\n"
        "    for thing in gc.get_objects():\n"
        "        if isinstance(thing, pytest.Session):\n            thing.items.clear()\n"
        "    return 0\n"
    ),
    "another program": "import os\nos.execv('/bin/true', ['true'])\n",
    "conftest written": (
        "open('conftest.py', 'w').write('collect_ignore = [\"test_solution.py\"]')\n" + WRONG
    ),
    "test overwritten": (
        "import pathlib\npathlib.Path(__file__).with_name('test_solution.py').write_text('')\n"
        + ADD
    ),
}


@pytest.mark.parametrize("name", FORGED)
def test_forged_results_do_not_pass(bench: Any, name: str) -> None:
    verdict = bench.run(FORGED[name], TEST)
    assert verdict.outcome in {"error", "failed", "tampered", "crash"}, verdict


def test_ended_early_has_its_reason(bench: Any) -> None:
    assert seen(bench.run(FORGED["os._exit at import"], TEST)) == ("tampered", "ended_early")
    assert seen(bench.run(FORGED["sys.exit at import"], TEST)) == ("error", "ended_early")
    assert bench.run(FORGED["writes to every descriptor"], TEST).outcome == "tampered"


def test_the_same_pair_gives_the_same_verdict(bench: Any) -> None:
    for solution in (ADD, WRONG, "import random\ndef add(a, b):\n    return random.random()\n"):
        first, second = bench.run(solution, TEST), bench.run(solution, TEST)
        assert first.model_copy(update={"observed": None}) == second.model_copy(
            update={"observed": None}
        )


def test_randomness_is_seeded(bench: Any) -> None:
    solution = "import random\ndef draw():\n    return random.random(), hash('text')\n"
    test = "from solution import draw\ndef test_draw():\n    raise ValueError(draw())\n"
    assert said(bench.run(solution, test)) == said(bench.run(solution, test))


def test_more_trials_than_workers_all_get_their_own_verdict(bench: Any) -> None:
    pairs = [
        (
            f"import time\ntime.sleep(0.1)\ndef value():\n    return {n}\n",
            f"from solution import value\ndef test_{n}():\n    assert value() == {n - n % 2}\n",
        )
        for n in range(8)
    ]
    verdicts = bench.run_all(pairs)
    assert [verdict.passed for verdict in verdicts] == [n % 2 == 0 for n in range(8)]
    assert [verdict.tests[0].name for verdict in verdicts] == [f"test_{n}" for n in range(8)]


def test_no_more_than_the_workers_run_at_once(bench: Any) -> None:
    sleepy = "import time\ntime.sleep(0.4)\n" + ADD
    begun = time.monotonic()
    verdicts = bench.run_all([(sleepy, TEST)] * 4)
    assert all(verdict.passed for verdict in verdicts)
    assert time.monotonic() - begun >= 0.8


def test_nothing_is_left_of_a_trial(bench: Any) -> None:
    places = ["/tmp", "/var/tmp", "/dev/shm", str(Path.home()), str(Path.cwd())]
    canary = "kodgen_canary_file"
    solution = (
        f"import os\nfor place in {{*{places!r}, os.path.expanduser('~')}}:\n"
        f"    try:\n        open(os.path.join(place, {canary!r}), 'x').close()\n"
        "    except FileNotFoundError:\n        pass\n"
        "    except OSError as error:\n        assert not isinstance(error, FileExistsError)\n"
    )
    for _ in range(2):
        verdict = bench.run(solution + NAMED_CHILD.format(0), TEST)
        assert verdict.passed, verdict
    assert gone(LEFTOVER)
    assert not [place for place in places if (Path(place) / canary).exists()]


def test_descriptors_do_not_leak(bench: Any) -> None:
    def open_now() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    bench.run(ADD, TEST)
    before = open_now()
    bench.run_all([(ADD, TEST), (WRONG, TEST), ("import os\nos._exit(0)", TEST)] * 4)
    assert open_now() <= before


def test_a_fork_server_that_dies_before_a_trial_begins_costs_nothing(bench: Any) -> None:
    async def kill_early() -> tuple[list[Transcript], Ending]:
        server = bench.sandbox._slots[0].server
        keeper, *inner = descendants(server._process.pid)
        assert inner
        for pid in inner:
            os.kill(pid, signal.SIGSTOP)
        running = asyncio.ensure_future(server.run(Order(("tests",)), ADD, TEST, 20.0))
        await asyncio.sleep(0.2)
        os.kill(keeper, signal.SIGKILL)
        found: tuple[list[Transcript], Ending] = await running
        return found

    transcripts, ending = bench.wait(kill_early())
    assert ending.fault == ""
    assert transcripts[0].finished


def test_a_killed_fork_server_costs_one_rerun(bench: Any) -> None:
    async def kill_midway() -> Verdict:
        sandbox = bench.sandbox
        running = asyncio.ensure_future(sandbox.run(NAMED, TEST))
        for _ in range(2000):
            await asyncio.sleep(0.01)
            if named(LEFTOVER):
                break
        for server in (slot.server for slot in sandbox._slots):
            os.kill(server._process.pid, signal.SIGKILL)
        return await running

    assert bench.wait(kill_midway()).passed
    assert all(verdict.passed for verdict in bench.run_all([(ADD, TEST)] * 4))


def test_a_sandbox_that_keeps_failing_is_infra(bench: Any) -> None:
    async def keep_killing() -> Verdict:
        sandbox = bench.sandbox
        slow = "import time\ntime.sleep(3)\n" + ADD
        running = asyncio.ensure_future(sandbox.run(slow, TEST))
        while not running.done():
            await asyncio.sleep(0.05)
            for server in (slot.server for slot in sandbox._slots):
                if server.alive:
                    os.kill(server._process.pid, signal.SIGKILL)
        return running.result()

    verdict = bench.wait(keep_killing())
    assert seen(verdict) == ("infra", "sandbox_fault")
    assert "fork server" in said(verdict)
    assert bench.run(ADD, TEST).passed


def test_a_cancelled_run_leaves_nothing_and_harms_no_other(bench: Any) -> None:
    async def cancel_midway() -> Verdict:
        running = asyncio.ensure_future(bench.sandbox.run(NAMED_CHILD.format(60), TEST))
        for _ in range(400):
            await asyncio.sleep(0.05)
            if named(LEFTOVER):
                break
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        return await bench.sandbox.run(ADD, TEST)

    assert bench.wait(cancel_midway()).passed
    assert gone(LEFTOVER)


def test_source_beyond_all_measure_is_not_run(bench: Any) -> None:
    verdict = bench.run("#" * 2**21, TEST)
    assert seen(verdict) == ("limit", "source_too_long")
    assert verdict.observed is None


def test_coverage_can_be_left_out() -> None:
    async def once() -> Verdict:
        async with Sandbox(config.Sandbox(workers=1, coverage=False)) as sandbox:
            return await sandbox.run(ADD, TEST)

    verdict = asyncio.run(once())
    assert verdict.passed
    assert verdict.coverage is None
