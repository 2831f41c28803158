"""Permits go to the most urgent caller; a caller that gives up loses none."""

import asyncio

from kodgen.engine.asking.permits import Permits


def test_never_more_at_once_than_permits():
    async def main():
        permits = Permits(3)
        inside = peak = 0

        async def work(priority):
            nonlocal inside, peak
            async with permits.hold(priority):
                inside += 1
                peak = max(peak, inside)
                await asyncio.sleep(0)
                inside -= 1

        await asyncio.gather(*(work(n % 4) for n in range(50)))
        return peak

    assert asyncio.run(main()) == 3


def test_urgent_first_then_first_come():
    async def main():
        permits = Permits(1)
        order = []

        async def work(name, priority):
            async with permits.hold(priority):
                order.append(name)

        async with permits.hold(0):
            tasks = [
                asyncio.ensure_future(work(name, priority))
                for name, priority in [("retry", 3), ("fresh", 0), ("second", 1), ("fresh too", 0)]
            ]
            await asyncio.sleep(0)
        await asyncio.gather(*tasks)
        return order

    assert asyncio.run(main()) == ["fresh", "fresh too", "second", "retry"]


def test_cancelled_waiters_and_holders_give_their_permit_back():
    async def main():
        permits = Permits(1)

        async def work():
            async with permits.hold(0):
                await asyncio.sleep(60)

        tasks = [asyncio.ensure_future(work()) for _ in range(5)]
        await asyncio.sleep(0)
        for task in (tasks[3], tasks[0], tasks[1], tasks[2], tasks[4]):
            task.cancel()
            await asyncio.sleep(0)
        await asyncio.gather(*tasks, return_exceptions=True)
        async with asyncio.timeout(1), permits.hold(0):
            return True

    assert asyncio.run(main())


def test_a_permit_granted_at_the_moment_of_cancelling_goes_on():
    async def main():
        permits = Permits(1)
        reached = []

        async def work(name):
            async with permits.hold(0):
                reached.append(name)

        async with permits.hold(0):
            first = asyncio.ensure_future(work("first"))
            second = asyncio.ensure_future(work("second"))
            await asyncio.sleep(0)
        first.cancel()  # its turn was granted by the release just now
        await asyncio.gather(first, second, return_exceptions=True)
        return reached

    assert asyncio.run(main()) == ["second"]
