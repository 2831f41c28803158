"""Hands endpoints to requests: the most urgent request first, to whom has the most room."""

import asyncio
import heapq
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from kodgen.engine.asking.endpoint import Endpoint

AHEAD = 1_000_000
"""Priorities from here on are of requests ahead of need; certain ones go before all of them."""
PROMISED_SECONDS = 0.1
"""How long room told of is kept for who was told: its request takes a few turns of the loop."""


@dataclass(slots=True, eq=False)
class _Waiter:
    turn: asyncio.Future[Endpoint]
    samples: int
    avoid: Endpoint | None


class Dispatcher:
    """One queue for all endpoints of a model.

    Counting samples and not rows keeps the servers full however long verification takes, and
    serving first attempts before retries keeps work for the whole run instead of a tail of hard
    questions. A request of several samples waits until they fit together, and no later request
    passes it by.

    Args:
        endpoints: Where requests may go.
    """

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        self.endpoints = tuple(endpoints)
        self.busy_seconds = 0.0
        """Samples in flight, integrated over time."""
        self.slot_seconds = 0.0
        """Samples that might have been in flight, integrated over the time in which any was."""
        self._waiting: list[tuple[int, int, _Waiter]] = []
        self._arrivals = 0
        self._resting: set[asyncio.Future[None]] = set()
        self._spare: dict[asyncio.Future[None], None] = {}
        """Who waits for spare room, in order of arrival."""
        self._promised: deque[float] = deque()
        """When each promise of room ends, the earliest first."""
        self._rows_wait = False
        self._metered_at = time.monotonic()
        self._alarm: asyncio.TimerHandle | None = None

    @property
    def rows_wait(self) -> bool:
        """Whether rows wait to be begun, so that no room is spare."""
        return self._rows_wait

    @rows_wait.setter
    def rows_wait(self, wait: bool) -> None:
        self._rows_wait = wait
        self.look()

    @property
    def waiting(self) -> int:
        """Requests that wait for room, or for another try."""
        turns = sum(not waiter.turn.done() for _, _, waiter in self._waiting)
        return turns + len(self._resting)

    @property
    def in_flight(self) -> int:
        """Samples in flight."""
        return sum(endpoint.in_flight for endpoint in self.endpoints)

    @property
    def limit(self) -> int:
        """Samples that may be in flight at the endpoints that are not down."""
        return sum(endpoint.limit for endpoint in self.endpoints if not endpoint.down)

    async def take(
        self, priority: int, samples: int = 1, avoid: Endpoint | None = None
    ) -> Endpoint:
        """Wait for room; `give_back` must follow.

        Args:
            priority: The lowest goes first, then whoever came first.
            samples: How much room.
            avoid: An endpoint to take only where no other has room.

        Raises:
            KodgenError: As `fail` was told, while this waited.
        """
        turn: asyncio.Future[Endpoint] = asyncio.get_running_loop().create_future()
        self._arrivals += 1
        waiter = _Waiter(turn, samples, avoid)
        heapq.heappush(self._waiting, (priority, self._arrivals, waiter))
        if priority >= AHEAD and self._promised:
            self._promised.popleft()
        self.look()
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self.give_back(turn.result(), samples)
            raise

    def give_back(self, endpoint: Endpoint, samples: int) -> None:
        """The samples are no longer in flight."""
        self.meter()
        endpoint.in_flight -= samples
        self.look()

    async def rest(self, seconds: float) -> None:
        """Wait before another try; ended early, with an error, by `fail`."""
        loop = asyncio.get_running_loop()
        over: asyncio.Future[None] = loop.create_future()
        alarm = loop.call_later(seconds, _done, over)
        self._resting.add(over)
        try:
            await over
        finally:
            alarm.cancel()
            self._resting.discard(over)

    async def spare(self) -> None:
        """Return once nobody waits, no row does, and there is room; one call for each place."""
        told: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._spare[told] = None
        self.look()
        try:
            await told
        finally:
            self._spare.pop(told, None)

    def fail(self, error: Callable[[], Exception]) -> None:
        """Wake everybody who waits, with an error made for each."""
        turns: list[asyncio.Future[Any]] = [waiter.turn for _, _, waiter in self._waiting]
        for one in [*turns, *self._resting, *self._spare]:
            if not one.done():
                one.set_exception(error())
        self._waiting.clear()
        self._spare.clear()

    def look(self) -> None:
        """Something changed: give room to whom it is due."""
        self.meter()
        now = self._metered_at
        while self._waiting:
            waiter = self._waiting[0][2]
            if not waiter.turn.done():
                endpoint = self._room(waiter, now)
                if endpoint is None:
                    self._set_alarm(now)
                    return
                endpoint.in_flight += waiter.samples
                waiter.turn.set_result(endpoint)
            heapq.heappop(self._waiting)
        self._tell_spare(now)

    def _room(self, waiter: _Waiter, now: float) -> Endpoint | None:
        open_ones = [one for one in self.endpoints if one.takes(waiter.samples, now)]
        return min(
            open_ones,
            key=lambda one: (one is waiter.avoid, one.in_flight / one.limit),
            default=None,
        )

    def _tell_spare(self, now: float) -> None:
        while self._promised and self._promised[0] <= now:
            self._promised.popleft()
        if not self._spare or self._rows_wait:
            return
        room = sum(max(0, one.limit - one.in_flight) for one in self.endpoints if one.takes(1, now))
        # Requests that rest between two tries will want theirs.
        room -= len(self._resting)
        while self._spare and len(self._promised) < room:
            told = next(iter(self._spare))
            del self._spare[told]
            if not told.done():
                told.set_result(None)
                self._promised.append(now + PROMISED_SECONDS)
        if self._spare:
            self._set_alarm(now)

    def _set_alarm(self, now: float) -> None:
        """Look again when a pause ends or a promise does."""
        times = [one.paused_until for one in self.endpoints if one.paused_until > now]
        times += [ends for ends in list(self._promised)[:1] if ends > now]
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if times:
            loop = asyncio.get_running_loop()
            self._alarm = loop.call_later(max(min(times) - now, 0.001), self.look)

    def meter(self) -> None:
        """Bring the integrals over time up to now."""
        now = time.monotonic()
        in_flight = self.in_flight
        if in_flight:
            passed = now - self._metered_at
            self.busy_seconds += passed * in_flight
            self.slot_seconds += passed * max(self.limit, in_flight)
        self._metered_at = now


def _done(over: asyncio.Future[None]) -> None:
    if not over.done():
        over.set_result(None)
