"""Trials sent over a connection: each is told once, whatever becomes of the sandbox."""

import asyncio

import pytest

from kodgen.engine import wire
from kodgen.engine.sandbox_line import Lost, SandboxLine
from kodgen.engine.turns import Site, Turns
from kodgen.errors import SandboxFault
from kodgen.records import Verdict
from kodgen.sandbox.scrutiny import FULL

PASSED = Verdict(outcome="passed", reason="", isolation="rlimits", coverage=99.5)


async def line():
    """A line, and what a sandbox has of it: `next()` is a trial, `say` answers it."""
    address, caller = await wire.listen(b"token", None)
    ends = await wire.connect(address, b"token")
    return SandboxLine(ends), FarEnd(*(await caller))


class FarEnd:
    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    async def next(self):
        return await wire.received(self.reader)

    def say(self, number, **said):
        self.writer.write(wire.frame([number, said]))

    def verdict(self, number, verdict=PASSED):
        self.say(number, verdict=verdict.model_dump(mode="json"))


def ask(near, solution="s", test="t"):
    told = asyncio.get_running_loop().create_future()
    near.run(solution, test, FULL, told.set_result)
    return told


def test_answers_find_their_trials_in_any_order():
    async def main():
        near, far = await line()
        trials = [ask(near, f"s{n}", f"t{n}") for n in range(3)]
        sent = [await far.next() for _ in range(3)]
        assert [one[1:3] for one in sent] == [[f"s{n}", f"t{n}"] for n in range(3)]
        for number, solution, *_ in reversed(sent):
            far.verdict(number, PASSED.model_copy(update={"reason": solution}))
        assert [(await trial).reason for trial in trials] == ["s0", "s1", "s2"]
        near.close()

    asyncio.run(main())


def test_errors_are_those_of_the_sandbox():
    async def main():
        near, far = await line()
        trials = [ask(near) for _ in range(3)]
        numbers = [(await far.next())[0] for _ in range(3)]
        far.say(numbers[0], fault="no fork server")
        far.say(numbers[1], bug="Traceback: a bug")
        far.say(numbers[2], verdict={"outcome": "unheard of"})
        fault, bug, unread = [await trial for trial in trials]
        assert isinstance(fault, SandboxFault)
        assert str(fault) == "no fork server"
        assert isinstance(bug, RuntimeError)
        assert "a bug" in str(bug)
        assert isinstance(unread, ValueError)
        near.close()

    asyncio.run(main())


@pytest.mark.parametrize("breaks", ["close", "abort", "garbage"])
def test_a_lost_connection_loses_each_trial_once(breaks):
    async def main():
        near, far = await line()
        trials = [ask(near) for _ in range(3)]
        number = (await far.next())[0]
        far.verdict(number)
        assert await trials[0] == PASSED
        if breaks == "garbage":
            far.writer.write(b"\xff" * 4096)
        elif breaks == "abort":
            far.writer.transport.abort()
        else:
            far.writer.close()
        assert [type(await trial) for trial in trials[1:]] == [Lost, Lost]
        assert near.lost.done()
        assert isinstance(await ask(near), Lost)
        far.writer.close()

    asyncio.run(main())


def test_code_too_long_for_any_sandbox_is_judged_as_there(monkeypatch):
    async def main():
        near, _ = await line()
        monkeypatch.setattr(wire, "MOST_BYTES", 1000)
        said = await ask(near, "x" * 2000)
        assert said == Verdict(outcome="limit", reason="source_too_long", isolation="not_run")
        near.close()

    asyncio.run(main())


def test_a_trial_whose_connection_is_lost_runs_in_another_sandbox():
    async def main():
        turns = Turns()
        (near, far), (other, elsewhere) = await line(), await line()
        turns.join(Site(near, workers=2))
        trials = [asyncio.ensure_future(turns.run("s", f"t{n}")) for n in range(3)]
        for _ in range(3):
            await far.next()
        turns.join(Site(other, workers=2))
        far.writer.transport.abort()
        for _ in range(3):
            number, _, test, *_ = await elsewhere.next()
            elsewhere.verdict(number, PASSED.model_copy(update={"reason": test}))
        assert [(await trial).reason for trial in trials] == ["t0", "t1", "t2"]
        seen = turns.snapshot()
        assert (seen.nodes, seen.running, seen.queued) == (1, 0, 0)
        other.close()

    asyncio.run(main())


def test_an_idle_sandbox_whose_connection_is_lost_leaves():
    async def main():
        turns = Turns()
        near, far = await line()
        site = Site(near, workers=2)
        turns.join(site)
        far.writer.close()
        await asyncio.wait_for(site.lost.wait(), 5)
        assert turns.nobody

    asyncio.run(main())
