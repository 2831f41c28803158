"""Asks a language model: from the store if paid for before, else with permits and patience.

A fault of the infrastructure is never an attempt and never a row's fault: the request waits and
tries again. When nothing at all has been answered for `give_up_seconds`, a one-token request
tells a server that is down (the run stops, keeping everything) from one that only chokes on some
requests: those are left unanswered once they have used up their retries, the rest goes on.
"""

import asyncio
import logging
import random
import time

from kodgen.config import OpenAILLM, RecordedLLM, Sampling
from kodgen.engine.asking.permits import Permits
from kodgen.engine.store.completions import CompletionStore
from kodgen.errors import LLMError, LLMFault, LLMMisconfigured, LLMRefusal, LLMUnanswered
from kodgen.llm.protocol import LLM, Completion, Message, Request

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
"""Seconds between tries: doubling from the first to the longest, less up to half at random."""
SHORTEST_WAIT = 0.1
"""For a server that asks to be tried again at once."""

MOST_REFUSED = 32
"""Refusals without a single answer that are enough to tell that every request will be refused."""
WARN_SECONDS = 2.0
"""Seconds without any answer before a fault is shown: a passing one is nobody's business."""

log = logging.getLogger(__name__)


class LLMDown(LLMError):
    """The server answers nobody."""


class Asker:
    """The one path from a stage's request to a completion.

    Args:
        llm: The backend.
        section: Its patience and its concurrency.
        store: Where answers are kept.
    """

    def __init__(self, llm: LLM, section: OpenAILLM | RecordedLLM, store: CompletionStore) -> None:
        self.llm = llm
        self._section = section
        self._store = store
        self._permits = Permits(section.concurrency)
        self._quiet_since = time.monotonic()
        self._asking = 0
        self._answers = 0
        self._answered_stages: set[str] = set()
        self._refused: list[asyncio.Future[None]] = []
        self._warned = False
        self._probing = asyncio.Lock()

    async def complete(self, request: Request, priority: int) -> Completion:
        """The answer to a request, stored before it is returned.

        Raises:
            LLMRefusal: The server will never answer this request.
            LLMMisconfigured: It will never answer any.
            LLMDown: It answers nobody.
            LLMUnanswered: It answers others, but not this one.
        """
        stored = self._store.find(request)
        if stored is not None:
            self._answered_stages.add(_stage(request))
            return stored
        if self._asking == 0:
            self._quiet_since = time.monotonic()
        self._asking += 1
        try:
            return await self._insist(request, priority)
        except LLMRefusal as refusal:
            await self._believe(request, refusal)
            raise
        finally:
            self._asking -= 1
            self._reconsider(_stage(request))

    async def _insist(self, request: Request, priority: int) -> Completion:
        tries = passed_over = 0
        answers_seen = self._answers
        while True:
            try:
                async with self._permits.hold(priority):
                    return await self._ask(request)
            except LLMFault as fault:
                tries += 1
                self._warn(fault)
                # While nobody is answered, or a limit is met, the request is not to blame.
                passed_over += self._answers > answers_seen and not fault.busy
                answers_seen = self._answers
                if passed_over > self._section.retries:
                    raise _unanswered(request, tries, fault) from fault
                if self._silence() > self._section.give_up_seconds:
                    await self._probe(request.model, fault)
                    if tries > self._section.retries and not fault.busy:
                        raise _unanswered(request, tries, fault) from fault
                await asyncio.sleep(self._wait(tries, fault.retry_after))

    async def _ask(self, request: Request) -> Completion:
        started = time.monotonic()
        try:
            completion = await self.llm.complete(request)
        except LLMRefusal:
            self._heard()
            raise
        self._heard()
        self._store.add(request, completion, time.monotonic() - started)
        self._answered_stages.add(_stage(request))
        return completion

    def _heard(self) -> None:
        self._quiet_since = time.monotonic()
        self._answers += 1
        self._warned = False

    async def _believe(self, request: Request, refusal: LLMRefusal) -> None:
        """Hold a refusal back until some request of its stage was answered.

        A server set up wrongly (a context too short, a wrong template) refuses everything, and
        believing it would turn every row away for good.

        Raises:
            LLMMisconfigured: All requests that are open were refused, and none was answered ever.
        """
        stage = _stage(request)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._refused.append(turn)
        self._reconsider(stage)
        await turn
        if stage not in self._answered_stages:
            raise LLMMisconfigured(
                f"every request of {stage} so far was refused (one of them: {refusal}); correct "
                "the server's or the pipeline's settings, then run the same command again"
            ) from refusal

    def _reconsider(self, stage: str) -> None:
        everyone = len(self._refused) >= min(self._asking, MOST_REFUSED)
        if self._refused and (everyone or stage in self._answered_stages):
            for turn in self._refused:
                if not turn.done():
                    turn.set_result(None)
            self._refused.clear()

    def _warn(self, fault: LLMFault) -> None:
        """Say once, per time without answers, that the server is in trouble."""
        if not self._warned and self._silence() > WARN_SECONDS:
            self._warned = True
            patience = self._section.give_up_seconds - self._silence()
            log.warning("%s; trying again for %.0f s more", fault, max(patience, 0))

    def _silence(self) -> float:
        return time.monotonic() - self._quiet_since

    async def _probe(self, model: str, fault: LLMFault) -> None:
        """After a long silence, ask for a single token.

        Raises:
            LLMDown: That was not answered either.
        """
        async with self._probing:
            if self._silence() <= self._section.give_up_seconds:
                return
            try:
                await self.llm.complete(smallest_request(model))
            except LLMFault as again:
                if not again.busy:
                    raise LLMDown(
                        f"no answer from {model!r} for {self._silence():.0f} s (last: {fault}); "
                        "everything answered so far is kept: when the server is back, run the "
                        "same command again"
                    ) from fault
            except (LLMRefusal, LLMMisconfigured, LLMUnanswered):
                pass  # a server that refuses is a server that answers
            self._heard()

    def _wait(self, tries: int, asked: float | None) -> float:
        """Seconds until the next try: what the server asked for, or else backing off; jittered.

        No longer than the run's patience, so that a wait never hides a server that is gone.
        """
        jitter = random.random() / 2  # noqa: S311 (spreads load, decides no row)
        if asked is None:
            return min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(tries - 1, 16)) * (1 - jitter)
        return min(max(asked, SHORTEST_WAIT), self._section.give_up_seconds) * (1 + jitter)

    async def close(self) -> None:
        """Let go of the backend's connections."""
        await self.llm.close()


def smallest_request(model: str) -> Request:
    """A request for a single token, to see whether a server answers at all."""
    return Request(
        id="probe",
        model=model,
        messages=(Message(role="user", content="ping"),),
        sampling=Sampling(max_tokens=1),
        seed=0,
    )


def _stage(request: Request) -> str:
    return request.id.split("/", 1)[0]


def _unanswered(request: Request, tries: int, fault: LLMFault) -> LLMUnanswered:
    return LLMUnanswered(f"{request.id}: no answer in {tries} tries: {fault}")
