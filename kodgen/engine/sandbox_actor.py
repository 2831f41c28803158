"""One node's sandbox as a Ray actor, and how to hear what an actor says.

Untrusted code never runs in a Ray worker, only in the sandbox's own children.
"""

import asyncio
import signal
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from kodgen import config
from kodgen.records import Verdict

if TYPE_CHECKING:
    from kodgen.sandbox import Environment


class SandboxActor:
    """One node's sandbox, as a Ray actor."""

    def __init__(self, limits: config.Sandbox) -> None:
        from kodgen.sandbox import Sandbox
        from kodgen.sandbox.harness import kernel

        # Our parent is the node's raylet. Were it lost, we would linger for minutes.
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        self._sandbox = Sandbox(limits)
        self._running: set[asyncio.Future[Verdict]] = set()

    async def start(self) -> "tuple[Environment, int]":
        """Start it; what its trials run on, and how many at a time."""
        await self._sandbox.start()
        return self._sandbox.environment, self._sandbox.workers

    async def run(self, solution: str, test: str) -> Verdict:
        """Run a trial."""
        trial = asyncio.ensure_future(self._sandbox.run(solution, test))
        self._running.add(trial)
        trial.add_done_callback(self._running.discard)
        return await trial

    async def alive(self) -> None:
        """Answer."""

    async def close(self) -> None:
        """End its processes, in the middle of trials if there are any."""
        for trial in self._running:
            trial.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self._sandbox.close()


async def answer(call: Awaitable[Any]) -> Any:
    """What a remote call gives; its own error where it raises, not Ray's account of it."""
    from ray.exceptions import RayTaskError

    try:
        return await call
    except RayTaskError as error:
        raise error.cause from None
