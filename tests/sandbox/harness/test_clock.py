import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]


def run(script: str, *, seconds: float = 60) -> list[float]:
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=True,
    )
    return [float(word) for word in done.stdout.split()]


BUSY = """\
import os, subprocess, sys, time
true = time.perf_counter
from kodgen.sandbox.harness import clock
assert clock.steady()
# Three processes on one core: each gets a third of it.
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
spin = "import time; end = time.time() + 30\\nwhile time.time() < end: pass"
others = [subprocess.Popen([sys.executable, "-c", spin]) for _ in range(2)]
begun, shown = true(), time.perf_counter()
shown_ns = time.perf_counter_ns()
used = time.process_time()
while true() < begun + 1.5:
    pass
print(true() - begun, time.perf_counter() - shown, (time.perf_counter_ns() - shown_ns) / 1e9,
      time.process_time() - used)
for other in others:
    other.kill()
    other.wait()
"""


def test_time_without_a_core_does_not_count() -> None:
    passed, shown, shown_ns, used = run(BUSY)
    assert passed >= 1.5
    assert used < 0.75 * passed, "the other processes did not compete; the test shows nothing"
    assert abs(shown - used) < 0.25
    assert abs(shown_ns - shown) < 0.01


SLEEPING = """\
import time
from kodgen.sandbox.harness import clock
clock.steady()
begun = time.time(), time.monotonic()
time.sleep(0.3)
print(time.time() - begun[0], time.monotonic() - begun[1])
readings = [time.monotonic_ns() for _ in range(1000)]
assert readings == sorted(readings)
clock.hurry()
begun = time.monotonic()
time.sleep(0.1)
print(time.monotonic() - begun)
"""


def test_time_asleep_counts_and_haste_multiplies() -> None:
    slept, slept_too, hurried = run(SLEEPING)
    assert 0.3 <= slept < 5
    assert 0.3 <= slept_too < 5
    assert 1.0 <= hurried < 50
