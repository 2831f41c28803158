"""The scripts of tests/perf that soak and load the sandbox, in small."""

import subprocess
import sys
from pathlib import Path

import pytest

from kodgen import config
from tests.perf import sandbox_load, sandbox_soak

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.mark.thorough
def test_nothing_grows_and_a_killed_fork_server_costs_no_verdict() -> None:
    # In a process of its own: other tests' sandboxes are not to be counted, or killed.
    command = [sys.executable, "-m", "tests.perf.sandbox_soak", "--trials", "240"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_growth_is_noticed() -> None:
    def sight(trials: int, **other: object) -> sandbox_soak.Sight:
        seen = {
            "supervisor_mib": 30.0,
            "servers_mib": (20.0, 30.0),
            "descriptors": 10,
            "processes": 4,
            "zombies": 0,
        }
        return sandbox_soak.Sight(trials=trials, **{**seen, **other})

    first = sight(20)
    last = sight(100, supervisor_mib=40.0, descriptors=11, processes=5, zombies=1)
    assert sandbox_soak.Soaked([first, sight(100)], [], 1.0).complaints() == []
    assert len(sandbox_soak.Soaked([first, last], ["failed"], 1.0).complaints()) == 5


@pytest.mark.thorough
@pytest.mark.skipif(not sandbox_load.RECORDED.is_dir(), reason="the recorded pairs are not here")
def test_verdicts_do_not_depend_on_load() -> None:
    pairs = sandbox_load.recorded(24)
    assert len(pairs) == 24
    found = sandbox_load.compare(pairs, config.Sandbox(cpu_seconds=10, memory_mb=1024))
    assert list(sandbox_load.differences(found)) == []
    assert {str(said[0]) for said in found[sandbox_load.LOADED]} >= {"passed", "failed"}
