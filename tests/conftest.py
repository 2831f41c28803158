"""One Ray for all tests that build without caring for Ray itself: starting one takes seconds.

And the order of files: those that take long come first, so that where several processes share
them, none is left alone with a long one at the end.
"""

import os
import secrets
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests import building

if TYPE_CHECKING:
    from pathlib import Path

CLUSTER = """
import logging, os, sys
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
os.environ["RAY_prestart_worker_first_driver"] = "0"
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put files with slow tests first, then those that run commands, then those of the sandbox."""
    ranks: dict[Path, int] = {}
    for item in items:
        ranks[item.path] = min(_rank(item), ranks.get(item.path, 3))
    items.sort(key=lambda item: ranks[item.path])


def _rank(item: pytest.Item) -> int:
    if item.get_closest_marker("slow"):
        return 0
    module = getattr(item, "module", None)
    if "shared_ray" in getattr(item, "fixturenames", ()) or hasattr(module, "kodgen"):
        return 1
    return 2 if "sandbox" in item.path.parts else 3


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
