"""What a row stage would ask for, found by running it on what is stored and asking nobody."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from kodgen.engine.rows import parsed_outcome
from kodgen.engine.store.completions import CompletionStore
from kodgen.engine.store.journal import Journal
from kodgen.engine.tools import row_key, verdict_code, verdict_key
from kodgen.errors import LLMUnanswered
from kodgen.llm.protocol import Completion, Request
from kodgen.records import Record, Verdict
from kodgen.sandbox.scrutiny import FULL, Scrutiny
from kodgen.stages.base import RowStage

In = TypeVar("In", bound=Record)
Out = TypeVar("Out", bound=Record)


TURNS = 20
"""Turns of the event loop in which a row that can go on does."""


class _UnverifiedError(LLMUnanswered):
    """Code that no stored verdict is of."""


@dataclass(frozen=True, slots=True)
class Found(Generic[Out]):
    """What is known of one row beforehand."""

    known: bool
    """Whether what becomes of it is; if not, that depends on what is yet to come."""
    recalled: bool
    """Whether that is journalled as it is."""
    kept: tuple[Out, ...] = ()
    """The rows it becomes, where that is known."""
    wanted: tuple[Request, ...] = ()
    """Requests that are certain to be asked."""
    unverified: int = 0
    """Stored answers whose code is to be run first."""
    answered: frozenset[int] = frozenset()
    """Attempts whose stored answers hold."""
    results: tuple[int | None, ...] = ()
    """1 or 0 for each attempt from the first on that passed or did not; None if not known."""


class StoredTools:
    """Lends a stage what is stored and nothing else; for one row.

    Args:
        store: Answers.
        journal: Verdicts.
        sandbox: Digest of the sandbox's settings.
    """

    speculate = 1

    def __init__(self, store: CompletionStore, journal: Journal, sandbox: str) -> None:
        self._store = store
        self._journal = journal
        self._sandbox = sandbox
        self.wanted: dict[str, Request] = {}
        self.unverified: set[str] = set()
        self.answered: set[int] = set()
        self.passed: set[int] = set()
        self._steps = 0

    async def complete(self, request: Request, *, ahead: bool = False) -> Completion:
        """The stored answer.

        Raises:
            LLMUnanswered: There is none that holds.
        """
        return await self._given(request, None if ahead else self._find(request))

    def complete_together(self, requests: Sequence[Request]) -> Sequence[Awaitable[Completion]]:
        """As `complete`; all are looked up at once, so that none is missed if one is not there."""
        return [self._given(request, self._find(request)) for request in requests]

    async def spare(self) -> None:
        """Nothing is ever tried ahead.

        Raises:
            LLMUnanswered: Always.
        """
        raise LLMUnanswered("nothing is asked ahead of need")

    async def verify(
        self, trial: str, solution: str, test: str, scrutiny: Scrutiny = FULL
    ) -> Verdict:
        """The stored verdict.

        Raises:
            LLMUnanswered: There is none.
        """
        self._steps += 1
        code = verdict_code(self._sandbox, solution, test, scrutiny)
        known = self._journal.get(verdict_key(trial, code))
        if known is None:
            self.unverified.add(trial)
            await self._all_else()
            raise _UnverifiedError(f"{trial}: not run yet")
        verdict = Verdict.model_validate(known["verdict"])
        attempt = _attempt(trial)
        if verdict.passed and attempt is not None:
            self.passed.add(attempt)
        return verdict

    def _find(self, request: Request) -> Completion | None:
        self._steps += 1
        completion = self._store.find(request)
        if completion is None:
            self.wanted[request.id] = request
        else:
            self.answered.add(int(request.id.rsplit("/", 1)[-1]))
        return completion

    async def _given(self, request: Request, completion: Completion | None) -> Completion:
        if completion is None:
            await self._all_else()
            raise LLMUnanswered(f"{request.id}: not asked yet")
        return completion

    async def _all_else(self) -> None:
        """Return once the row gets no further: a stage asks for no more once it was told no."""
        seen = -1
        while seen != self._steps:
            seen = self._steps
            for _ in range(TURNS):
                await asyncio.sleep(0)

    def results(self) -> tuple[int | None, ...]:
        """What is known of each attempt."""
        known = self.answered - {_attempt(trial) for trial in self.unverified}
        return tuple(
            int(attempt in self.passed) if attempt in known else None
            for attempt in range(max(known, default=-1) + 1)
        )


async def look_ahead(
    stage: RowStage[In, Out],
    rows: Iterable[In],
    store: CompletionStore,
    journal: Journal,
    made_by: Callable[[In], str],
    sandbox: str,
    *,
    keep: bool,
) -> AsyncIterator[tuple[In, Found[Out]]]:
    """Run a stage on what is stored.

    Args:
        stage: The stage.
        rows: Its input.
        store: Answers.
        journal: The stage's journal: outcomes and verdicts.
        made_by: Fingerprint of a row.
        sandbox: Digest of the sandbox's settings.
        keep: Whether the rows kept are wanted.

    Yields:
        Every row with what is known of it, in their order.
    """
    for row in rows:
        key = row_key(str(row.id), made_by(row))  # type: ignore[attr-defined]
        if key not in journal:
            found = await _look(stage, row, StoredTools(store, journal, sandbox))
            yield row, found if keep else replace(found, kept=())
            continue
        line = journal.get(key) if keep else None
        kept = () if line is None else parsed_outcome(line, stage.produces).kept
        yield row, Found(known=True, recalled=True, kept=kept)


async def _look(stage: RowStage[In, Out], row: In, tools: StoredTools) -> Found[Out]:
    try:
        outcome = await stage.process(row, tools)
    except LLMUnanswered:
        return Found(
            known=False,
            recalled=False,
            wanted=tuple(tools.wanted.values()),
            unverified=len(tools.unverified),
            answered=frozenset(tools.answered),
            results=tools.results(),
        )
    return Found(known=True, recalled=False, kept=outcome.kept)


def _attempt(name: str) -> int | None:
    """The attempt that a name is of; None for code that was run beside any attempt."""
    last = name.rsplit("/", 1)[-1]
    return int(last) if last.isdecimal() else None
