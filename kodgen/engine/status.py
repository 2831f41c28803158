"""How a stage gets on, as one plain value: shown by `progress`, served by `metrics`."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

RECENT_SECONDS = 60.0
"""What "now" means for rates that move: tokens per second, how busy the servers are."""

NOT_UP = frozenset({"starting", "down", "wrong"})
"""States of a server that is sent nothing; one that only asked for patience is up."""


class Asking(Protocol):
    """What is read of a model's asker; `kodgen.engine.asking` gives it."""

    @property
    def in_flight(self) -> int:
        """Samples being answered."""

    @property
    def limit(self) -> int:
        """Samples that may be in flight now, at all servers together."""

    @property
    def waiting(self) -> int:
        """Samples that wait for their turn."""

    @property
    def answers(self) -> int:
        """Answers so far."""

    @property
    def faults(self) -> int:
        """Faults of the infrastructure so far."""

    @property
    def refusals(self) -> int:
        """Requests refused for good so far."""

    @property
    def busy_seconds(self) -> float:
        """Time in flight, summed over samples."""

    @property
    def slot_seconds(self) -> float:
        """The limit, summed over the time in which anything was in flight."""

    @property
    def endpoints(self) -> Sequence[tuple[str, int, int, str]]:
        """Name, samples in flight, limit and state of each server."""


class Testing(Protocol):
    """What is read of the sandboxes; `kodgen.engine.cluster` gives it."""

    @property
    def nodes(self) -> int:
        """Nodes with a sandbox."""

    @property
    def workers(self) -> int:
        """Trials that may run at a time."""

    @property
    def running(self) -> int:
        """Trials that run."""

    @property
    def queued(self) -> int:
        """Trials that wait for a worker."""


@dataclass(frozen=True, slots=True)
class Status:
    """One stage at one moment."""

    stage: str
    total: int | None
    """Rows to come in all; None where that is not known."""
    done: int
    accepted: int
    rejected: int
    seconds: float
    """Since this command began the stage."""
    rows_per_second: float
    """Of rows that this command finished."""
    wanted: int | None = None
    """Accepted rows that are enough; None where all rows are to be done."""
    accepted_per_second: float = 0.0
    """Likewise."""
    prompt_tokens: int = 0
    """Of all processes of the run, as far as the servers counted."""
    completion_tokens: int = 0
    prompt_per_second: float | None = None
    """Tokens in the last minute; None before any time has passed."""
    completion_per_second: float | None = None
    attempts: Mapping[int, int] = field(default_factory=dict)
    """Rows by the number of attempts they took, of rows that this command finished."""
    trials: Mapping[str, int] = field(default_factory=dict)
    """Attempts by what the sandbox found, likewise."""
    asking: Asking | None = None
    utilisation: float | None = None
    """Share of what the servers could have in flight that was, in the last minute."""
    sandbox: Testing | None = None
    gpu: float | None = None
    """Share of the time that the GPUs were at work; None where nothing says."""

    @property
    def left_seconds(self) -> float | None:
        """Until all rows are done, or enough of them; None where that can't be told."""
        if self.total is None or self.rows_per_second <= 0:
            return None
        left = max(self.total - self.done, 0) / self.rows_per_second
        if self.wanted is None or self.accepted_per_second <= 0:
            return left
        return min(left, max(self.wanted - self.accepted, 0) / self.accepted_per_second)


class Recent:
    """How fast counters grow, over the last minute."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, ...]] = deque()

    def add(self, now: float, *counters: float) -> None:
        """The counters' values at `now`, in seconds of any clock."""
        self._seen.append((now, *counters))
        while len(self._seen) > 2 and now - self._seen[1][0] >= RECENT_SECONDS:
            self._seen.popleft()

    def growth(self) -> tuple[float, ...] | None:
        """Seconds passed, then how much each counter grew; None before any time has passed."""
        if len(self._seen) < 2 or self._seen[-1][0] <= self._seen[0][0]:
            return None
        return tuple(new - old for new, old in zip(self._seen[-1], self._seen[0], strict=True))


def duration(seconds: float) -> str:
    """A length of time for people: `45 s`, `12 min`, `3.4 h`."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def tokens_told(status: Status) -> str | None:
    """Tokens in and out, and how fast."""
    if not (status.prompt_tokens or status.completion_tokens):
        return None
    told = f"tokens {status.prompt_tokens:,} in {status.completion_tokens:,} out"
    if status.seconds >= 1 and (status.prompt_per_second or status.completion_per_second):
        told += f" ({status.prompt_per_second:,.0f}/s in {status.completion_per_second:,.0f}/s out)"
    return told


def engines_told(status: Status) -> list[str]:
    """Attempts made, how busy servers, GPUs and sandboxes are: what there is to tell."""
    told = []
    if status.attempts:
        counts = " ".join(f"{made}x{rows}" for made, rows in sorted(status.attempts.items()))
        told.append(f"attempts {counts}")
    if status.asking is not None and (status.asking.in_flight or status.asking.waiting):
        told.append(f"model {status.asking.in_flight}/{status.asking.limit} in flight")
        if status.utilisation is not None:
            told[-1] += f" ({100 * status.utilisation:.0f} % used)"
        out = [name for name, _, _, state in status.asking.endpoints if state in NOT_UP]
        if out:
            told.append(f"{len(out)} of {len(status.asking.endpoints)} servers not up")
    if status.gpu is not None:
        told.append(f"GPUs {100 * status.gpu:.0f} % busy")
    if status.sandbox is not None and (status.sandbox.running or status.sandbox.queued):
        told.append(f"sandbox {status.sandbox.running} running {status.sandbox.queued} queued")
    return told


def brief(status: Status) -> list[str]:
    """What moves, in few words: the rest of a line that a bar takes most of."""
    told = []
    if status.seconds >= 1 and status.completion_per_second is not None and status.prompt_tokens:
        told.append(
            f"tokens/s {status.prompt_per_second:,.0f} in {status.completion_per_second:,.0f} out"
        )
    else:
        told += [tokens for tokens in (tokens_told(status),) if tokens is not None]
    if status.asking is not None and (status.asking.in_flight or status.asking.waiting):
        told.append(f"model {status.asking.in_flight}/{status.asking.limit}")
        if status.utilisation is not None:
            told[-1] += f" {100 * status.utilisation:.0f} %"
    if status.gpu is not None:
        told.append(f"GPUs {100 * status.gpu:.0f} %")
    if status.sandbox is not None and (status.sandbox.running or status.sandbox.queued):
        told.append(f"sandbox {status.sandbox.running}+{status.sandbox.queued}")
    if status.attempts:
        counts = " ".join(f"{made}x{rows}" for made, rows in sorted(status.attempts.items()))
        told.append(f"attempts {counts}")
    return told
