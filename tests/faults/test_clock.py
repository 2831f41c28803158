"""Wall clocks that jump: nothing that decides about rows, turns or retries looks at them."""

import os
import subprocess
import sys
import time

import pytest

from tests.building import sealed_digests
from tests.faults.enduring import serving
from tests.faults.jumping_clock import JumpingClock
from tests.faults.workload import lay_out

pytestmark = pytest.mark.skipif(not JumpingClock.available(), reason="needs a C compiler")
DAY = 86_400


@pytest.fixture
def clock(tmp_path):
    return JumpingClock(tmp_path)


def build(folder, clock, jumps, every, address):
    """A build while the clock jumps; its sealed rows, and how often it jumped."""
    with serving() as server:
        file = lay_out(folder, server.url, engine={"ray_address": address})
        process = subprocess.Popen(
            [sys.executable, "-m", "kodgen", "build", str(file)],
            env=os.environ | clock.environment,
        )
        made = 0
        while process.poll() is None:
            clock.jump_to(jumps[made % len(jumps)])
            made += 1
            time.sleep(every)
        assert process.returncode == 0
        assert max(server.answered.values()) == 1
    return sealed_digests(folder / "runs" / "run"), made


def test_the_clock_jumps_and_time_goes_on(clock):
    clock.jump_to(DAY)
    program = "import time; print(time.time(), time.monotonic())"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | clock.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    wall, steady = map(float, done.stdout.split())
    assert wall - time.time() == pytest.approx(DAY, abs=60)
    assert steady - time.monotonic() == pytest.approx(0, abs=60)


@pytest.mark.thorough
def test_a_driver_whose_clock_jumps_by_days(tmp_path, clock, ray_nodes, reference):
    jumps = (DAY, -2 * DAY, 3600, -40, 0)
    digests, made = build(tmp_path / "run", clock, jumps, 0.5, ray_nodes.address)
    assert made > 5
    assert digests == reference.digests


@pytest.mark.thorough
def test_a_machine_whose_clock_is_set_while_ray_runs_on_it(tmp_path, clock, reference):
    digests, made = build(tmp_path / "run", clock, (0, 3600, -3600), 7, None)
    assert made > 1
    assert digests == reference.digests
