import asyncio


async def fetch(name, seconds):
    await asyncio.sleep(seconds)
    return name.upper()


async def gather(names):
    return await asyncio.gather(*(fetch(name, 0.01) for name in names))


def run(names):
    return asyncio.run(gather(names))
