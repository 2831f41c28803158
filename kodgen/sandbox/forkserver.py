"""One fork server seen from the supervisor: starts it, gives it a trial, watches, and ends it."""

import asyncio
import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from kodgen.errors import SandboxFault
from kodgen.sandbox import procfs
from kodgen.sandbox.messages import LONGEST_MESSAGE
from kodgen.sandbox.transcript import Transcript
from kodgen.sandbox.verdict import Ending, Stop

START_SECONDS = 60.0
"""For a fork server to import pytest, and for a trial to be set up, on a machine that is busy."""
GRACE_SECONDS = 1.0
"""For a trial to be gone after its finish."""
LATE_SECONDS = 1.0
"""A timer that fires later than this says that this process was short of CPU time too."""

_HARNESS = Path(__file__).resolve().parent / "harness" / "__main__.py"
_CREDENTIALS = socket.CMSG_SPACE(12) if hasattr(socket, "CMSG_SPACE") else 0
"""Space for struct ucred: pid, uid, gid; none for descriptors, so that none can be sent to us."""
_STATUS_OUT_OF_MEMORY, _STATUS_FAULT, _STATUS_OVERDUE = 100, 101, 102
"""Exit statuses of a trial's init; see kodgen.sandbox.harness.init."""
_BURST = 64

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


class _Unstarted(SandboxFault):
    """The fork server failed before there was a trial."""


class ForkServer:
    """One slot of the pool: one process, at most one trial at a time."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
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
            answer, _ = await asyncio.wait_for(self._receive(), START_SECONDS)
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
                env=dict(ENVIRONMENT),
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

    async def _receive(self) -> tuple[dict[str, Any], list[int]]:
        """One message of the fork server.

        Raises:
            OSError: It hung up.
        """
        control = self._control
        assert control is not None
        await _readable(control.fileno())
        data, descriptors, _, _ = socket.recv_fds(control, LONGEST_MESSAGE, 1)
        if not data:
            raise ConnectionResetError("the fork server is gone")
        message = json.loads(data)
        assert isinstance(message, dict)
        return message, descriptors

    async def run(self, solution: str, test: str, wall_limit: float) -> tuple[Transcript, Ending]:
        """Run one trial. A fork server that fails is killed; the ending then tells of a fault."""
        try:
            for last in (False, True):
                try:
                    return await self._attempt(solution, test, wall_limit)
                except _Unstarted:
                    # It died idle, or was dying: that harmed no trial yet.
                    self.kill()
                    if last:
                        raise
        except (OSError, SandboxFault, TimeoutError) as error:
            fault = f"{type(error).__name__}: {error} ({self._said()})"
            self.kill()
            return Transcript(""), Ending(0.0, 0.0, 0, fault=fault)
        except BaseException:
            # Cancelled in the middle: nothing of the trial may stay behind.
            self.kill()
            raise
        raise AssertionError("the second attempt returns or raises")

    async def _attempt(
        self, solution: str, test: str, wall_limit: float
    ) -> tuple[Transcript, Ending]:
        if not self.alive:
            await self.start()
        nonce = secrets.token_hex(16)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours:
            ours.setblocking(False)
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
            with theirs:
                pidfd = await self._begin(nonce, theirs, solution, test)
            try:
                watch = _Watch(ours, pidfd, Transcript(nonce), wall_limit)
                with watch:
                    patience = wall_limit + 2 * START_SECONDS
                    answer, _ = await asyncio.wait_for(self._receive(), patience)
                watch.drain()
            finally:
                os.close(pidfd)
        return watch.transcript, watch.ending(answer)

    async def _begin(self, nonce: str, report: socket.socket, solution: str, test: str) -> int:
        """Have the fork server start a trial; the pidfd of its init.

        Raises:
            _Unstarted: It did not.
        """
        assert self._control is not None
        sources = _memfd({"solution.py": solution, "test_solution.py": test})
        try:
            request = json.dumps({"nonce": nonce}).encode()
            socket.send_fds(self._control, [request], [report.fileno(), sources])
            answer, descriptors = await asyncio.wait_for(self._receive(), START_SECONDS)
        except (OSError, TimeoutError) as error:
            raise _Unstarted(f"{type(error).__name__}: {error}") from error
        finally:
            os.close(sources)
        if "started" not in answer or len(descriptors) != 1:
            raise _Unstarted(f"the fork server started nothing: {answer}")
        return descriptors[0]

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
                    await asyncio.wait_for(_readable(pidfd), GRACE_SECONDS)
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


class _Watch:
    """Listens to a running trial and keeps its time."""

    def __init__(
        self, report: socket.socket, pidfd: int, transcript: Transcript, wall_limit: float
    ) -> None:
        self._report = report
        self._pidfd = pidfd
        self._wall_limit = wall_limit
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._deadline = 0.0
        self._begun: float | None = None
        self._born = time.monotonic()
        self._ooms = procfs.oom_kills()
        self._starved = False
        self._cpu_seconds = 0.0
        self._stopped: Stop = ""
        self._setup_overdue = False
        self.transcript = transcript

    def __enter__(self) -> Self:
        self._loop.add_reader(self._report.fileno(), self._hear)
        self._set_timer(START_SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.remove_reader(self._report.fileno())
        if self._timer is not None:
            self._timer.cancel()

    def _set_timer(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._deadline = self._loop.time() + seconds
        self._timer = self._loop.call_later(seconds, self._overdue)

    def _hear(self) -> None:
        """Take in what has come; not all at once, so that no trial holds up the others."""
        for _ in range(_BURST):
            if not self._hear_one():
                return

    def drain(self) -> None:
        """Take in all that is left, once the trial can send no more."""
        while self._hear_one():
            pass

    def _hear_one(self) -> bool:
        try:
            data, ancillary, _, _ = self._report.recvmsg(LONGEST_MESSAGE + 1, _CREDENTIALS)
        except BlockingIOError:
            return False
        if not data and not ancillary:
            # Every copy of the other end is closed.
            self._loop.remove_reader(self._report.fileno())
            return False
        sender = _sender(ancillary)
        transcript = self.transcript
        transcript.hear(data, sender)
        if transcript.complaint is not None:
            self._stop("complaint")
        elif transcript.finished and not self._stopped:
            self._set_timer(GRACE_SECONDS)
        elif transcript.pid is not None and self._begun is None:
            self._begun = time.monotonic()
            self._set_timer(self._wall_limit)
        return True

    def _overdue(self) -> None:
        late = self._loop.time() - self._deadline > LATE_SECONDS
        if self.transcript.finished:
            self._stop("finished")
        elif self._begun is None or self.transcript.pid is None:
            self._setup_overdue = True
            self._kill()
        else:
            load = procfs.load_of(self.transcript.pid)
            self._cpu_seconds = load.cpu_seconds if load is not None else 0.0
            self._starved = late or load is None or load.waited_seconds > self._wall_limit / 2
            self._stop("wall")

    def _stop(self, why: Stop) -> None:
        if not self._stopped:
            self._stopped = why
            self._kill()

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def ending(self, answer: Mapping[str, Any]) -> Ending:
        """How the trial ended, from what the fork server says of its init."""
        status = int(answer["ended"])
        by_signal = status if 0 < status < _STATUS_OUT_OF_MEMORY else 0
        if self._stopped or status < 0:
            by_signal = int(signal.SIGKILL)
        struck = by_signal == signal.SIGKILL and procfs.oom_kills() > self._ooms
        out_of_memory = status == _STATUS_OUT_OF_MEMORY or (not self._stopped and struck)
        return Ending(
            wall_seconds=time.monotonic() - (self._begun or self._born),
            # What a trial used is not passed on to an init that dies before it.
            cpu_seconds=max(float(answer["cpu_seconds"]), self._cpu_seconds),
            peak_memory_bytes=int(answer["peak_memory_bytes"]),
            signal=by_signal,
            stopped=self._stopped,
            out_of_memory=out_of_memory,
            starved=self._starved,
            fault=self._fault(status, out_of_memory=out_of_memory),
        )

    def _fault(self, status: int, *, out_of_memory: bool) -> str:
        if self._setup_overdue:
            return f"the trial was not set up within {START_SECONDS:.0f} s"
        if status == _STATUS_OVERDUE:
            return "the trial outlived its wall limit unnoticed"
        if status == _STATUS_FAULT or (status < 0 and not self._stopped and not out_of_memory):
            return f"the trial's init failed (status {status})"
        return ""


def _sender(ancillary: list[tuple[int, int, bytes]]) -> int:
    """The process that sent a datagram, as the kernel attests; -1 if it does not."""
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_CREDENTIALS:
            return int.from_bytes(data[:4], sys.byteorder, signed=True)
    return -1
