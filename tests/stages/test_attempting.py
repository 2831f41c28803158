"""One question's attempts under way: the same count whatever the timing and whatever ran ahead."""

import asyncio
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kodgen.errors import KodgenError, LLMRefusal, LLMUnanswered, StoppedEarly
from kodgen.records import Verdict
from kodgen.stages.attempting import Attempting, Ways
from kodgen.stages.attempts import Policy
from tests import specimens

POLICY = Policy(probe=3, easy=3, medium=5, hard=10)


class Down(KodgenError):
    """Stands for whatever ends a run."""


def trial(attempt, passed):
    outcome = "passed" if passed else "failed"
    said = Verdict(outcome=outcome, reason="", isolation="namespaces")
    return specimens.trial("q", attempt, verdict=said)


class Scene:
    """A model and a sandbox whose answers take as many turns of the loop as a seed says."""

    def __init__(self, script, *, at_once=1, seed=0, slowest=0, stop_after=None):
        self.script = script
        self.begun, self.ahead, self.cancelled, self.finished = [], [], [], []
        self.spares = 0
        self._ways = Ways(
            lambda attempts: [self.make(attempt) for attempt in attempts],
            lambda attempt: self.make(attempt, ahead=True),
            self.spare,
            at_once,
        )
        self._chance = random.Random(seed)
        self._slowest = slowest
        self._stop_after = stop_after

    async def _turns(self):
        for _ in range(self._chance.randint(0, self._slowest)):
            await asyncio.sleep(0)

    async def spare(self):
        self.spares += 1
        await self._turns()
        await asyncio.sleep(0)
        if self._stopped():
            raise StoppedEarly("to end")

    def _stopped(self):
        return self._stop_after is not None and len(self.begun) >= self._stop_after

    async def make(self, attempt, ahead=False):
        if self._stopped():
            raise StoppedEarly("to end")
        self.begun.append(attempt)
        if ahead:
            self.ahead.append(attempt)
        try:
            await self._turns()
            said = self.script[attempt]
            if said == "refuse":
                raise LLMRefusal(f"refused {attempt}")
            if said == "unanswered" or (said == "late" and ahead):
                raise LLMUnanswered(f"unanswered {attempt}")
            if said == "down":
                raise Down("down")
            self.finished.append(attempt)
            return trial(attempt, said in {1, "late"})
        except asyncio.CancelledError:
            self.cancelled.append(attempt)
            raise

    def play(self):
        async def scene():
            made = await Attempting(POLICY, self._ways).run()
            assert len(asyncio.all_tasks()) == 1, "something was left under way"
            return made

        return asyncio.run(scene())


def counted(made):
    sequence = [trial.attempt for trial in made.trials]
    return sequence, None if made.refusal is None else str(made.refusal)


said = st.one_of(st.sampled_from([0, 0, 0, 1, 1, "late", "refuse"]))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(said, min_size=10, max_size=10),
    st.integers(2, 8),
    st.integers(0, 2**32),
    st.integers(0, 12),
)
def test_neither_timing_nor_tries_ahead_change_which_attempts_count(script, at_once, seed, slowest):
    plain = Scene(script).play()
    assert plain.surplus == ()
    scene = Scene(script, at_once=at_once, seed=seed, slowest=slowest)
    made = scene.play()
    assert counted(made) == counted(plain)
    assert made.trials == plain.trials
    surplus = [trial.attempt for trial in made.surplus]
    assert surplus == sorted(set(surplus))
    assert set(surplus).isdisjoint(counted(plain)[0])
    # What no answer could make needless is not ahead; but that nothing follows a refusal is one.
    assert made.refusal is not None or set(surplus) <= set(scene.ahead)
    # Nothing that was finished is lost.
    assert {t.attempt for t in (*made.trials, *made.surplus)} == set(scene.finished)


def test_a_question_decided_has_no_room_waited_for():
    scene = Scene([1] * 10, at_once=1)
    scene.play()
    assert scene.spares == 0
    assert scene.begun == [0, 1, 2]


def test_no_more_at_once_than_allowed_and_none_that_can_t_be_needed():
    scene = Scene([0] * 10, at_once=4, slowest=6, seed=3)
    made = scene.play()
    assert [trial.attempt for trial in made.trials] == list(range(10))
    assert made.surplus == ()
    assert scene.ahead
    assert max(scene.begun) == 9
    assert len(scene.begun) == len(set(scene.begun))


def test_what_is_open_when_it_is_decided_is_cancelled_and_what_is_done_is_surplus():
    class Slow(Scene):
        async def make(self, attempt, ahead=False):
            if attempt == 4:
                self.begun.append(attempt)
                try:
                    await asyncio.sleep(60)
                except asyncio.CancelledError:
                    self.cancelled.append(attempt)
                    raise
            if attempt == 2:
                await asyncio.sleep(0.05)
            return await super().make(attempt, ahead)

    scene = Slow([1, 0, 1, 0, 0, 0, 0, 0, 0, 0], at_once=3)
    made = scene.play()
    assert [trial.attempt for trial in made.trials] == [0, 1, 2]
    assert 3 in [trial.attempt for trial in made.surplus]
    assert scene.cancelled == [4]


def test_a_refusal_counts_only_where_its_attempt_is_needed():
    made = Scene([1, 1, 1, "refuse", "refuse"], at_once=8).play()
    assert counted(made) == ([0, 1, 2], None)
    made = Scene([0, 0, 0, "refuse", 1, "refuse"] + [1] * 4, at_once=8).play()
    assert counted(made) == ([0, 1, 2, 4], "refused 3")


def test_an_attempt_ahead_that_got_no_answer_is_made_again_when_it_is_needed():
    scene = Scene([0, 0, 0, "late", "late", 0, 0, 0, 0, 0], at_once=5)
    assert [trial.attempt for trial in scene.play().trials] == [0, 1, 2, 3, 4]
    assert scene.ahead.count(3) == 1
    assert scene.begun.count(3) == 2


def test_an_attempt_without_an_answer_is_told_after_the_others_are_done():
    scene = Scene([0, "unanswered", 0, 0, 0, 0, 0, 0, 0, 0], slowest=5, seed=1)
    with pytest.raises(LLMUnanswered, match="unanswered 1"):
        scene.play()
    assert scene.cancelled == []
    assert set(scene.begun) >= {0, 1, 2}


@pytest.mark.parametrize("at_once", [1, 4])
@pytest.mark.parametrize("after", range(8))
def test_a_run_that_is_to_end_finishes_what_is_under_way(at_once, after):
    scene = Scene([0] * 10, at_once=at_once, slowest=4, seed=after, stop_after=after)
    with pytest.raises(StoppedEarly):
        scene.play()
    assert scene.cancelled == []
    assert sorted(scene.finished) == sorted(scene.begun)


def test_what_ends_the_run_ends_the_question_at_once():
    scene = Scene([0, "down", 0, 0, 0, 0, 0, 0, 0, 0], at_once=4)

    async def slowly(attempt, ahead=False):
        if attempt != 1:
            scene.begun.append(attempt)
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                scene.cancelled.append(attempt)
                raise
        raise Down("down")

    scene.make = slowly
    with pytest.raises(Down):
        scene.play()
    assert set(scene.cancelled) == set(scene.begun)
