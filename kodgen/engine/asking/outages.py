"""Tells a server that stumbles from one that is down, probes it, and says when to give up."""

import asyncio
import logging
import time
from collections.abc import Callable

from kodgen.config import Sampling
from kodgen.engine.asking.dispatch import Dispatcher
from kodgen.engine.asking.endpoint import Endpoint
from kodgen.errors import LLMError, LLMFault, LLMMisconfigured, LLMRefusal, LLMUnanswered
from kodgen.llm.protocol import Message, Request

WARN_SECONDS = 2.0
"""Seconds without any answer before a fault is shown: a passing one is nobody's business."""
PROBE_SECONDS = 60.0
"""Deadline of a probe: one token, behind whatever the server is busy with."""

START_LOOKS = 0.05
"""Seconds between looks at whether the first endpoint is up: loading a model takes minutes."""

log = logging.getLogger(__name__)


class LLMDown(LLMError):
    """The server answers nobody."""


class Outages:
    """Keeps the endpoints' breakers, and probes those that are open.

    Args:
        dispatch: The endpoints and whoever waits for them.
        model: The model, to ask for and to name.
        give_up: Seconds without any sign of life after which all who wait get `LLMDown`.
        first: The same until the first answer.
    """

    def __init__(self, dispatch: Dispatcher, model: str, give_up: float, first: float) -> None:
        self.answers = 0
        """Requests answered or refused."""
        self._dispatch = dispatch
        self._model = model
        self._give_up = give_up
        self._first = first
        self._quiet_since = time.monotonic()
        self._real_quiet_since = self._quiet_since
        self._warned = False
        self._last_fault: LLMError | None = None
        self._left_alone: set[Endpoint] = set()
        self._first_up: asyncio.Task[None] | None = None
        self._starting: list[asyncio.Task[None]] = []
        self._reviving: dict[Endpoint, asyncio.Task[None]] = {}
        self._quiet = False

    async def start(self) -> None:
        """Start all endpoints; return once one is up. Again: return at once.

        Raises:
            LLMMisconfigured: None will ever be up.
            LLMDown: None was in time.
        """
        if self._first_up is None:
            self._first_up = asyncio.create_task(self._start_all())
        if self._first_up.done():
            self._first_up.result()
        else:
            await asyncio.shield(self._first_up)

    async def _start_all(self) -> None:
        self.begin()
        endpoints = self._dispatch.endpoints
        self._starting = [asyncio.create_task(self._start_one(one)) for one in endpoints]
        while not any(one.started for one in endpoints):
            for task in self._starting:
                if task.done():
                    task.result()
            first = endpoints[0].wrong
            if first is not None and all(one.wrong for one in endpoints):
                raise LLMMisconfigured(str(first)) from first
            await self._dispatch.rest(START_LOOKS)

    async def _start_one(self, endpoint: Endpoint) -> None:
        try:
            await endpoint.llm.start()
        except LLMMisconfigured as error:
            self.wrong(endpoint, error)
        except LLMFault as fault:
            self._last_fault = fault
            endpoint.breaker.trip(time.monotonic())
            self._revive_later(endpoint)
        else:
            endpoint.started = True
            self._dispatch.look()

    def begin(self) -> None:
        """Nobody was asking until now: silence counts from here."""
        self._quiet_since = self._real_quiet_since = time.monotonic()

    def answered(self, endpoint: Endpoint, samples: int) -> None:
        """An endpoint answered a request, or refused it."""
        now = time.monotonic()
        endpoint.answered(samples, now)
        self.answers += 1
        self._real_quiet_since = now
        self._heard(endpoint, now)

    def _heard(self, endpoint: Endpoint, now: float) -> None:
        self._quiet_since = now
        if self._warned:
            self._warned = False
            log.warning("%r answers again; going on", self._model)
        elif endpoint in self._left_alone:
            log.warning("%s answers again", endpoint.name)
        self._left_alone.discard(endpoint)

    def fault(self, endpoint: Endpoint, fault: LLMFault, sent: float) -> None:
        """A request to an endpoint met a fault.

        Raises:
            LLMDown: It is one more of those that ask for patience, and all of that is used up.
        """
        self._last_fault = fault
        endpoint.failed(fault, sent, time.monotonic(), self._give_up)
        if fault.busy:
            self._warn(fault)
            if self._silence() > self._give_up:
                message = self._down_message()
                self._dispatch.fail(lambda: LLMDown(message))
                raise LLMDown(message)
        if endpoint.breaker.state == "open":
            self._revive_later(endpoint)

    def wrong(self, endpoint: Endpoint, error: LLMMisconfigured) -> bool:
        """An endpoint will never answer; whether none will."""
        if endpoint.wrong is None:
            endpoint.wrong = error
            if any(one.wrong is None for one in self._dispatch.endpoints):
                log.warning("%s; going on without it", error)
        if any(one.wrong is None for one in self._dispatch.endpoints):
            self._dispatch.look()
            return False
        self._dispatch.fail(lambda: LLMMisconfigured(str(error)))
        return True

    def real_silence(self) -> float:
        """Seconds since a request was answered, or since asking began; probes do not count."""
        return time.monotonic() - self._real_quiet_since

    def _silence(self) -> float:
        return time.monotonic() - self._quiet_since

    def _patience(self) -> float:
        return self._give_up if self.answers else self._first

    def _warn(self, fault: LLMFault) -> None:
        """Say once, per time without answers, that no server is of use."""
        if not self._warned and self._silence() > min(WARN_SECONDS, self._patience()):
            self._warned = True
            left = max(self._patience() - self._silence(), 0)
            log.warning("%s; trying again for %.0f s more", fault, left)

    def _revive_later(self, endpoint: Endpoint) -> None:
        running = self._reviving.get(endpoint)
        if (running is None or running.done()) and not self._quiet:
            self._reviving[endpoint] = asyncio.create_task(self._revive(endpoint))

    async def _revive(self, endpoint: Endpoint) -> None:
        """Probe until it answers; an answer to a request that was in flight ends it too."""
        while endpoint.breaker.state == "open" and endpoint.wrong is None:
            due = endpoint.breaker.probe_at - time.monotonic()
            patience_left = self._patience() - self._silence()
            # The last probe comes when patience ends, not long after.
            await asyncio.sleep(max(min(due, patience_left) if patience_left > 0 else due, 0.0))
            if endpoint.breaker.state == "open":
                try:
                    await self._probe(endpoint)
                except Exception as error:
                    # A bug: who waits for this endpoint would never hear of it.
                    self._dispatch.fail(_same(error))
                    raise
                self._give_up_in_time()

    async def _probe(self, endpoint: Endpoint) -> None:
        try:
            if not endpoint.started:
                await endpoint.llm.start()
                endpoint.started = True
            async with asyncio.timeout(PROBE_SECONDS):
                await endpoint.llm.complete(smallest_request(self._model))
        except LLMMisconfigured as error:
            self.wrong(endpoint, error)
        except LLMFault as fault:
            self._last_fault = fault
            if fault.busy:
                self._alive(endpoint, fault)
            else:
                self._no_sign(endpoint, fault)
        except TimeoutError:
            late = f"{endpoint.name}: not one token in {PROBE_SECONDS:g} s"
            self._no_sign(endpoint, LLMFault(late))
        except (LLMRefusal, LLMUnanswered):
            self._alive(endpoint)  # a server that refuses is a server that answers
        else:
            self._alive(endpoint)

    def _no_sign(self, endpoint: Endpoint, fault: LLMFault) -> None:
        endpoint.breaker.probe_failed(time.monotonic())
        self._warn(fault)
        others = any(not one.down for one in self._dispatch.endpoints)
        if others and endpoint not in self._left_alone:
            self._left_alone.add(endpoint)
            log.warning("%s; left alone until it answers, the others go on", fault)

    def _alive(self, endpoint: Endpoint, fault: LLMFault | None = None) -> None:
        now = time.monotonic()
        endpoint.probe_answered(now, fault)
        if fault is None:
            self._heard(endpoint, now)
        self._dispatch.look()

    def _give_up_in_time(self) -> None:
        """All who wait are told that the servers are down, once patience is over."""
        dead = all(one.wrong or one.breaker.probes_failed for one in self._dispatch.endpoints)
        if dead and self._silence() >= self._patience():
            message = self._down_message()
            self._dispatch.fail(lambda: LLMDown(message))

    def _down_message(self) -> str:
        return (
            f"no answer from {self._model!r} for {self._silence():.0f} s (last: "
            f"{self._last_fault}); everything answered so far is kept: when the server is back, "
            "run the same command again"
        )

    def quiet(self) -> None:
        """Send no probe from now on."""
        self._quiet = True
        for task in self._reviving.values():
            task.cancel()

    async def close(self) -> None:
        """End what goes on in the background."""
        self.quiet()
        tasks = [*self._starting, *self._reviving.values()]
        tasks += [self._first_up] if self._first_up is not None else []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _same(error: Exception) -> Callable[[], Exception]:
    return lambda: error


def smallest_request(model: str) -> Request:
    """A request for a single token, to see whether a server answers at all."""
    return Request(
        id="probe",
        model=model,
        messages=(Message(role="user", content="ping"),),
        sampling=Sampling(max_tokens=1),
        seed=0,
    )
