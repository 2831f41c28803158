"""Watches one run of a trial: hears its report, keeps its time, and says how it ended."""

import asyncio
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any, Self

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

_CREDENTIALS = socket.CMSG_SPACE(12) if hasattr(socket, "CMSG_SPACE") else 0
"""Space for struct ucred: pid, uid, gid; none for descriptors, so that none can be sent to us."""
_STATUS_OUT_OF_MEMORY, _STATUS_FAULT, _STATUS_OVERDUE = 100, 101, 102
_STATUS_OUT_OF_SPACE, _STATUS_SPACE_VANISHING = 103, 104
"""Statuses of a run; see kodgen.sandbox.harness.server."""
_BURST = 64


class Watch:
    """Listens to a running trial and keeps its time."""

    def __init__(
        self,
        report: socket.socket,
        end: Callable[[], None],
        transcript: Transcript,
        parts: int,
        wall_limit: float,
    ) -> None:
        self._report = report
        self._end = end
        self._wall_limit = wall_limit
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._deadline = 0.0
        self._begun: float | None = None
        self._born = time.monotonic()
        self._ooms = procfs.oom_kills()
        self._starved = False
        self._stopped: Stop = ""
        self._setup_overdue = False
        self._missing = parts - 1
        self.transcripts = [transcript]

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
        if self.transcripts[-1].ended and self._missing:
            self._missing -= 1
            self.transcripts.append(self.transcripts[-1].sequel())
        transcript = self.transcripts[-1]
        transcript.hear(data, _sender(ancillary))
        if transcript.complaint is not None:
            self._stop("complaint")
        elif transcript.ended and not self._missing and not self._stopped:
            self._set_timer(GRACE_SECONDS)
        elif transcript.pid is not None and self._begun is None:
            self._begun = time.monotonic()
            self._set_timer(self._wall_limit)
        return True

    def _overdue(self) -> None:
        late = self._loop.time() - self._deadline > LATE_SECONDS
        transcript = self.transcripts[-1]
        if transcript.ended and not self._missing:
            self._stop("finished")
        elif self._begun is None or transcript.pid is None:
            self._setup_overdue = True
            self._end()
        else:
            load = procfs.load_of(transcript.pid)
            self._starved = late or load is None or load.waited_seconds > self._wall_limit / 2
            self._stop("wall")

    def _stop(self, why: Stop) -> None:
        if not self._stopped:
            self._stopped = why
            self._end()

    def ending(self, answer: Mapping[str, Any]) -> Ending:
        """How the run ended, from what the fork server says of it."""
        status = int(answer["ended"])
        by_signal = status if 0 < status < _STATUS_OUT_OF_MEMORY else 0
        if self._stopped:
            by_signal = int(signal.SIGKILL)
        struck = by_signal == signal.SIGKILL and procfs.oom_kills() > self._ooms
        out_of_memory = status == _STATUS_OUT_OF_MEMORY or (not self._stopped and struck)
        return Ending(
            wall_seconds=time.monotonic() - (self._begun or self._born),
            cpu_seconds=float(answer["cpu_seconds"]),
            peak_memory_bytes=int(answer["peak_memory_bytes"]),
            signal=by_signal,
            stopped=self._stopped,
            out_of_memory=out_of_memory,
            out_of_space=status == _STATUS_OUT_OF_SPACE,
            starved=self._starved,
            fault=self._fault(status),
        )

    def _fault(self, status: int) -> str:
        if self._setup_overdue:
            return f"the run was not set up within {START_SECONDS:.0f} s"
        if status == _STATUS_OVERDUE:
            return "the run outlived its wall limit unnoticed"
        if status == _STATUS_SPACE_VANISHING:
            return "space for temporary files vanished that no run seems to have taken"
        return "the run could not be set up" if status == _STATUS_FAULT else ""


def _sender(ancillary: list[tuple[int, int, bytes]]) -> int:
    """The process that sent a datagram, as the kernel attests; -1 if it does not."""
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_CREDENTIALS:
            return int.from_bytes(data[:4], sys.byteorder, signed=True)
    return -1
