"""GPUs looked at: what engines tell, and nothing where none tells."""

import asyncio
from dataclasses import dataclass

from kodgen.engine import gpu_watch
from kodgen.engine.gpu_watch import GpuUse
from kodgen.errors import LLMFault


@dataclass
class Told:
    gpu_use: tuple[float, ...]


@dataclass
class Engine:
    told: tuple[float, ...] | None

    async def stats(self):
        if self.told is None:
            raise LLMFault("not up")
        return Told(self.told)


def test_the_share_of_all_engines_gpus(monkeypatch):
    monkeypatch.setattr(gpu_watch, "ASK_SECONDS", 0.01)

    async def work():
        loading = Engine(None)
        use = GpuUse([Engine((0.5, 0.7)), loading])
        assert use.share is None
        await asyncio.sleep(0.05)
        first = use.share
        loading.told = (0.0, 0.0)
        await asyncio.sleep(0.05)
        second = use.share
        await use.close()
        return first, second

    first, second = asyncio.run(work())
    assert round(first, 9) == 0.6
    assert round(second, 9) == 0.3


def test_nothing_where_nothing_tells():
    async def work():
        for engines in ([], [Engine(())], [Engine(None)]):
            use = GpuUse(engines)
            await asyncio.sleep(0.01)
            assert use.share is None
            await use.close()

    asyncio.run(work())
