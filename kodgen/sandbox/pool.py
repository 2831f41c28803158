"""The sandbox as the rest of kodgen sees it: any number of trials asked for, a few run at once."""

import asyncio
import os
from types import TracebackType
from typing import Self

from kodgen import config
from kodgen.records import Isolation, Verdict
from kodgen.sandbox import isolation
from kodgen.sandbox.forkserver import ForkServer
from kodgen.sandbox.verdict import decide

MOST_CODE = 1024 * 1024
"""Characters of a solution or test file; more is no code that anyone trains on."""


class Sandbox:
    """Runs untrusted solutions against their tests, each pair in a world of its own.

    Bound to the event loop that `start` ran in. Waiting calls of `run` are served in order.
    """

    isolation: Isolation

    def __init__(self, limits: config.Sandbox) -> None:
        self._limits = limits
        self._servers: list[ForkServer] = []
        self._idle: asyncio.Queue[ForkServer] = asyncio.Queue()
        self._alone = asyncio.Lock()

    async def start(self) -> None:
        """Find the isolation level this machine can give, and start a fork server for each core.

        Raises:
            IsolationError: No namespaces can be had, and `accept_no_isolation` is not set.
            SandboxFault: The fork servers don't come up although the level is there.
        """
        level = await isolation.choose(self._limits)
        workers = self._limits.workers or len(os.sched_getaffinity(0))
        self._servers = [
            ForkServer(isolation.settings(self._limits, level, slot)) for slot in range(workers)
        ]
        try:
            async with asyncio.TaskGroup() as group:
                for server in self._servers:
                    group.create_task(server.start())
        except BaseExceptionGroup as failures:
            await self.close()
            raise failures.exceptions[0] from None
        self.isolation = level
        for server in self._servers:
            self._idle.put_nowait(server)

    async def run(self, solution: str, test: str) -> Verdict:
        """Run `test` against `solution`; code that misbehaves gives a verdict, never an error.

        A trial that the sandbox itself failed is run once more, with no other beside it; if that
        fails too, the outcome is `infra`.
        """
        if len(solution) > MOST_CODE or len(test) > MOST_CODE:
            return Verdict(outcome="limit", reason="source_too_long", isolation="not_run")
        server = await self._idle.get()
        try:
            verdict = await self._run_on(server, solution, test)
        finally:
            self._idle.put_nowait(server)
        if verdict.outcome != "infra":
            return verdict
        return await self._run_alone(solution, test)

    async def _run_alone(self, solution: str, test: str) -> Verdict:
        held: list[ForkServer] = []
        async with self._alone:
            try:
                while len(held) < len(self._servers):
                    held.append(await self._idle.get())
                return await self._run_on(held[0], solution, test)
            finally:
                for server in held:
                    self._idle.put_nowait(server)

    async def _run_on(self, server: ForkServer, solution: str, test: str) -> Verdict:
        transcript, ending = await server.run(solution, test, self._limits.wall_limit)
        return decide(transcript, ending, test, self._limits.cpu_seconds, self.isolation)

    async def close(self) -> None:
        """End all fork servers, and with them whatever still runs."""
        servers, self._servers = self._servers, []
        await asyncio.gather(*(server.close() for server in servers))

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()
