"""How closely a run is looked at, as the sandbox takes it."""

import time

import pytest

from kodgen.sandbox.scrutiny import PLAIN, Scrutiny
from tests.sandbox.conftest import Bench

ENDLESS = "def spin():\n    while True:\n        pass\n"
ASLEEP = "import time\n\ndef spin():\n    time.sleep(60)\n"
TEST = "from solution import spin\n\ndef test_it():\n    spin()\n"
TIGHT = Scrutiny(plain=True, reruns=0, cpu_seconds=1)


@pytest.mark.parametrize(("solution", "reason"), [(ENDLESS, "cpu"), (ASLEEP, "wall")])
def test_a_tighter_limit_holds_on_the_cpu_and_on_the_clock(
    patient_bench: Bench, solution: str, reason: str
) -> None:
    began = time.monotonic()
    verdict = patient_bench.wait(patient_bench.sandbox.run(solution, TEST, TIGHT))
    assert (verdict.outcome, verdict.reason) == ("timeout", reason)
    assert time.monotonic() - began < 8.5
    assert verdict.observed is not None
    assert verdict.observed.cpu_seconds < 2


def test_no_limit_is_wider_than_the_sandbox_s_own(bench: Bench) -> None:
    wide = Scrutiny(plain=True, reruns=0, cpu_seconds=600)
    verdict = bench.wait(bench.sandbox.run(ENDLESS, TEST, wide))
    assert verdict.outcome == "timeout"
    assert verdict.observed is not None
    assert verdict.observed.cpu_seconds < 4


def test_reruns_are_under_several_hash_seeds(bench: Bench) -> None:
    solution = "def order():\n    return list({'a', 'b'})\n"
    seen = set()
    for first in "ab":
        test = f"from solution import order\n\ndef test_it():\n    assert order()[0] == {first!r}\n"
        verdicts = [
            bench.wait(bench.sandbox.run(solution, test, Scrutiny(plain=True, reruns=reruns)))
            for reruns in (0, 2)
        ]
        seen.add(tuple(verdict.outcome for verdict in verdicts))
    # One of the two orders is that of the usual hash seed; it is not that of all others.
    assert seen == {("failed", "failed"), ("passed", "flaky")}


def test_a_plain_run_looks_at_nothing_else(bench: Bench) -> None:
    worthless = "from solution import spin\n\ndef test_it():\n    assert True\n"
    verdict = bench.wait(bench.sandbox.run(ENDLESS, worthless, PLAIN))
    assert verdict.passed
    assert verdict.coverage is None
