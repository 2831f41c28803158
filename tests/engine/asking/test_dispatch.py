"""Room goes to the most urgent request; none is lost, given twice, or kept from who fits."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kodgen.engine.asking.dispatch import AHEAD, Dispatcher
from kodgen.engine.asking.endpoint import Endpoint
from kodgen.errors import LLMFault, LLMMisconfigured
from kodgen.llm.recorded import RecordedLLM


class Silent(RecordedLLM):
    """An endpoint of which only the room counts here."""

    def __init__(self, name: str) -> None:
        self.name = name


def endpoint(most: int, name: str = "a") -> Endpoint:
    one = Endpoint(Silent(name), most, adaptive=False)
    one.started = True
    return one


def run(main: Callable[[], Awaitable[Any]]) -> Any:
    async def within() -> Any:
        async with asyncio.timeout(10):
            return await main()

    return asyncio.run(within())


async def turns() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def test_the_most_urgent_goes_first_and_then_who_came_first() -> None:
    async def main() -> None:
        dispatch = Dispatcher([endpoint(1)])
        first = await dispatch.take(9)
        order: list[str] = []

        async def want(priority: int, name: str) -> None:
            taken = await dispatch.take(priority)
            order.append(name)
            dispatch.give_back(taken, 1)

        wants = [(AHEAD, "ahead"), (2, "c"), (0, "a"), (2, "d"), (1, "b")]
        tasks = [asyncio.create_task(want(*one)) for one in wants]
        await turns()
        assert dispatch.waiting == 5
        dispatch.give_back(first, 1)
        await asyncio.gather(*tasks)
        assert order == ["a", "b", "c", "d", "ahead"]

    run(main)


def test_the_endpoint_with_the_most_room_relative_to_its_limit_is_taken() -> None:
    async def main() -> None:
        small, large = endpoint(2, "small"), endpoint(6, "large")
        dispatch = Dispatcher([small, large])
        for _ in range(8):
            await dispatch.take(0)
            assert abs(small.in_flight / 2 - large.in_flight / 6) <= 0.5
        assert (small.in_flight, large.in_flight) == (2, 6)

    run(main)


def test_an_endpoint_to_avoid_is_taken_only_where_no_other_has_room() -> None:
    async def main() -> None:
        one, other = endpoint(2, "one"), endpoint(1, "other")
        dispatch = Dispatcher([one, other])
        assert await dispatch.take(0, avoid=one) is other
        assert await dispatch.take(0, avoid=one) is one

    run(main)


def test_what_is_down_paused_or_wrong_gets_nothing() -> None:
    async def main() -> None:
        down, paused, wrong = endpoint(5), endpoint(5), endpoint(5)
        dispatch = Dispatcher([down, paused, wrong])
        now = asyncio.get_running_loop().time()
        down.breaker.trip(now)
        paused.failed(LLMFault("slow down", retry_after=0.2, busy=True), now, now, 60)
        wrong.wrong = LLMMisconfigured("no")
        assert await dispatch.take(0) is paused
        assert asyncio.get_running_loop().time() - now >= 0.2
        assert dispatch.limit == 5

    run(main)


def test_samples_together_wait_until_they_fit_and_are_not_passed_by() -> None:
    async def main() -> None:
        one = endpoint(4)
        dispatch = Dispatcher([one])
        for _ in range(3):
            await dispatch.take(0)
        several = asyncio.create_task(dispatch.take(1, samples=3))
        single = asyncio.create_task(dispatch.take(2))
        await turns()
        assert not several.done()
        assert not single.done()
        dispatch.give_back(one, 2)
        await several
        await turns()
        assert not single.done()
        dispatch.give_back(one, 1)
        await single
        assert one.in_flight == 4

    run(main)


def test_more_samples_together_than_the_limit_go_alone() -> None:
    async def main() -> None:
        one = endpoint(2)
        dispatch = Dispatcher([one])
        await dispatch.take(0)
        several = asyncio.create_task(dispatch.take(0, samples=5))
        await turns()
        assert not several.done()
        dispatch.give_back(one, 1)
        await several
        assert one.in_flight == 5

    run(main)


def test_a_wait_given_up_loses_no_room() -> None:
    async def main() -> None:
        one = endpoint(1)
        dispatch = Dispatcher([one])
        await dispatch.take(0)
        waiting = [asyncio.create_task(dispatch.take(n)) for n in range(3)]
        await turns()
        waiting[0].cancel()
        await turns()
        dispatch.give_back(one, 1)
        waiting[1].cancel()  # it has been given its turn, but has not seen it yet
        await asyncio.gather(*waiting[:2], return_exceptions=True)
        assert await waiting[2] is one
        assert one.in_flight == 1

    run(main)


def test_all_who_wait_are_told_of_an_error() -> None:
    async def main() -> None:
        dispatch = Dispatcher([endpoint(1)])
        await dispatch.take(0)
        waits = [dispatch.take(0), dispatch.rest(60), dispatch.spare()]
        tasks = [asyncio.ensure_future(one) for one in waits]
        await turns()
        dispatch.fail(lambda: LLMMisconfigured("no"))
        told = await asyncio.gather(*tasks, return_exceptions=True)
        assert [type(one) for one in told] == [LLMMisconfigured] * 3
        assert dispatch.waiting == 0

    run(main)


def test_room_is_spare_when_nobody_waits_and_no_row_does() -> None:
    async def main() -> None:
        one = endpoint(2)
        dispatch = Dispatcher([one])
        dispatch.rows_wait = True
        told = [asyncio.create_task(dispatch.spare()) for _ in range(4)]
        await turns()
        assert not any(one.done() for one in told)
        await dispatch.take(0)
        dispatch.rows_wait = False
        await turns()
        assert [one.done() for one in told] == [True, False, False, False]
        # Who was told takes the room, so nobody else is told of it.
        await dispatch.take(AHEAD)
        await turns()
        assert not told[1].done()
        dispatch.give_back(one, 1)
        await turns()
        assert [one.done() for one in told] == [True, True, False, False]
        for rest in told[2:]:
            rest.cancel()

    run(main)


def test_room_that_was_told_of_and_is_not_taken_is_told_of_again() -> None:
    async def main() -> None:
        dispatch = Dispatcher([endpoint(1)])
        await dispatch.spare()
        later = asyncio.create_task(dispatch.spare())
        await turns()
        assert not later.done()
        await later

    run(main)


def test_busy_and_slot_seconds_are_integrals_over_time() -> None:
    async def main() -> None:
        one = endpoint(4)
        dispatch = Dispatcher([one])
        await asyncio.sleep(0.1)
        await dispatch.take(0)
        await asyncio.sleep(0.2)
        dispatch.give_back(one, 1)
        await asyncio.sleep(0.1)
        dispatch.meter()
        assert dispatch.busy_seconds == pytest.approx(0.2, abs=0.15)
        assert dispatch.slot_seconds == pytest.approx(4 * dispatch.busy_seconds)

    run(main)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(1, 6), min_size=1, max_size=3),
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 8), st.booleans()), max_size=40),
    st.randoms(use_true_random=False),
)
def test_everybody_gets_a_turn_within_the_limits(
    limits: list[int], wants: list[tuple[int, int, bool]], chance: Any
) -> None:
    async def main() -> None:
        endpoints = [endpoint(most) for most in limits]
        dispatch = Dispatcher(endpoints)
        served = 0

        async def want(priority: int, samples: int) -> None:
            nonlocal served
            taken = await dispatch.take(priority, samples)
            alone = taken.in_flight == samples
            assert alone or taken.in_flight <= taken.limit
            try:
                for _ in range(chance.randrange(4)):
                    await asyncio.sleep(0)
            finally:
                dispatch.give_back(taken, samples)
            served += 1

        tasks = [asyncio.create_task(want(priority, samples)) for priority, samples, _ in wants]
        await asyncio.sleep(0)
        for task, (_, _, gives_up) in zip(tasks, wants, strict=True):
            if gives_up:
                task.cancel()
                await asyncio.sleep(0)
        await asyncio.gather(*tasks, return_exceptions=True)
        patient = sum(not gives_up for _, _, gives_up in wants)
        assert served >= patient
        assert dispatch.in_flight == 0

    run(main)


def test_waits_for_spare_room_that_are_given_up_leave_nothing_behind() -> None:
    async def main() -> None:
        dispatch = Dispatcher([endpoint(1)])
        dispatch.rows_wait = True
        for _ in range(100):
            told = asyncio.create_task(dispatch.spare())
            await asyncio.sleep(0)
            told.cancel()
            await asyncio.gather(told, return_exceptions=True)
        last = asyncio.create_task(dispatch.spare())
        await asyncio.sleep(0)
        assert len(dispatch._spare) == 1
        dispatch.rows_wait = False
        await last

    run(main)


def test_who_rests_between_two_tries_keeps_room() -> None:
    async def main() -> None:
        dispatch = Dispatcher([endpoint(2)])
        resting = asyncio.create_task(dispatch.rest(0.3))
        await turns()
        told = [asyncio.create_task(dispatch.spare()) for _ in range(2)]
        await turns()
        assert [one.done() for one in told] == [True, False]
        resting.cancel()
        told[1].cancel()

    run(main)
