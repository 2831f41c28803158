"""A real Ray: tables as tasks, sandboxes as actors, errors as themselves, deaths survived."""

import asyncio
import os
import signal
import subprocess
import sys
import time

import pytest

from kodgen import config
from kodgen.contamination.task import BenchmarkTask
from kodgen.engine.cluster import FEW_BESIDE, FEW_ROWS, Cluster
from kodgen.engine.turns import SandboxSnapshot
from kodgen.errors import InputError, KodgenError
from kodgen.records import Question
from kodgen.stages.base import Outcome, TableStage
from kodgen.stages.decontaminate import DecontaminateStage
from kodgen.stages.deduplicate import DeduplicateStage
from tests.building import question
from tests.processes import command, descendants

SOLUTION = "def add(a, b):\n    return a + b"
SLOW = "import time\ntime.sleep(1)\n" + SOLUTION
TEST = "from solution import add\n\ndef test_add():\n    assert add(1, 2) == 3"


class Reverse(TableStage):
    name = "reverse"
    version = 1
    consumes = Question
    produces = Question

    def process(self, rows):
        return Outcome(kept=tuple(reversed(rows)))


class Fails(Reverse):
    def process(self, rows):
        raise InputError("no such model")


class Light(Reverse):
    """Says where it was worked on."""

    def __init__(self, texts):
        self.texts = texts

    def beside(self):
        return self.texts

    def process(self, rows):
        return Outcome(kept=tuple(reversed(rows)), facts={"process": os.getpid()})


class Dies(Reverse):
    """Kills its worker so many times."""

    def __init__(self, folder, times):
        self.folder = folder
        self.times = times

    def process(self, rows):
        before = len(list(self.folder.iterdir()))
        (self.folder / str(before)).touch()
        if before < self.times:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().process(rows)


def with_cluster(address, work):
    async def main():
        cluster = Cluster(config.Sandbox(), address)
        try:
            return await work(cluster)
        finally:
            await cluster.close()

    return asyncio.run(main())


def test_tables_are_worked_on_and_errors_come_as_themselves(shared_ray):
    async def work(cluster):
        outcome = await cluster.process(Reverse(), [question("a"), question("b")])
        assert [row.id for row in outcome.kept] == ["b", "a"]
        with pytest.raises(InputError, match=r"^no such model$"):
            await cluster.process(Fails(), [])

    with_cluster(shared_ray, work)


def test_what_takes_less_than_a_worker_s_start_is_worked_on_here(shared_ray):
    few = [question(f"Sum of {number} numbers.") for number in range(FEW_ROWS)]
    more = [*few, question("One more.")]

    async def work(cluster):
        here = await cluster.process(Light(FEW_BESIDE), few)
        assert here.facts["process"] == os.getpid()
        for stage, rows in ((Light(FEW_BESIDE), more), (Light(FEW_BESIDE + 1), few)):
            elsewhere = await cluster.process(stage, rows)
            assert elsewhere.facts["process"] != os.getpid()
            assert elsewhere.kept == tuple(reversed(rows))
        task = BenchmarkTask(benchmark="own", task_id="1", views={"prompt": few[7].text})
        for shipped in (
            DeduplicateStage(config.Deduplicate()),
            DecontaminateStage(config.Decontaminate(), [task]),
        ):
            assert shipped.beside() is not None
            assert await cluster.process(shipped, more) == shipped.process(more)

    with_cluster(shared_ray, work)


def test_a_table_survives_its_worker_but_not_one_worker_after_the_other(shared_ray, tmp_path):
    once, always = tmp_path / "once", tmp_path / "always"
    once.mkdir()
    always.mkdir()

    async def work(cluster):
        outcome = await cluster.process(Dies(once, 1), [question("a"), question("b")])
        assert [row.id for row in outcome.kept] == ["b", "a"]
        assert len(list(once.iterdir())) == 2
        with pytest.raises(
            KodgenError, match=r"^reverse: Ray could not.*each worker that tried was lost"
        ):
            await cluster.process(Dies(always, 100), [question("a")])
        assert len(list(always.iterdir())) == 4

    with_cluster(shared_ray, work)


def sandbox_processes():
    """Ray's worker processes below this one that hold a sandbox."""
    return {pid for pid in descendants(os.getpid()) if "ray::SandboxActor" in command(pid)}


def test_a_sandbox_that_dies_costs_no_trial_and_comes_back(shared_ray):
    before = sandbox_processes()

    async def work(cluster):
        await cluster.start_sandboxes()
        (environment,) = cluster.environments
        (sandbox,) = sandbox_processes() - before
        trials = [asyncio.ensure_future(cluster.run(SLOW, TEST)) for _ in range(4)]
        await asyncio.sleep(0.5)
        assert cluster.snapshot().running > 0
        cluster.environments.clear()
        os.kill(sandbox, signal.SIGKILL)
        verdicts = await asyncio.gather(*trials)
        assert [verdict.outcome for verdict in verdicts] == ["passed"] * 4
        # Packages may have changed meanwhile, so it is asked again what it runs on.
        assert {verdict.environment for verdict in verdicts} == {environment}
        assert list(cluster.environments) == [environment]
        cores = len(os.sched_getaffinity(0))
        assert cluster.snapshot() == SandboxSnapshot(nodes=1, workers=cores, running=0, queued=0)

    with_cluster(shared_ray, work)
    assert sandbox_processes() <= before  # the cluster itself is still there


def test_closing_waits_for_no_trial(shared_ray):
    async def work(cluster):
        await cluster.start_sandboxes()
        endless = SOLUTION.replace("return", "import time; time.sleep(60)\n    return")
        trials = [asyncio.ensure_future(cluster.run(endless, TEST)) for _ in range(20)]
        await asyncio.sleep(1)
        for trial in trials:
            trial.cancel()
        await asyncio.gather(*trials, return_exceptions=True)
        return time.monotonic()

    assert time.monotonic() - with_cluster(shared_ray, work) < 10
    assert not sandbox_processes()


DRIVER = f"""
import asyncio
from kodgen import config
from kodgen.engine.cluster import Cluster

async def main():
    cluster = Cluster(config.Sandbox(), None)
    await cluster.start_sandboxes()
    print("started", flush=True)
    await asyncio.gather(*(cluster.run({SLOW!r}, {TEST!r}) for _ in range(100)))

asyncio.run(main())
"""


def test_a_killed_driver_leaves_no_sandbox_and_no_worker():
    with subprocess.Popen(
        [sys.executable, "-c", DRIVER], stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as driver:
        assert driver.stdout.readline() == "started\n"
        time.sleep(0.5)
        below = {pid: command(pid) for pid in descendants(driver.pid)}
        driver.kill()
        driver.wait()
    mattering = [
        pid
        for pid, said in below.items()
        if any(
            name in said for name in ("sandbox/harness", "SandboxActor", "IDLE", "raylet/raylet")
        )
    ]
    assert len(mattering) > 4
    end = time.monotonic() + 20
    while left := [pid for pid in mattering if command(pid) == below[pid]]:
        assert time.monotonic() < end, [below[pid] for pid in left]
        time.sleep(0.1)
