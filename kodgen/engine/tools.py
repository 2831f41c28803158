"""What a row stage is lent: asking and verifying, journalled, so a resumed row repeats none."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator, Sequence
from functools import partial
from typing import Any

from kodgen.engine.asking.asker import Asker
from kodgen.engine.asking.dispatch import AHEAD
from kodgen.engine.asking.routes import Routes
from kodgen.engine.store.journal import Journal
from kodgen.engine.turns import SandboxSnapshot
from kodgen.errors import LLMRefusal, SandboxFault
from kodgen.llm.protocol import Completion, Request
from kodgen.records import Verdict, content_hash
from kodgen.sandbox.scrutiny import FULL, Scrutiny

Run = Callable[[str, str, Scrutiny], Awaitable[Verdict]]
"""Run a solution against a test in some sandbox."""

INFRA_RETRIES = 5
"""Tries after a fault of the sandbox; it has retried once itself."""
INFRA_WAIT = 1.0


CROWDED = 4
"""Trials queued for each that the sandboxes can run, at which tries ahead would only be in the way
of what is certain: they are there to fill a model's idle time, not to be waited for."""


class StageTools:
    """The tools of one stage; implements `kodgen.stages.base.Tools`.

    Args:
        asker: Asks the stage's models.
        run: Runs a trial in some sandbox.
        journal: The stage's journal.
        sandbox: Digest of the sandbox's settings; a verdict holds for one of them.
        speculate: Most attempts at one row at a time, ahead of need; 1 for none ahead.
        sandboxes: How busy the sandboxes are; while they lag behind nothing is tried ahead.
    """

    def __init__(
        self,
        asker: Asker | Routes,
        run: Run,
        journal: Journal,
        *,
        sandbox: str = "",
        speculate: int = 1,
        sandboxes: Callable[[], SandboxSnapshot] | None = None,
    ) -> None:
        self._asker = asker
        self._run = run
        self._journal = journal
        self._sandbox = sandbox
        self.speculate = speculate
        self._sandboxes = sandboxes
        self._held_up: deque[asyncio.Future[None]] = deque()

    @property
    def rows_wait(self) -> bool:
        """Whether rows wait to be begun: nothing is tried ahead while any does."""
        return self._asker.rows_wait

    @rows_wait.setter
    def rows_wait(self, wait: bool) -> None:
        self._asker.rows_wait = wait

    async def complete(self, request: Request, *, ahead: bool = False) -> Completion:
        """Ask, retrying faults; later attempts yield to earlier ones, tries ahead to all."""
        return await self._asker.complete(request, priority=_priority(request, ahead=ahead))

    def complete_together(self, requests: Sequence[Request]) -> Sequence[Awaitable[Completion]]:
        """Ask for samples of one prompt, in one request where the model's server takes that."""
        if len(requests) < 2 or self._asker.most_together < 2:
            return [_Later(partial(self.complete, request)) for request in requests]
        together = _Together(self._asker, requests)
        return [_Later(partial(together.answer, number)) for number in range(len(requests))]

    async def spare(self) -> None:
        """Return once the model has nothing certain left to do, and the sandboxes keep up."""
        await self._asker.spare()
        while self._crowded():
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._held_up.append(turn)
            await turn
            await self._asker.spare()

    async def verify(
        self, trial: str, solution: str, test: str, scrutiny: Scrutiny = FULL
    ) -> Verdict:
        """Run, or recall what running exactly this code under these settings said before.

        Raises:
            SandboxFault: The sandbox failed again and again.
        """
        code = verdict_code(self._sandbox, solution, test, scrutiny)
        known = self._journal.get(verdict_key(trial, code))
        if known is not None:
            return Verdict.model_validate(known["verdict"])
        try:
            verdict = await run_patiently(self._run, trial, solution, test, scrutiny)
        finally:
            self._ease()
        line = {"verdict_of": trial, "code": code, "verdict": verdict.model_dump(mode="json")}
        self._journal.append(line)
        return verdict

    def _crowded(self) -> bool:
        if self._sandboxes is None:
            return False
        seen = self._sandboxes()
        return seen.queued > CROWDED * seen.workers

    def _ease(self) -> None:
        """A sandbox has room: let one of those that it held up go on."""
        while self._held_up and not self._crowded():
            turn = self._held_up.popleft()
            if not turn.done():
                turn.set_result(None)
                return


def _priority(request: Request, *, ahead: bool) -> int:
    attempt = int(request.id.rsplit("/", 1)[-1])
    return AHEAD + attempt if ahead else attempt


class _Later:
    """An answer asked for only when it is awaited, so that nothing is left over if it never is."""

    def __init__(self, ask: Callable[[], Coroutine[Any, Any, Completion]]) -> None:
        self._ask = ask

    def __await__(self) -> Generator[Any, None, Completion]:
        return self._ask().__await__()


class _Together:
    """Several samples of one prompt, asked for at once when the first of them is awaited."""

    def __init__(self, asker: Asker | Routes, requests: Sequence[Request]) -> None:
        self._asker = asker
        self._requests = requests
        self._asking: asyncio.Future[list[Completion | LLMRefusal]] | None = None
        self._wanted = set(range(len(requests)))

    async def answer(self, number: int) -> Completion:
        """One of them; the request is given up when nobody wants any of its answers."""
        if self._asking is None:
            priority = _priority(self._requests[0], ahead=False)
            asking = self._asker.complete_together(self._requests, priority=priority)
            self._asking = asyncio.ensure_future(asking)
        try:
            answers = await asyncio.shield(self._asking)
        except asyncio.CancelledError:
            self._wanted.discard(number)
            if not self._wanted:
                self._asking.cancel()
            raise
        answer = answers[number]
        if isinstance(answer, LLMRefusal):
            raise answer
        return answer


async def run_patiently(
    run: Run, trial: str, solution: str, test: str, scrutiny: Scrutiny = FULL
) -> Verdict:
    """Run a trial, again where the sandbox itself failed.

    Raises:
        SandboxFault: It failed again and again.
    """
    verdict = await run(solution, test, scrutiny)
    for retry in range(INFRA_RETRIES):
        if verdict.outcome != "infra":
            return verdict
        await asyncio.sleep(INFRA_WAIT * 2.0**retry)
        verdict = await run(solution, test, scrutiny)
    if verdict.outcome == "infra":
        raise SandboxFault(
            f"{trial}: the sandbox failed {INFRA_RETRIES + 1} times ({verdict.reason}); run "
            "`kodgen doctor` to see what it lacks, then the same command again"
        )
    return verdict


def verdict_code(sandbox: str, solution: str, test: str, scrutiny: Scrutiny = FULL) -> str:
    """What a verdict is of: code, under settings of the sandbox with this digest."""
    closely = () if scrutiny == FULL else (repr(scrutiny),)
    return content_hash(sandbox, solution, test, *closely, length=32)


def verdict_key(trial: str, code: str) -> str:
    """Journal key of a trial's verdict: of this code, under these settings of the sandbox."""
    return f"verdict {trial} {code}"


def row_key(row: str, made_by: str) -> str:
    """Journal key of a finished row: finished by this stage as it is now, from this input."""
    return f"row {made_by} {row}"


def stage_key(line: dict[str, Any]) -> str | None:
    """Key of a line of a stage's journal."""
    if "verdict_of" in line:
        return verdict_key(line["verdict_of"], line["code"])
    # Lines of a version before fingerprints stay as evidence; nothing is recalled from them.
    return row_key(line["row"], line.get("made_by", ""))


def stage_note(line: dict[str, Any]) -> dict[str, Any] | None:
    """What of a finished row is wanted without reading its line again; None for a verdict.

    `kept` and `rejected` are counts; `cells` holds subset and difficulty of each kept row that
    has both.
    """
    if "verdict_of" in line:
        return None
    outcome = line["outcome"]
    return {
        "kept": len(outcome["kept"]),
        "rejected": len(outcome["rejected"]),
        "cells": [
            [kept["subset"], kept["difficulty"]] for kept in outcome["kept"] if "difficulty" in kept
        ],
    }
