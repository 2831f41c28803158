"""One trial on one fork server: runs ordered one after another of its init."""

import asyncio
import contextlib
import json
import os
import secrets
import signal
import socket
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import Any, Self

from kodgen.errors import SandboxFault
from kodgen.sandbox.forkserver import Begun, ForkServer, readable
from kodgen.sandbox.messages import LONGEST_MESSAGE
from kodgen.sandbox.transcript import Transcript
from kodgen.sandbox.verdict import Ending
from kodgen.sandbox.watch import START_SECONDS, Watch


@dataclass(frozen=True, slots=True)
class Order:
    """A run to be made; see kodgen.sandbox.harness.settings for what each field does."""

    kind: str
    coverage: bool = False
    random_seed: int = 0
    reorder: int = 0
    hurried: bool = False


class Trial:
    """A pair of solution and test on a fork server; within `async with`, runs can be ordered."""

    def __init__(self, server: ForkServer, solution: str, test: str, wall_limit: float) -> None:
        self._server = server
        self._sources = solution, test
        self._wall_limit = wall_limit
        self._begun: Begun | None = None

    async def run(self, order: Order) -> tuple[Transcript, Ending]:
        """Make one run; what it said, and how it ended. A sandbox that fails gives a fault."""
        try:
            return await self._run(order)
        except (OSError, SandboxFault, TimeoutError) as error:
            fault = self._server.describe_failure(error)
            self._abandon()
            return Transcript(""), Ending(0.0, 0.0, 0, fault=fault)
        except BaseException:
            # Cancelled in the middle: nothing of the trial may stay behind.
            self._abandon()
            raise

    async def _run(self, order: Order) -> tuple[Transcript, Ending]:
        if self._begun is None:
            self._begun = await self._server.begin(*self._sources)
        begun = self._begun
        nonce = secrets.token_hex(16)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours:
            ours.setblocking(False)
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
            message = json.dumps({**asdict(order), "nonce": nonce}).encode()
            with theirs:
                socket.send_fds(begun.orders, [message], [theirs.fileno()])
            with Watch(ours, begun.pidfd, Transcript(nonce), self._wall_limit) as watch:
                patience = self._wall_limit + 2 * START_SECONDS
                answer = await asyncio.wait_for(self._answer(begun), patience)
            watch.drain()
        return watch.transcript, watch.ending(answer)

    async def _answer(self, begun: Begun) -> dict[str, Any]:
        """What the init says of the run, or the fork server of an init that is gone."""
        await readable(begun.orders.fileno())
        try:
            data = begun.orders.recv(LONGEST_MESSAGE)
        except ConnectionResetError:
            data = b""
        if data:
            answer = json.loads(data)
            assert isinstance(answer, dict)
            return answer
        self._close()
        return await self._server.ended()

    def _close(self) -> None:
        if self._begun is not None:
            self._begun.orders.close()
            os.close(self._begun.pidfd)
            self._begun = None

    def _abandon(self) -> None:
        self._close()
        self._server.kill()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Have the init go, and whatever is left with it."""
        if self._begun is None:
            return
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._begun.pidfd, signal.SIGKILL)
        self._close()
        try:
            await self._server.ended()
        except (OSError, TimeoutError):
            self._server.kill()
        except BaseException:
            self._server.kill()
            raise
