"""How busy the GPUs of a model's engines are, asked now and then while they run."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

from kodgen.errors import LLMFault

ASK_SECONDS = 5.0
"""Between looks; what is asked for is the share of the second before."""


class Busy(Protocol):
    """What an engine tells of itself, as far as GPUs go."""

    @property
    def gpu_use(self) -> tuple[float, ...]:
        """Share of time that each of its GPUs was at work; empty where nothing can tell."""


class Engine(Protocol):
    """An engine that can be asked."""

    async def stats(self) -> Busy:
        """What it is at.

        Raises:
            LLMFault: It is not up.
        """


class GpuUse:
    """Looks at the GPUs of some engines until closed; made inside an event loop."""

    def __init__(self, engines: Sequence[Engine]) -> None:
        self.share: float | None = None
        """Share of time that the GPUs of all engines are at work; None where nothing can tell."""
        self._task = asyncio.create_task(self._look(engines)) if engines else None

    async def _look(self, engines: Sequence[Engine]) -> None:
        while True:
            told = await asyncio.gather(*(_use(engine) for engine in engines))
            uses = [use for one in told for use in one]
            self.share = sum(uses) / len(uses) if uses else None
            await asyncio.sleep(ASK_SECONDS)

    async def close(self) -> None:
        """Stop looking."""
        if self._task is None:
            return
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task


async def _use(engine: Engine) -> tuple[float, ...]:
    try:
        return (await engine.stats()).gpu_use
    except LLMFault:
        return ()
