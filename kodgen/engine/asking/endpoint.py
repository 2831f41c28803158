"""One place that answers: how many samples it bears, and whether it is to be asked at all."""

import random
from typing import Literal, NamedTuple

from kodgen.engine.asking.breaker import Breaker
from kodgen.engine.asking.limit import Limit
from kodgen.errors import LLMFault, LLMMisconfigured
from kodgen.llm.protocol import LLM

State = Literal["starting", "up", "paused", "down", "wrong"]
"""What an endpoint is: not ready yet; open to requests; asked for patience; out of order and
probed from time to time; or set up so that it will never answer."""

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 30.0
"""Seconds without requests after the second round of faults in a row, doubling from there."""
SHORTEST_ASKED = 0.1
"""Seconds for a server that asks to be tried again at once."""


class EndpointSeen(NamedTuple):
    """How an endpoint fares."""

    name: str
    in_flight: int
    limit: int
    state: State


class Endpoint:
    """A backend with its limit and its breaker; times are seconds of a clock that never jumps.

    Args:
        llm: The backend.
        most: Most samples in flight at it.
        adaptive: Whether how many it bears is to be found out; if not, it bears `most`.
    """

    def __init__(self, llm: LLM, most: int, *, adaptive: bool) -> None:
        self.llm = llm
        self.in_flight = 0
        """Samples in flight."""
        self.started = False
        self.answers = 0
        """Requests answered or refused."""
        self.probes_answered = 0
        self.wrong: LLMMisconfigured | None = None
        """Why it will never answer, once that is known."""
        self.breaker = Breaker()
        self.paused_until = float("-inf")
        self._limit = Limit(most, adaptive=adaptive)
        self._most = most

    @property
    def name(self) -> str:
        """How messages and metrics call it."""
        return self.llm.name

    @property
    def limit(self) -> int:
        """Samples that may be in flight now."""
        return self._limit.samples

    @property
    def down(self) -> bool:
        """Whether nothing is to be sent until a probe was answered, or ever."""
        return self.wrong is not None or not self.started or self.breaker.state == "open"

    def state(self, now: float) -> State:
        """What it is at a time."""
        if self.wrong is not None:
            return "wrong"
        if self.breaker.state == "open":
            return "down"
        if not self.started:
            return "starting"
        return "paused" if now < self.paused_until else "up"

    def seen(self, now: float) -> EndpointSeen:
        """How it fares at a time."""
        return EndpointSeen(self.name, self.in_flight, self.limit, self.state(now))

    def takes(self, samples: int, now: float) -> bool:
        """Whether it may be sent so many more; a request larger than its limit goes alone."""
        if self.down or now < self.paused_until:
            return False
        return self.in_flight == 0 or self.in_flight + samples <= self.limit

    def answered(self, samples: int, now: float) -> None:
        """A request was answered, or refused; its samples count as in flight until now."""
        self.answers += 1
        self._limit.answered(samples, self.in_flight)
        if self.breaker.state == "open":
            self._limit.restart()
        self.breaker.answered(now)

    def probe_answered(self, now: float, fault: LLMFault | None = None) -> None:
        """A probe was answered, or refused for now (`fault`): it may be asked again."""
        self.probes_answered += 1
        self._limit.restart()
        self.breaker.probe_answered(now)
        self.paused_until = now
        if fault is not None:
            self._pause(fault, now)

    def failed(self, fault: LLMFault, sent: float, now: float, patience: float) -> None:
        """A request met a fault; its samples count as in flight until now.

        Args:
            fault: The fault.
            sent: When the request was sent.
            now: The time.
            patience: Longest that a server's wish for patience is granted, in seconds.
        """
        if fault.overload or fault.late:
            self._limit.overloaded(sent, now, self.in_flight)
        self.breaker.fault(sent, now, busy=fault.busy)
        self._pause(fault, now, patience)

    def _pause(self, fault: LLMFault, now: float, patience: float = LONGEST_PAUSE) -> None:
        """Keep still for as long as was asked for, or longer with every round of faults."""
        if fault.retry_after is not None:
            # Spread out, so that clients that were sent away together do not return together.
            asked = max(fault.retry_after, SHORTEST_ASKED) * random.uniform(1.0, 1.5)  # noqa: S311
            seconds = min(asked, patience)
        elif self.breaker.rounds > 1:
            seconds = min(FIRST_PAUSE * 2.0 ** min(self.breaker.rounds - 2, 16), LONGEST_PAUSE)
        else:
            return
        self.paused_until = max(self.paused_until, now + seconds)
