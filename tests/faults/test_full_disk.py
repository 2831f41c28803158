"""A disk that fills up while a run is journalled: said clearly, and gone on from once there is room."""

import os
import subprocess
from collections import Counter

import pytest

from tests.building import kodgen, sealed_digests, stored_requests
from tests.faults.enduring import serving
from tests.faults.workload import lay_out


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 4 MiB, where one may be mounted."""
    folder = tmp_path / "run" / "runs"
    folder.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, check=False)
    if mounted.returncode != 0:
        pytest.skip("needs the right to mount a file system")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(folder, leave):
    """Leave so many bytes free; the file that takes up the rest."""
    free = os.statvfs(folder)
    ballast = folder / "ballast"
    ballast.write_bytes(b"\0" * (free.f_bavail * free.f_bsize - leave))
    return ballast


@pytest.mark.thorough
@pytest.mark.parametrize("leave", [40_000, 150_000, 250_000])
def test_a_disk_that_fills_up(leave, tmp_path, small_disk, ray_nodes, reference):
    run = small_disk / "run"
    with serving() as server:
        file = lay_out(tmp_path / "run", server.url, engine={"ray_address": ray_nodes.address})
        ballast = fill(small_disk, leave)
        done = kodgen("build", file)
        assert done.returncode == 4, done.stderr
        assert "No space left on device" in done.stderr
        assert "make space" in done.stderr
        assert "Traceback" not in done.stderr
        store = run / "completions" / "completions.jsonl"
        stored, counts = stored_requests(run) if store.exists() else set(), Counter(server.counts)
        ballast.unlink()
        done = kodgen("build", file)
        assert done.returncode == 0, done.stderr
        assert not {name for name in stored if server.counts[name] > counts[name]}
    assert sealed_digests(run) == reference.digests
