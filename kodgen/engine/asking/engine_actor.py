"""An engine in a process of its own, which Ray starts anew, without its model, when it ends.

A process whose engine died ends with it. Until the model is loaded again, requests are answered
with faults that ask for patience.
"""

import asyncio
import contextlib
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from kodgen.config import VLLMLLM
from kodgen.errors import LLMFault
from kodgen.llm.protocol import Completion, Request
from kodgen.llm.vllm import EngineStats, VLLMEngine

LOADING_SECONDS = 5.0
"""A request is asked to wait so long for an engine that loads its model."""
LEAVING_SECONDS = 0.5
"""For what the engine was at to be told that it died."""
LOG_BYTES = 2**20
"""So much of what the engine's processes wrote is looked at for an error."""
ERROR_LINE = re.compile(r"ERROR [^\]\n]*\] ((?!\S*EngineDeadError)[\w.]+(?:Error|Exception): .*)")
"""How vLLM logs the last line of a traceback; that an engine is dead is no reason of its death."""


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
        # Ray's workers stand back behind all else, and an engine that waits for a processor keeps
        # its GPU waiting.
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, 0)

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
            raise _last_words(fault) from fault

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
                raise _last_words(fault) from fault
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


def _last_words(fault: LLMFault) -> LLMFault:
    """A fault that tells why the engine died; its process leaves once that was sent."""
    asyncio.get_running_loop().call_later(LEAVING_SECONDS, _leave, str(fault))
    return LLMFault(f"{fault}{_root_cause()}")


def _root_cause() -> str:
    """The first error that the engine's processes logged, if it can be found."""
    try:
        logged = Path("/proc/self/fd/1").readlink().read_bytes()[-LOG_BYTES:]
    except OSError:
        return ""
    found = ERROR_LINE.search(logged.decode("utf-8", "replace"))
    return f": {found[1][:300]}" if found else ""
