"""One fork server seen from the supervisor: starts it, gives it a trial, watches, and ends it."""

import asyncio
import contextlib
import json
import os
import secrets
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kodgen.errors import ConfigError, SandboxFault
from kodgen.sandbox.environ import ENVIRONMENT
from kodgen.sandbox.messages import LONGEST_MESSAGE
from kodgen.sandbox.transcript import Transcript
from kodgen.sandbox.verdict import Ending
from kodgen.sandbox.watch import GRACE_SECONDS, START_SECONDS, Watch

_HARNESS = Path(__file__).resolve().parent / "harness" / "__main__.py"

CLEARING_SECONDS = 15.0
"""For a fork server that ends to empty what its last run filled."""
PRELOAD_SECONDS = 70.0
"""For the import of one module; the fork server itself gives up a little sooner, and says so."""


@dataclass(frozen=True, slots=True)
class Order:
    """A run to be made; see kodgen.sandbox.harness.settings for what each field does."""

    kinds: tuple[str, ...]
    coverage: bool = False
    cpu_seconds: int = 0
    names: tuple[str, ...] = ()
    random_seed: int = 0
    reorder: int = 0
    hurried: bool = False


class _Unstarted(SandboxFault):
    """The fork server failed before there was a run."""


class ForkServer:
    """One slot of the pool: one process, at most one trial at a time.

    Args:
        python: The interpreter that trials run under.
        settings: See `kodgen.sandbox.harness.settings`.
        hash_seed: Its `PYTHONHASHSEED`.
    """

    def __init__(self, python: str, settings: Mapping[str, Any], hash_seed: int = 0) -> None:
        self._python = python
        self._settings = settings
        self._hash_seed = hash_seed
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._errors = -1

    @property
    def alive(self) -> bool:
        """Whether it can take a trial."""
        return self._process is not None and self._process.poll() is None

    async def start(self) -> dict[str, Any]:
        """Start it and wait until it is ready; what it says of itself.

        Raises:
            ConfigError: A module can't be preloaded.
            SandboxFault: It did not come up; the message holds what it said.
        """
        self.kill()
        self._spawn()
        patience = START_SECONDS + PRELOAD_SECONDS * len(self._settings["preload"])
        try:
            answer = await asyncio.wait_for(self._receive(), patience)
        except (TimeoutError, OSError) as error:
            said = self._said()
            self.kill()
            raise SandboxFault(f"the sandbox's fork server did not start: {said}") from error
        if "refused" in answer:
            self.kill()
            raise ConfigError(str(answer["refused"]))
        if "ready" not in answer:
            self.kill()
            raise SandboxFault(str(answer.get("fault", "the fork server said nothing")))
        return answer

    def _spawn(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._errors = os.memfd_create("kodgen-forkserver-errors")
        command = [self._python, "-s", "-P", str(_HARNESS), str(theirs.fileno())]
        with theirs:
            # Blocks for the milliseconds of a vfork; asyncio's own would need a child watcher.
            self._process = subprocess.Popen(  # noqa: S603
                [*command, str(os.getpid()), json.dumps(dict(self._settings))],
                env={**ENVIRONMENT, "PYTHONHASHSEED": str(self._hash_seed)},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                pass_fds=[theirs.fileno(), *self._settings["cgroup"]],
                start_new_session=True,
            )
        ours.setblocking(False)
        self._control = ours

    def _said(self) -> str:
        """The end of what the process wrote to its standard error."""
        if self._errors < 0:
            return "it is not running"
        size = os.fstat(self._errors).st_size
        text = os.pread(self._errors, 2000, max(0, size - 2000)).decode(errors="replace")
        return text.strip() or "it said nothing"

    async def _receive(self) -> dict[str, Any]:
        """One message of the fork server.

        Raises:
            OSError: It hung up.
        """
        control = self._control
        assert control is not None
        await _readable(control.fileno())
        data = control.recv(LONGEST_MESSAGE)
        if not data:
            raise ConnectionResetError("the fork server is gone")
        message = json.loads(data)
        assert isinstance(message, dict)
        return message

    async def run(
        self, order: Order, solution: str, test: str, wall_limit: float
    ) -> tuple[list[Transcript], Ending]:
        """Make one run; a transcript of each kind that it came to, at least one, and its ending.

        A fork server that fails is killed; the ending then tells of a fault.
        """
        try:
            for last in (False, True):
                try:
                    return await self._attempt(order, solution, test, wall_limit)
                except _Unstarted:
                    # It died idle, or was dying: that harmed no run yet.
                    self.kill()
                    if last:
                        raise
        except (OSError, SandboxFault, TimeoutError) as error:
            fault = f"{type(error).__name__}: {error} ({self._said()})"
            self.kill()
            return [Transcript("")], Ending(0.0, 0.0, 0, fault=fault)
        except BaseException:
            # Cancelled in the middle: nothing of the run may stay behind.
            self.kill()
            raise
        raise AssertionError("the second attempt returns or raises")

    async def _attempt(
        self, order: Order, solution: str, test: str, wall_limit: float
    ) -> tuple[list[Transcript], Ending]:
        if not self.alive:
            await self.start()
        nonce = secrets.token_hex(16)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours:
            ours.setblocking(False)
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
            with theirs:
                self._order({**asdict(order), "nonce": nonce}, theirs, solution, test)
            parts = len(order.kinds)
            with Watch(ours, self._stop_run, Transcript(nonce), parts, wall_limit) as watch:
                patience = wall_limit + 2 * START_SECONDS
                try:
                    answer = await asyncio.wait_for(self._receive(), patience)
                except ConnectionResetError as error:
                    watch.drain()
                    if watch.transcripts[0].pid is None:
                        # Untrusted code runs after hello alone, so none had a part in this.
                        raise _Unstarted(str(error)) from error
                    raise
            watch.drain()
        return watch.transcripts, watch.ending(answer)

    def _order(
        self, order: Mapping[str, Any], report: socket.socket, solution: str, test: str
    ) -> None:
        """Ask for a run.

        Raises:
            _Unstarted: The fork server does not hear.
        """
        assert self._control is not None
        sources = [_memfd(solution), _memfd(test)]
        try:
            message = json.dumps(order).encode()
            socket.send_fds(self._control, [message], [report.fileno(), *sources])
        except OSError as error:
            raise _Unstarted(f"{type(error).__name__}: {error}") from error
        finally:
            for descriptor in sources:
                os.close(descriptor)

    def _stop_run(self) -> None:
        """Have the present run ended; if even that is not heard, its fork server is gone."""
        if self._control is not None:
            with contextlib.suppress(OSError):
                self._control.send(b'{"stop": true}')

    def kill(self) -> None:
        """End it and whatever it is running, at once."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            if self._settings["level"] != "namespaces":
                # No namespace dies with it: it has to clear up after its trial itself.
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(GRACE_SECONDS)
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            self._process.wait()
            self._process = None
        if self._errors >= 0:
            os.close(self._errors)
            self._errors = -1

    async def close(self) -> None:
        """End it in peace: it is idle, and leaves when its control socket closes."""
        if self._control is not None:
            self._control.close()
            self._control = None
        process = self._process
        if process is not None and process.poll() is None:
            with contextlib.suppress(TimeoutError, OSError):
                pidfd = os.pidfd_open(process.pid)
                try:
                    await asyncio.wait_for(_readable(pidfd), CLEARING_SECONDS)
                finally:
                    os.close(pidfd)
        self.kill()


def _memfd(text: str) -> int:
    """An unnamed file that holds a text; what is no Unicode as it came, for Python to refuse."""
    descriptor = os.memfd_create("kodgen-source")
    with open(descriptor, "wb", closefd=False) as file:
        file.write(text.encode("utf-8", "surrogatepass"))
    return descriptor


async def _readable(descriptor: int) -> None:
    """Wait until a descriptor can be read."""
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()

    def wake() -> None:
        if not ready.done():
            ready.set_result(None)

    loop.add_reader(descriptor, wake)
    try:
        await ready
    finally:
        loop.remove_reader(descriptor)
