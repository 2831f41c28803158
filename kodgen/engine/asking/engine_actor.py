"""An engine in a process of its own, which Ray starts anew, without its model, when it ends.

A process whose engine died ends with it. Until the model is loaded again, requests are answered
with faults that ask for patience.
"""

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from kodgen.config import VLLMLLM
from kodgen.errors import LLMFault
from kodgen.llm.protocol import Completion, Request
from kodgen.llm.vllm import EngineStats, VLLMEngine

LOADING_SECONDS = 5.0
"""A request is asked to wait so long for an engine that loads its model."""


class EngineActor:
    """One engine, as a Ray actor.

    Args:
        section: The model and the engine's settings.
        model: The model as this node knows it.
        template: Text of the chat template instead of the tokenizer's own.
        name: What messages call it.
    """

    def __init__(self, section: VLLMLLM, model: str, template: str | None, name: str) -> None:
        self._engine = VLLMEngine(section, model, template, name)
        self._patience = section.start_seconds
        self._loading: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Load the model, or wait for it.

        Raises:
            LLMMisconfigured: It never will be loaded.
            LLMFault: It was not; this process ends, and another one may load it.
        """
        await asyncio.shield(self._load())

    def _load(self) -> asyncio.Task[None]:
        if self._loading is None:
            self._loading = asyncio.create_task(self._loaded())
        return self._loading

    async def _loaded(self) -> None:
        try:
            async with asyncio.timeout(self._patience):
                await self._engine.start()
        except TimeoutError:
            _leave(f"{self._engine.name}: the model was not loaded in {self._patience:g} s")
        except LLMFault as fault:
            # A process in which an engine failed to start is not fit for another one.
            asyncio.get_running_loop().call_later(1.0, _leave, str(fault))
            raise LLMFault(f"{fault}{_root_cause()}") from fault

    async def complete_together(self, requests: Sequence[Request]) -> Sequence[Completion]:
        """Answer requests that differ in id and seed alone, as samples of one prompt.

        Raises:
            LLMError: As the engine does; a fault that asks for patience while the model loads.
        """
        loading = self._load()
        if not loading.done():
            raise LLMFault(
                f"{self._engine.name} is loading its model",
                retry_after=LOADING_SECONDS,
                busy=True,
            )
        await loading
        try:
            return await self._engine.complete_together(requests)
        except LLMFault as fault:
            if self._engine.lost:
                _leave(str(fault))
            raise

    async def stats(self) -> EngineStats:
        """What the engine is at."""
        return self._engine.stats()

    async def close(self) -> None:
        """End the engine's processes."""
        await self._engine.close()


def _leave(why: str) -> None:
    """End this process, so that Ray starts the actor anew."""
    sys.stderr.write(f"{why}; leaving\n")
    sys.stderr.flush()
    os._exit(1)


def _root_cause() -> str:
    """The last error that the engine's processes wrote before they ended, if it can be found."""
    try:
        written = Path("/proc/self/fd/2").readlink().read_bytes()[-100_000:]
    except OSError:
        return ""
    errors = [
        line.split("] ", 1)[-1].strip()
        for line in written.decode("utf-8", "replace").splitlines()
        if "Error: " in line and "Engine core initialization failed" not in line
    ]
    return f" ({errors[-1][:300]})" if errors else ""
