"""One node's sandbox as a Ray actor, and how to hear what an actor says.

Untrusted code never runs in a Ray worker, only in the sandbox's own children.
"""

import asyncio
import signal
import traceback
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from kodgen import config
from kodgen.engine import wire
from kodgen.errors import SandboxFault
from kodgen.sandbox.scrutiny import Scrutiny

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
        self._running: set[asyncio.Future[None]] = set()
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> "tuple[Environment, int]":
        """Start it; what its trials run on, and how many at a time."""
        await self._sandbox.start()
        return self._sandbox.environment, self._sandbox.workers

    async def listen(self, token: bytes, *, near: bool) -> wire.Address:
        """Wait for one connection, and run the trials that come over it.

        Args:
            token: What whoever connects has to hold.
            near: Listen where this machine alone can connect.

        Returns:
            Where to connect to.

        Raises:
            OSError: It can't listen there.
        """
        import ray

        host = None if near else ray.util.get_node_ip_address()
        address, caller = await wire.listen(token, host)
        self._serving = asyncio.create_task(self._serve(caller))
        return address

    async def _serve(self, caller: asyncio.Future[wire.Ends]) -> None:
        reader, writer = await caller
        try:
            while True:
                number, solution, test, closely = await wire.received(reader)
                scrutiny = Scrutiny(*closely)
                trial = asyncio.ensure_future(self._run(writer, number, solution, test, scrutiny))
                self._running.add(trial)
                trial.add_done_callback(self._running.discard)
        except OSError:
            pass  # the driver is gone, or has given this sandbox up: it ends us by way of Ray
        finally:
            writer.close()

    async def _run(
        self,
        writer: asyncio.StreamWriter,
        number: int,
        solution: str,
        test: str,
        scrutiny: Scrutiny,
    ) -> None:
        try:
            verdict = await self._sandbox.run(solution, test, scrutiny)
            said = wire.frame([number, {"verdict": verdict.model_dump(mode="json")}])
        except SandboxFault as error:
            said = wire.frame([number, {"fault": str(error)}])
        except Exception:  # noqa: BLE001 (told to the driver, which raises it)
            said = wire.frame([number, {"bug": traceback.format_exc()}])
        writer.write(said)

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
