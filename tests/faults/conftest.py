"""What all fault tests share: a Ray whose processes are theirs to kill, and a clean build on it."""

import pytest

from tests.faults.enduring import clean
from tests.faults.ray_nodes import RayNodes


@pytest.fixture(scope="session")
def ray_nodes(shared_ray):
    """One node; `shared_ray` is there for its token alone."""
    with RayNodes(1, cores=2) as nodes:
        yield nodes


@pytest.fixture(scope="session")
def reference(ray_nodes, tmp_path_factory):
    """A build that met no fault."""
    return clean(tmp_path_factory.mktemp("clean"), ray_nodes.address)
