"""What becomes of a pass: runs that must fail, two processes, and other circumstances."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from kodgen import config
from tests.new_python import printed
from tests.sandbox.conftest import Bench

ADD = "def add(a, b):\n    return a + b\n"
TEST = "from solution import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n"


@pytest.fixture(scope="module")
def doubtful() -> Iterator[Bench]:
    bench = Bench(config.Sandbox(workers=2, cpu_seconds=4, memory_mb=512, reruns=1, strict=True))
    yield bench
    bench.close()


@pytest.fixture(scope="module")
def trusting() -> Iterator[Bench]:
    limits = {"workers": 1, "cpu_seconds": 4, "memory_mb": 512}
    bench = Bench(config.Sandbox(**limits, control=False, stubs=False, coverage=False))
    yield bench
    bench.close()


def test_honest_code_stands_all_doubts(doubtful: Any) -> None:
    verdict = doubtful.run(ADD, TEST)
    assert verdict.passed
    assert verdict.flags == ("strict",)
    assert verdict.coverage == 100.0
    assert len(verdict.environment) == 12
    assert len(verdict.observed.test_seconds) == len(verdict.tests) == 1


def test_what_cannot_be_split_stands_them_in_one_process(doubtful: Any) -> None:
    solution = "class Box:\n    def __init__(self, value):\n        self.value = value\n"
    test = "from solution import Box\n\n\ndef test_box():\n    assert Box(3).value == 3\n"
    verdict = doubtful.run(solution, test)
    assert verdict.passed
    assert verdict.flags == ("unportable",)


WORTHLESS = {
    "nothing is checked": (
        "from solution import add\n\ndef test_add():\n    add(1, 2)\n",
        "vacuous",
    ),
    "a tuple is true": (TEST.replace("add(1, 2) == 3", "(add(1, 2) == 4, 'no')"), "vacuous"),
    "returned, not asserted": (TEST.replace("assert", "return"), "vacuous"),
    "own copy": (
        f"import solution\n{ADD}\n\ndef test_add():\n    assert add(1, 2) == 3\n",
        "vacuous",
    ),
    "any exception will do": (
        (
            "import pytest\nfrom solution import add\n\ndef test_add():\n"
            "    with pytest.raises(Exception):\n        add('a', 1)\n        assert False\n"
        ),
        "vacuous",
    ),
    "a loop over nothing": (
        (
            "from solution import add\n\ndef test_add():\n    for n in range(add(1, -1)):\n"
            "        assert add(n, 1) == 0\n"
        ),
        "vacuous",
    ),
}


@pytest.mark.parametrize("name", WORTHLESS)
def test_worthless_tests_are_told(doubtful: Any, trusting: Any, name: str) -> None:
    test, outcome = WORTHLESS[name]
    verdict = doubtful.run(ADD, test)
    assert verdict.outcome != "passed"
    assert outcome in {None, verdict.outcome}
    # Without the doubts, they would pass, or fail by the rules alone.
    assert trusting.run(ADD, test).outcome in {"passed", "vacuous"}


def test_a_stub_that_makes_tests_wait_for_ever_costs_little(doubtful: Any) -> None:
    test = (
        "from solution import add\n\n\ndef test_add():\n    while not add(1, 2):\n        pass\n"
        "    assert add(1, 2) == 3\n"
    )
    assert doubtful.run(ADD, test).passed


FLAKY = {
    "order": (
        "seen = []\n\ndef push(x):\n    seen.append(x)\n    return len(seen)\n",
        (
            "from solution import push\n\ndef test_one():\n    assert push(0) == 1\n\n"
            "def test_two():\n    assert push(0) == 2\n"
        ),
    ),
    "random": (
        "import random\n\ndef pick():\n    return random.Random().random() < 2 and random.random()\n",
        "from solution import pick\n\ndef test_pick():\n    assert pick() == 0.8444218515250481\n",
    ),
    "hash seed": (
        "def order(words):\n    return list(set(words))\n",
        (
            "from solution import order\n\nSEEN = {SEEN}\n\ndef test_order():\n"
            "    assert order('abcdefgh') == SEEN\n"
        ),
    ),
    "clock": (
        "import time\n\ndef work():\n    time.sleep(0.05)\n    return 7\n",
        (
            "import time\nfrom solution import work\n\ndef test_fast():\n    begun = time.perf_counter()\n"
            "    assert work() == 7 and time.perf_counter() - begun < 0.4\n"
        ),
    ),
}


@pytest.mark.parametrize("name", FLAKY)
def test_what_holds_by_chance_is_flaky(doubtful: Any, trusting: Any, name: str) -> None:
    solution, test = FLAKY[name]
    if name == "hash seed":
        probe = test.replace("{SEEN}", "[]")
        assert trusting.run(solution, probe).reason == "assertion"
        test = test.replace("{SEEN}", repr(_order_here()))
    verdict = doubtful.run(solution, test)
    assert (verdict.outcome, verdict.reason) == ("flaky", "rerun_disagrees"), verdict


def _order_here() -> list[str]:
    """The order that the trials' usual hash seed, 0, gives."""
    script = "import json; print(json.dumps(list(set('abcdefgh'))))"
    order = json.loads(printed(script, hash_seed=0))
    assert isinstance(order, list)
    return order


LIARS = {
    "equal to anything": (
        "import unittest.mock as m\n\ndef add(a, b):\n    return getattr(m, 'A' + 'NY')\n"
    ),
    "caller's line": (
        "import linecache, sys\n\ndef add(a, b):\n    frame = sys._getframe(1)\n"
        "    line = linecache.getline(frame.f_code.co_filename, frame.f_lineno)\n"
        "    return int(line.split('==')[1])\n"
    ),
}


@pytest.mark.parametrize("name", LIARS)
def test_lies_are_told(doubtful: Any, name: str) -> None:
    verdict = doubtful.run(LIARS[name], TEST)
    assert verdict.outcome in {"tampered", "vacuous"}, verdict


def test_without_doubts_lies_pass(trusting: Any) -> None:
    # Else the tests above would show nothing of the doubts.
    assert trusting.run(LIARS["caller's line"], TEST).passed
