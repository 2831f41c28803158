"""Runs beside each other: their order, and what becomes of the others where one fails."""

import asyncio

import pytest

from kodgen.stages.together import together


def test_results_come_in_the_order_of_the_work():
    async def later(turns):
        for _ in range(turns):
            await asyncio.sleep(0)
        return turns

    async def run():
        return await together(later(turns) for turns in (5, 0, 3))

    assert asyncio.run(run()) == [5, 0, 3]


def test_where_one_raises_the_others_are_given_up():
    ended = []

    async def endless(name):
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(name)

    async def failing():
        await asyncio.sleep(0)
        raise RuntimeError("fault")

    async def run():
        with pytest.raises(RuntimeError, match="fault"):
            await together([endless("first"), failing(), endless("last")])
        await asyncio.sleep(0)
        return list(ended)

    assert asyncio.run(run()) == ["first", "last"]
