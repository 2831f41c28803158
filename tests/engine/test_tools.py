"""What a stage is lent: verdicts are recalled for the code and the settings they are of."""

import asyncio

import pytest

from kodgen.engine.asking.dispatch import AHEAD
from kodgen.engine.store.journal import Journal
from kodgen.engine.tools import CROWDED, StageTools, stage_key, stage_note
from kodgen.engine.turns import SandboxSnapshot
from kodgen.errors import LLMRefusal
from kodgen.llm.protocol import Completion
from kodgen.records import Verdict
from tests.engine.test_rows import request


@pytest.fixture
def journal(tmp_path):
    journal = Journal(tmp_path / "journal.jsonl", stage_key, stage_note)
    yield journal
    journal.close()


class Ran:
    """Passes everything, and says what was run."""

    def __init__(self):
        self.ran = []

    async def __call__(self, solution, test, _scrutiny=None):
        self.ran.append((solution, test))
        return Verdict(outcome="passed", reason="", isolation="namespaces")


def test_a_verdict_holds_for_its_code_and_the_settings_it_was_run_under(journal):
    run = Ran()

    def verify(trial, solution, sandbox):
        tools = StageTools(None, run, journal, sandbox=sandbox)
        return asyncio.run(tools.verify(trial, solution, "test"))

    first = verify("q/0", "a", "s1")
    assert verify("q/0", "a", "s1") == first
    assert len(run.ran) == 1
    for other in (("q/0", "b", "s1"), ("q/0", "a", "s2"), ("q/1", "a", "s1")):
        verify(*other)
    assert len(run.ran) == 4
    # Whatever was run in between, the earlier ones still hold.
    for known in (("q/0", "a", "s1"), ("q/0", "b", "s1"), ("q/0", "a", "s2")):
        verify(*known)
    assert len(run.ran) == 4


class Asking:
    """Stands for an asker: says what it was asked, with which priority."""

    def __init__(self, most_together):
        self.most_together = most_together
        self.asked, self.given_up = [], 0
        self.wait = asyncio.Event()

    async def complete(self, one, priority):
        self.asked.append((one.id, priority))
        return Completion(request_id=one.id, model="m", text="", finish_reason="stop")

    async def complete_together(self, requests, priority):
        self.asked.append(([one.id for one in requests], priority))
        try:
            await self.wait.wait()
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        return [LLMRefusal("too long"), *[await self.complete(one, 0) for one in requests[1:]]]


def test_certain_requests_go_by_attempt_and_tries_ahead_after_all_of_them():
    async def main():
        asking = Asking(1)
        tools = StageTools(asking, Ran(), None)
        await tools.complete(request("q", 3))
        await tools.complete(request("q", 2), ahead=True)
        return asking.asked

    assert asyncio.run(main()) == [("say/q/3", 3), ("say/q/2", AHEAD + 2)]


def test_samples_asked_together_are_answered_and_refused_one_by_one():
    async def main():
        asking = Asking(4)
        asked = StageTools(asking, Ran(), None).complete_together(
            [request("q", n) for n in (2, 3, 4)]
        )
        assert asking.asked == []
        asking.wait.set()
        answers = await asyncio.gather(*asked, return_exceptions=True)
        return asking.asked[0], answers

    sent, (refused, *answers) = asyncio.run(main())
    assert sent == (["say/q/2", "say/q/3", "say/q/4"], 2)
    assert isinstance(refused, LLMRefusal)
    assert [answer.request_id for answer in answers] == ["say/q/3", "say/q/4"]


@pytest.mark.parametrize(("dropped", "given_up"), [(1, 0), (2, 1)])
def test_a_request_for_several_is_given_up_when_nobody_waits_any_more(dropped, given_up):
    async def main():
        asking = Asking(4)
        asked = StageTools(asking, Ran(), None).complete_together([request("q", n) for n in (0, 1)])
        waiting = [asyncio.ensure_future(_awaited(one)) for one in asked]
        await asyncio.sleep(0.01)
        for one in waiting[:dropped]:
            one.cancel()
        await asyncio.sleep(0.01)
        found = asking.given_up
        asking.wait.set()
        await asyncio.gather(*waiting, return_exceptions=True)
        return found

    assert asyncio.run(main()) == given_up


async def _awaited(answer):
    return await answer


def test_room_is_spare_only_while_the_sandboxes_keep_up(journal):
    class Roomy(Asking):
        async def spare(self):
            self.asked.append("spare")

    async def main():
        queued = [CROWDED * 2 + 1]
        seen = lambda: SandboxSnapshot(nodes=1, workers=2, running=2, queued=queued[0])  # noqa: E731
        tools = StageTools(Roomy(1), Ran(), journal, sandboxes=seen)
        waiting = [asyncio.ensure_future(tools.spare()) for _ in range(2)]
        await asyncio.sleep(0.01)
        told = [[one.done() for one in waiting]]
        await tools.verify("q/0", "a", "b")
        await asyncio.sleep(0.01)
        told.append([one.done() for one in waiting])
        queued[0] -= 1
        for attempt in (1, 2):
            await tools.verify(f"q/{attempt}", "a", "b")
            await asyncio.sleep(0.01)
            told.append([one.done() for one in waiting])
        return told

    no, one, both = [False, False], [True, False], [True, True]
    assert asyncio.run(main()) == [no, no, one, both]
