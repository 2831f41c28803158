"""CPU time of each test's call, as a verdict tells it."""

from tests.sandbox.conftest import Bench

SOLUTION = "def steps(n):\n    return sum(1 for _ in range(n))\n"
TEST = """\
import time
import pytest
from solution import steps

@pytest.fixture
def prepared():
    steps(3_000_000)
    yield
    steps(3_000_000)

def test_works():
    assert steps(3_000_000) == 3_000_000

def test_sleeps():
    time.sleep(0.2)

def test_prepared(prepared):
    assert steps(1) == 1

def test_fails():
    steps(3_000_000)
    assert False
"""


def test_only_work_within_the_call_counts(bench: Bench) -> None:
    observed = bench.run(SOLUTION, TEST).observed
    assert observed is not None
    works, sleeps, prepared, fails = observed.test_cpu_seconds
    assert works > 0.03
    assert fails > 0.03
    assert 20 * sleeps < works
    assert 20 * prepared < works
    assert observed.test_seconds[1] >= 0.2
    assert observed.test_seconds[2] > 20 * prepared
