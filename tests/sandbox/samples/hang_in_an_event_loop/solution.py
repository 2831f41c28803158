import asyncio


def area(width, height):
    async def never():
        await asyncio.get_running_loop().create_future()

    return asyncio.run(never())
