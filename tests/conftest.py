"""One Ray for all tests that build without caring for Ray itself: starting one takes seconds."""

import os
import secrets
import subprocess
import sys

import pytest

from tests import building

CLUSTER = """
import logging, os, sys
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
import ray
context = ray.init(
    address="local",
    include_dashboard=False,
    object_store_memory=256 * 2**20,
    logging_level=logging.ERROR,
)
print(context.address_info["gcs_address"], flush=True)
sys.stdin.read()
ray.shutdown()
"""


@pytest.fixture(scope="session")
def shared_ray():
    """A running cluster, which pipeline files of `tests.building` then name."""
    # Ray lets in only who holds its token; by default a new one, known to its children alone.
    os.environ["RAY_AUTH_MODE"], os.environ["RAY_AUTH_TOKEN"] = "token", secrets.token_hex(32)
    with subprocess.Popen(
        [sys.executable, "-c", CLUSTER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        building.ray_address = process.stdout.readline().strip()
        assert building.ray_address, "Ray did not start"
        yield building.ray_address
        building.ray_address = None
        process.stdin.close()
        process.wait(30)
    del os.environ["RAY_AUTH_MODE"], os.environ["RAY_AUTH_TOKEN"]
