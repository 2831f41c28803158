"""A real Ray: sandboxes as actors, tables as tasks, errors as themselves, deaths survived."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from kodgen import config
from kodgen.engine.cluster import Cluster
from kodgen.engine.store.journal import Journal
from kodgen.engine.tools import StageTools, stage_key
from kodgen.errors import InputError
from kodgen.records import Question
from kodgen.stages.base import Outcome, TableStage
from tests.building import question

SOLUTION = "def add(a, b):\n    return a + b"
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


def with_cluster(work):
    async def main():
        cluster = Cluster(config.Sandbox(), None)
        try:
            return await work(cluster)
        finally:
            await cluster.close()

    return asyncio.run(main())


def test_tables_are_worked_on_and_errors_come_as_themselves():
    async def work(cluster):
        outcome = await cluster.process(Reverse(), [question("a"), question("b")])
        assert [row.id for row in outcome.kept] == ["b", "a"]
        with pytest.raises(InputError, match=r"^no such model$"):
            await cluster.process(Fails(), [])

    with_cluster(work)


def sandbox_processes():
    """Ray's worker processes that hold a sandbox."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and "ray::SandboxActor" in (entry / "cmdline").read_text():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def test_a_sandbox_that_dies_costs_no_verdict(tmp_path):
    before = set(sandbox_processes())

    async def work(cluster):
        await cluster.start_sandboxes()
        (environment,) = cluster.environments
        (sandbox,) = set(sandbox_processes()) - before
        journal = Journal(tmp_path / "journal.jsonl", stage_key)
        tools = StageTools(None, cluster.run, journal)
        slow = "import time\ntime.sleep(1)\n" + SOLUTION
        trials = [asyncio.ensure_future(tools.verify(f"q/{n}", slow, TEST)) for n in range(4)]
        await asyncio.sleep(0.5)
        os.kill(sandbox, signal.SIGKILL)
        verdicts = await asyncio.gather(*trials)
        journal.close()
        assert {verdict.environment for verdict in verdicts} == {environment}
        return [verdict.outcome for verdict in verdicts]

    assert with_cluster(work) == ["passed"] * 4


def test_a_verdict_is_recalled_only_for_the_same_code(tmp_path):
    calls = []

    async def run(solution, test):
        calls.append(solution)
        from kodgen.records import Verdict

        return Verdict(outcome="failed", reason="assertion", isolation="namespaces")

    async def main():
        journal = Journal(tmp_path / "journal.jsonl", stage_key)
        tools = StageTools(None, run, journal)
        for solution in ("a", "a", "b", "b"):
            await tools.verify("q/0", solution, TEST)
        journal.close()

    asyncio.run(main())
    assert calls == ["a", "b"]


def test_a_sandbox_that_came_back_is_asked_what_it_runs_on():
    before = set(sandbox_processes())

    async def work(cluster):
        await cluster.start_sandboxes()
        (digest,) = cluster.environments
        cluster.environments.clear()
        (sandbox,) = set(sandbox_processes()) - before
        os.kill(sandbox, signal.SIGKILL)
        await asyncio.sleep(0.5)
        verdict = await cluster.run(SOLUTION, TEST)
        assert verdict.environment == digest
        assert list(cluster.environments) == [digest]

    with_cluster(work)
