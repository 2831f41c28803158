"""One fork server seen from the supervisor: starts it, gives it a trial, watches, and ends it."""

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from kodgen.errors import SandboxFault
from kodgen.sandbox.messages import LONGEST_MESSAGE
from kodgen.sandbox.watch import GRACE_SECONDS, START_SECONDS

_HARNESS = Path(__file__).resolve().parent / "harness" / "__main__.py"

ENVIRONMENT: Mapping[str, str] = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "HOME": "/sandbox/work",
    "USER": "sandbox",
    "PYTHONUTF8": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # Each arena of each thread would reserve 64 MiB of the trial's address space.
    "MALLOC_ARENA_MAX": "2",
}
"""All that a trial finds in its environment; nothing of ours is passed on."""


class Begun(NamedTuple):
    """A trial's init, seen from here: it waits for orders and ends when they are closed."""

    orders: socket.socket
    pidfd: int


class ForkServer:
    """One slot of the pool: one process, at most one trial at a time."""

    def __init__(self, settings: Mapping[str, Any], hash_seed: int = 0) -> None:
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
            SandboxFault: It did not come up; the message holds what it said.
        """
        self.kill()
        self._spawn()
        try:
            answer, _ = await asyncio.wait_for(self.receive(), START_SECONDS)
        except (TimeoutError, OSError) as error:
            said = self._said()
            self.kill()
            raise SandboxFault(f"the sandbox's fork server did not start: {said}") from error
        if "ready" not in answer:
            self.kill()
            raise SandboxFault(str(answer.get("fault", "the fork server said nothing")))
        return answer

    def _spawn(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._errors = os.memfd_create("kodgen-forkserver-errors")
        command = [sys.executable, "-s", "-P", str(_HARNESS), str(theirs.fileno())]
        with theirs:
            # Blocks for the milliseconds of a vfork; asyncio's own would need a child watcher.
            self._process = subprocess.Popen(  # noqa: S603
                [*command, str(os.getpid()), json.dumps(dict(self._settings))],
                env={**ENVIRONMENT, "PYTHONHASHSEED": str(self._hash_seed)},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                pass_fds=[theirs.fileno()],
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

    async def receive(self) -> tuple[dict[str, Any], list[int]]:
        """One message of the fork server.

        Raises:
            OSError: It hung up.
        """
        control = self._control
        assert control is not None
        await readable(control.fileno())
        data, descriptors, _, _ = socket.recv_fds(control, LONGEST_MESSAGE, 1)
        if not data:
            raise ConnectionResetError("the fork server is gone")
        message = json.loads(data)
        assert isinstance(message, dict)
        return message, descriptors

    async def begin(self, solution: str, test: str) -> "Begun":
        """Begin a trial: have an init forked for it, which waits for orders.

        Raises:
            SandboxFault: There is none to be had, even from a fork server started anew.
        """
        for last in (False, True):
            try:
                if not self.alive:
                    await self.start()
                return await self._begin(solution, test)
            except (OSError, SandboxFault, TimeoutError) as error:
                # It died idle, or was dying: that harmed no trial yet.
                fault = f"{type(error).__name__}: {error} ({self._said()})"
                self.kill()
                if last:
                    raise SandboxFault(fault) from error
        raise AssertionError("the second attempt returns or raises")

    async def _begin(self, solution: str, test: str) -> "Begun":
        assert self._control is not None
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        sources = _memfd({"solution.py": solution, "test_solution.py": test})
        try:
            with theirs:
                socket.send_fds(self._control, [b"{}"], [theirs.fileno(), sources])
            answer, descriptors = await asyncio.wait_for(self.receive(), START_SECONDS)
            if "started" not in answer or len(descriptors) != 1:
                raise SandboxFault(f"the fork server started nothing: {answer}")
        except BaseException:
            ours.close()
            raise
        finally:
            os.close(sources)
        ours.setblocking(False)
        return Begun(ours, descriptors[0])

    async def ended(self) -> dict[str, Any]:
        """What the fork server says of a trial's end, once its init is gone.

        Raises:
            OSError: It hung up.
            TimeoutError: It says nothing.
        """
        answer, _ = await asyncio.wait_for(self.receive(), START_SECONDS)
        return answer

    def describe_failure(self, error: BaseException) -> str:
        """An error of this fork server in words, with what it said last."""
        return f"{type(error).__name__}: {error} ({self._said()})"

    def kill(self) -> None:
        """End it and whatever it is running, at once."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            if self._settings["level"] == "rlimits":
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
                    await asyncio.wait_for(readable(pidfd), GRACE_SECONDS)
                finally:
                    os.close(pidfd)
        self.kill()


def _memfd(files: Mapping[str, str]) -> int:
    """An unnamed file that holds a trial's sources, at its beginning."""
    descriptor = os.memfd_create("kodgen-trial-sources")
    with open(descriptor, "wb", closefd=False) as file:
        file.write(json.dumps(dict(files)).encode())
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


async def readable(descriptor: int) -> None:
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
