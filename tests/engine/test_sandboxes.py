"""Two and three Ray nodes on one machine: trials spread, nodes lost and joining, none left."""

import asyncio
import time

import pytest

from kodgen import config
from kodgen.engine.cluster import Cluster
from kodgen.engine.turns import SandboxSnapshot
from kodgen.errors import SandboxFault
from tests.faults.ray_nodes import RayNodes
from tests.processes import command, descendants, is_dead

SOLUTION = "import time\ntime.sleep(0.2)\ndef add(a, b):\n    return a + b"
TEST = "from solution import add\n\ndef test_add():\n    assert add(1, 2) == 3"
LIMITS = config.Sandbox(control=False, stubs=False, coverage=False, workers=1)


@pytest.fixture
def nodes(request, shared_ray):
    """As many nodes as asked for; `shared_ray` is there for its token alone."""
    with RayNodes(request.param) as started:
        yield started


def with_cluster(address, work):
    async def main():
        cluster = Cluster(LIMITS, address)
        try:
            await cluster.start_sandboxes()
            return await asyncio.wait_for(work(cluster), 100)
        finally:
            await cluster.close()

    return asyncio.run(main())


async def until(cluster, count, seconds=40.0):
    end = time.monotonic() + seconds
    while cluster.snapshot().nodes != count:
        assert time.monotonic() < end, cluster.snapshot()
        await asyncio.sleep(0.1)


def sandboxes_of(nodes, node):
    """Sandbox processes of a node."""
    return [pid for pid in descendants(nodes.raylet(node)) if "ray::SandboxActor" in command(pid)]


@pytest.mark.parametrize("nodes", [2], indirect=True)
def test_a_lost_node_costs_no_trial_and_a_new_one_is_used(nodes):
    async def work(cluster):
        assert cluster.snapshot() == SandboxSnapshot(nodes=2, workers=2, running=0, queued=0)
        trials = [asyncio.ensure_future(cluster.run(SOLUTION, TEST)) for _ in range(16)]
        await asyncio.sleep(1)
        assert cluster.snapshot().running == 2
        assert cluster.snapshot().queued > 2
        lost = nodes.more[0]
        (sandbox,) = sandboxes_of(nodes, lost)
        nodes.kill(lost)
        verdicts = await asyncio.gather(*trials)
        assert {verdict.outcome for verdict in verdicts} == {"passed"}
        await until(cluster, 1)
        assert is_dead(sandbox)
        nodes.add()
        await until(cluster, 2)
        both = await asyncio.gather(*(cluster.run(SOLUTION, TEST) for _ in range(4)))
        assert {verdict.outcome for verdict in both} == {"passed"}
        assert cluster.snapshot() == SandboxSnapshot(nodes=2, workers=2, running=0, queued=0)

    with_cluster(nodes.address, work)


@pytest.mark.thorough
@pytest.mark.parametrize("nodes", [3], indirect=True)
def test_of_three_nodes_two_are_lost_one_after_the_other(nodes):
    async def work(cluster):
        trials = [asyncio.ensure_future(cluster.run(SOLUTION, TEST)) for _ in range(40)]
        for _ in range(2):
            await asyncio.sleep(1)
            nodes.kill(nodes.more[0])
        verdicts = await asyncio.gather(*trials)
        assert [verdict.outcome for verdict in verdicts] == ["passed"] * 40
        await until(cluster, 1)

    with_cluster(nodes.address, work)


@pytest.mark.thorough
@pytest.mark.parametrize("nodes", [2], indirect=True)
def test_a_run_whose_own_node_is_lost_is_told(nodes):
    async def work(cluster):
        trials = [asyncio.ensure_future(cluster.run(SOLUTION, TEST)) for _ in range(200)]
        await asyncio.sleep(1)
        nodes.kill(nodes.head)
        with pytest.raises(SandboxFault, match=r"no node of Ray is left.*run the same command"):
            await asyncio.gather(*trials)
        for trial in trials:
            trial.cancel()

    with_cluster(nodes.address, work)


def test_a_cancelled_trial_gives_its_place_back_when_it_ends(shared_ray):
    async def work(cluster):
        trials = [asyncio.ensure_future(cluster.run(SOLUTION, TEST)) for _ in range(6)]
        await asyncio.sleep(0.3)
        for trial in trials:
            trial.cancel()
        await asyncio.gather(*trials, return_exceptions=True)
        assert (await cluster.run(SOLUTION, TEST)).outcome == "passed"
        assert cluster.snapshot() == SandboxSnapshot(nodes=1, workers=1, running=0, queued=0)

    with_cluster(shared_ray, work)
