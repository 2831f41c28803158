"""Asks a language model: from the store if paid for before, else wherever there is room, patiently.

A fault of the infrastructure is never an attempt and never a row's fault: the request goes back
into the queue, and to another endpoint if there is one. An endpoint that only fails is left alone
but for a small probe now and then; while all are, the run waits. When nothing at all has answered
for `give_up_seconds` the run stops, keeping everything. A request that alone is not answered,
while others are, is left unanswered once it has used up its retries, and the rest goes on.
"""

import asyncio
import random
import time
from collections.abc import Callable, Sequence

from kodgen.config import VLLMLLM, LLMSettings
from kodgen.engine.asking.dispatch import Dispatcher
from kodgen.engine.asking.endpoint import Endpoint
from kodgen.engine.asking.outages import Outages
from kodgen.engine.asking.refusals import Refusals
from kodgen.engine.asking.snapshot import AskingSnapshot
from kodgen.engine.stopping import Stop, StoppedEarly
from kodgen.engine.store.completions import CompletionStore
from kodgen.errors import LLMFault, LLMMisconfigured, LLMRefusal, LLMUnanswered
from kodgen.llm.protocol import Completion, Request

FIRST_WAIT, LONGEST_WAIT = 0.25, 10.0
"""Seconds between a request's tries: doubling from the first to the longest, less up to half at
random. Its server is kept from being flooded by limit, pauses and breaker."""
FIRST_PATIENCE = 60.0
"""Most seconds to wait for a server that never answered: more likely it was never there."""
FEW_OPEN = 8
"""So few requests open, none answered, while probes are: then the requests are to blame."""


class Asker:
    """The one path from a stage's request to a completion.

    Args:
        endpoints: Where the model answers; at least one.
        section: The model's settings: its patience.
        store: Where answers are kept.
        stop: Says when nothing new is to be asked.
        after_answer: Called after each answer that was stored.
    """

    def __init__(
        self,
        endpoints: Sequence[Endpoint],
        section: LLMSettings,
        store: CompletionStore,
        stop: Stop | None = None,
        after_answer: Callable[[], None] = lambda: None,
    ) -> None:
        self._section = section
        self._store = store
        self._stop = stop or Stop()
        self._after_answer = after_answer
        self._dispatch = Dispatcher(endpoints)
        self._refusals = Refusals(self._stop)
        patience = section.give_up_seconds
        own = isinstance(section, VLLMLLM)
        first = patience if own else min(patience, FIRST_PATIENCE)
        self._outages = Outages(self._dispatch, section.model, patience, first)
        self._asking = 0
        self._answers = 0
        self._faults = 0
        self.can_prefill = all(one.llm.can_prefill for one in endpoints)
        """Whether the model can finish a user's turn."""
        self.most_together = min(one.llm.most_together for one in endpoints)
        """Samples of one prompt that one request gives; 1 where each needs its own."""
        self._stop.on_request(self._end)

    @property
    def rows_wait(self) -> bool:
        """Whether rows wait to be begun, so that no room is spare."""
        return self._dispatch.rows_wait

    @rows_wait.setter
    def rows_wait(self, wait: bool) -> None:
        self._dispatch.rows_wait = wait

    async def start(self) -> None:
        """Start all endpoints at once; return when the first is up. Again: do nothing.

        Raises:
            LLMMisconfigured: None will ever be.
            LLMDown: None was within the run's patience.
        """
        await self._outages.start()

    async def complete(self, request: Request, priority: int) -> Completion:
        """The answer to a request, stored before it is returned.

        Raises:
            LLMRefusal: The server will never answer this request.
            LLMMisconfigured: It will never answer any.
            LLMDown: It answers nobody.
            LLMUnanswered: It answers others, but not this one.
            StoppedEarly: The run is to end, and this was not asked.
        """
        stored = self._store.find(request)
        if stored is not None:
            self._refusals.answered(_stage(request))
            return stored
        (completion,) = await self._ask_patiently([request], priority)
        return completion

    async def complete_together(
        self, requests: Sequence[Request], priority: int
    ) -> list[Completion | LLMRefusal]:
        """The answers to requests that differ in id and seed alone, in their order.

        Those not stored yet are asked in as few requests as the model's servers take; where they
        refuse several at once, or give no answer, one by one.

        Raises:
            LLMError: As `complete` does, but for refusals: none that is stored is lost by it.
            StoppedEarly: The run is to end; likewise.
        """
        found = {one.id: self._store.find(one) for one in requests}
        open_ones = [one for one in requests if found[one.id] is None]
        size = self.most_together
        parts = [open_ones[at : at + size] for at in range(0, len(open_ones), size)]
        asked = await asyncio.gather(
            *(self._part(part, priority) for part in parts), return_exceptions=True
        )
        answers: dict[str, Completion | LLMRefusal] = {
            name: completion for name, completion in found.items() if completion is not None
        }
        for part, given in zip(parts, asked, strict=True):
            if isinstance(given, BaseException):
                raise given
            answers |= {one.id: answer for one, answer in zip(part, given, strict=True)}
        return [answers[one.id] for one in requests]

    async def _part(
        self, requests: Sequence[Request], priority: int
    ) -> Sequence[Completion | LLMRefusal]:
        if len(requests) > 1:
            try:
                return await self._ask_patiently(requests, priority)
            except (LLMRefusal, LLMUnanswered):
                pass  # perhaps it is their number that the server does not like, or chokes on
        alone = (self.complete(one, priority) for one in requests)
        asked = await asyncio.gather(*alone, return_exceptions=True)
        for answer in asked:
            if isinstance(answer, BaseException) and not isinstance(answer, LLMRefusal):
                raise answer
        return [answer for answer in asked if isinstance(answer, Completion | LLMRefusal)]

    async def _ask_patiently(
        self, requests: Sequence[Request], priority: int
    ) -> Sequence[Completion]:
        self._stop.check()
        await self._outages.start()
        if self._asking == 0:
            self._outages.begin()
        self._asking += 1
        stage = _stage(requests[0])
        try:
            return await self._insist(requests, priority)
        except LLMRefusal as refusal:
            if len(requests) == 1:
                await self._refusals.believe(stage, refusal, self._asking)
            raise
        finally:
            self._asking -= 1
            self._refusals.reconsider(stage, self._asking)

    async def _insist(self, requests: Sequence[Request], priority: int) -> Sequence[Completion]:
        tries = own_tries = passed_over = 0
        avoid: Endpoint | None = None
        seen = {one: self._seen(one) for one in self._dispatch.endpoints}
        while True:
            self._stop.check()
            endpoint = await self._dispatch.take(priority, len(requests), avoid)
            sent = time.monotonic()
            try:
                return await self._ask(endpoint, requests, sent)
            except LLMMisconfigured as error:
                if self._outages.wrong(endpoint, error):
                    raise
                continue
            except LLMFault as fault:
                self._faults += 1
                tries += 1
                # A server that answers nobody, or has too much to do, says nothing of the request.
                own = not (fault.busy or fault.overload)
                own_tries += own
                passed_over += own and self._seen(endpoint) > seen[endpoint]
                seen[endpoint] = self._seen(endpoint)
                self._outages.fault(endpoint, fault, sent)
                silent = self._outages.real_silence() > self._section.give_up_seconds
                stuck = silent and own and tries > self._section.retries
                if passed_over > self._section.retries or stuck:
                    raise _unanswered(requests, tries, fault) from fault
                avoid = endpoint
                patient = fault.retry_after is None
            finally:
                self._dispatch.give_back(endpoint, len(requests))
            others = any(not one.down for one in self._dispatch.endpoints if one is not endpoint)
            self._stop.check()
            if patient and not (others and tries == 1):
                await self._dispatch.rest(_wait(own_tries))

    async def _ask(
        self, endpoint: Endpoint, requests: Sequence[Request], sent: float
    ) -> Sequence[Completion]:
        answers: Sequence[Completion]
        try:
            if len(requests) == 1:
                answers = [await endpoint.llm.complete(requests[0])]
            else:
                answers = await endpoint.llm.complete_together(requests)
        except LLMRefusal:
            self._outages.answered(endpoint, len(requests))
            raise
        self._outages.answered(endpoint, len(requests))
        self._answers += len(requests)
        seconds = time.monotonic() - sent
        for request, answer in zip(requests, answers, strict=True):
            self._store.add(request, answer, seconds, together=len(requests))
        self._refusals.answered(_stage(requests[0]))
        self._after_answer()
        return answers

    def _seen(self, endpoint: Endpoint) -> int:
        """Answers of a server that show that it is not to blame for a fault."""
        few = self._asking <= FEW_OPEN
        return endpoint.answers + (endpoint.probes_answered if few else 0)

    def _end(self) -> None:
        """The run is to end: whoever waits to ask is told."""
        reason = self._stop.reason
        self._outages.quiet()
        self._dispatch.fail(lambda: StoppedEarly(str(reason)))

    async def spare(self) -> None:
        """Return once nobody waits, `rows_wait` is False and there is room for one sample.

        Raises:
            StoppedEarly: The run is to end.
        """
        self._stop.check()
        await self._dispatch.spare()

    def snapshot(self) -> AskingSnapshot:
        """How asking fares."""
        dispatch, now = self._dispatch, time.monotonic()
        dispatch.meter()
        return AskingSnapshot(
            in_flight=dispatch.in_flight,
            limit=dispatch.limit,
            waiting=dispatch.waiting,
            answers=self._answers,
            faults=self._faults,
            refusals=self._refusals.count,
            busy_seconds=dispatch.busy_seconds,
            slot_seconds=dispatch.slot_seconds,
            endpoints=tuple(one.seen(now) for one in dispatch.endpoints),
        )

    async def close(self) -> None:
        """Let go of the endpoints' connections and engines."""
        await self._outages.close()
        await asyncio.gather(*(one.llm.close() for one in self._dispatch.endpoints))


def _wait(tries: int) -> float:
    """Seconds until the next try: backing off, jittered."""
    jitter = random.random() / 2  # noqa: S311 (spreads load, decides no row)
    return min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(max(tries - 1, 0), 16)) * (1 - jitter)


def _stage(request: Request) -> str:
    return request.id.split("/", 1)[0]


def _unanswered(requests: Sequence[Request], tries: int, fault: LLMFault) -> LLMUnanswered:
    names = requests[0].id if len(requests) == 1 else f"{requests[0].id} and those beside it"
    return LLMUnanswered(f"{names}: no answer in {tries} tries: {fault}")
