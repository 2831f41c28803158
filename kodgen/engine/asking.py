"""Asks a language model: from the store if paid for before, else with permits and patience.

A fault of the infrastructure is never an attempt and never a row's fault: the request waits and
tries again. When nothing at all has been answered for `give_up_seconds`, a one-token request
tells a server that is down (the run stops, keeping everything) from one that only chokes on some
requests (those are left unanswered, the rest goes on).
"""

import asyncio
import logging
import random
import time

from kodgen.config import OpenAILLM, RecordedLLM, Sampling
from kodgen.engine.completions import CompletionStore
from kodgen.engine.permits import Permits
from kodgen.errors import LLMError, LLMFault, LLMMisconfigured, LLMRefusal
from kodgen.llm.protocol import LLM, Completion, Message, Request

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
"""Seconds between tries: doubling from the first to the longest, less up to half at random."""

WARN_SECONDS = 2.0
"""Seconds without any answer before a fault is shown: a passing one is nobody's business."""

log = logging.getLogger(__name__)


class LLMDown(LLMError):
    """The server answers nobody."""


class LLMUnanswered(LLMError):
    """The server answers others, but not this request."""


class Asker:
    """The one path from a stage's request to a completion.

    Args:
        llm: The backend.
        section: Its patience and its concurrency.
        store: Where answers are kept.
    """

    def __init__(self, llm: LLM, section: OpenAILLM | RecordedLLM, store: CompletionStore) -> None:
        self._llm = llm
        self._section = section
        self._store = store
        self._permits = Permits(section.concurrency)
        self._quiet_since = time.monotonic()
        self._asking = 0
        self._answers = 0
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
            return stored
        if self._asking == 0:
            self._quiet_since = time.monotonic()
        self._asking += 1
        try:
            return await self._insist(request, priority)
        finally:
            self._asking -= 1

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
                # While nobody is answered, the server is to blame and not the request.
                passed_over += self._answers > answers_seen
                answers_seen = self._answers
                if passed_over > self._section.retries:
                    raise LLMUnanswered(
                        f"{request.id}: no answer in {tries} tries: {fault}"
                    ) from fault
                if self._silence() > self._section.give_up_seconds:
                    await self._tell_apart(request, fault)
                await asyncio.sleep(_wait(tries, fault.retry_after))

    async def _ask(self, request: Request) -> Completion:
        started = time.monotonic()
        try:
            completion = await self._llm.complete(request)
        except LLMRefusal:
            self._heard()
            raise
        self._heard()
        self._store.add(request, completion, time.monotonic() - started)
        return completion

    def _heard(self) -> None:
        self._quiet_since = time.monotonic()
        self._answers += 1
        self._warned = False

    def _warn(self, fault: LLMFault) -> None:
        """Say once, per time without answers, that the server is in trouble."""
        if not self._warned and self._silence() > WARN_SECONDS:
            self._warned = True
            patience = self._section.give_up_seconds - self._silence()
            log.warning("%s; trying again for %.0f s more", fault, max(patience, 0))

    def _silence(self) -> float:
        return time.monotonic() - self._quiet_since

    async def _tell_apart(self, request: Request, fault: LLMFault) -> None:
        async with self._probing:
            if self._silence() > self._section.give_up_seconds:
                try:
                    await self._llm.complete(_smallest(request.model))
                except LLMFault:
                    raise LLMDown(
                        f"no answer from {request.model!r} for {self._silence():.0f} s "
                        f"(last: {fault}); everything answered so far is kept: when the server "
                        "is back, run the same command again"
                    ) from fault
                except (LLMRefusal, LLMMisconfigured):
                    pass  # a server that refuses is a server that answers
                self._heard()
        raise LLMUnanswered(f"{request.id}: the server answers, but not this: {fault}") from fault

    async def close(self) -> None:
        """Let go of the backend's connections."""
        await self._llm.close()


def _smallest(model: str) -> Request:
    return Request(
        id="probe",
        model=model,
        messages=(Message(role="user", content="ping"),),
        sampling=Sampling(max_tokens=1),
        seed=0,
    )


def _wait(tries: int, asked: float | None) -> float:
    """Seconds until the next try: what the server asked for, or else backing off with jitter."""
    backoff = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(tries - 1, 16))
    jittered = backoff * (1 - random.random() / 2)  # noqa: S311 (spreads load, decides no row)
    return max(asked or 0.0, jittered)
