"""What a row stage would ask for, found by running it on what is stored and asking nobody."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from kodgen.engine.rows import parsed_outcome
from kodgen.engine.store.completions import CompletionStore
from kodgen.engine.store.journal import Journal
from kodgen.engine.tools import row_key, verdict_code, verdict_key
from kodgen.errors import LLMUnanswered
from kodgen.llm.protocol import Completion, Request
from kodgen.records import Record, Verdict
from kodgen.stages.attempts import Policy
from kodgen.stages.base import RowStage

In = TypeVar("In", bound=Record)
Out = TypeVar("Out", bound=Record)


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
    answered: int = 0
    """Stored answers that hold."""
    prefix: tuple[int, int] = (0, 0)
    """Attempts known from the first on without a gap, and how many of them passed."""


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
        self.unverified: set[int] = set()
        self.answered: set[int] = set()
        self.passed: set[int] = set()

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

    async def verify(self, trial: str, solution: str, test: str) -> Verdict:
        """The stored verdict.

        Raises:
            LLMUnanswered: There is none.
        """
        code = verdict_code(self._sandbox, solution, test)
        known = self._journal.get(verdict_key(trial, code))
        attempt = _attempt(trial)
        if known is None:
            self.unverified.add(attempt)
            raise _UnverifiedError(f"{trial}: not run yet")
        verdict = Verdict.model_validate(known["verdict"])
        if verdict.passed:
            self.passed.add(attempt)
        return verdict

    def _find(self, request: Request) -> Completion | None:
        completion = self._store.find(request)
        if completion is None:
            self.wanted[request.id] = request
        else:
            self.answered.add(_attempt(request.id))
        return completion

    async def _given(self, request: Request, completion: Completion | None) -> Completion:
        if completion is None:
            raise LLMUnanswered(f"{request.id}: not asked yet")
        return completion

    def prefix(self) -> tuple[int, int]:
        """Attempts known from the first on without a gap, and how many of them passed."""
        made = 0
        while made in self.answered and made not in self.unverified:
            made += 1
        return made, len([attempt for attempt in self.passed if attempt < made])


async def look_ahead(
    stage: RowStage[In, Out],
    rows: Iterable[In],
    store: CompletionStore,
    journal: Journal,
    made_by: Callable[[In], str],
    sandbox: str,
) -> AsyncIterator[tuple[In, Found[Out]]]:
    """Run a stage on what is stored.

    Args:
        stage: The stage.
        rows: Its input.
        store: Answers.
        journal: The stage's journal: outcomes and verdicts.
        made_by: Fingerprint of a row.
        sandbox: Digest of the sandbox's settings.

    Yields:
        Every row with what is known of it, in their order.
    """
    for row in rows:
        line = journal.get(row_key(str(row.id), made_by(row)))  # type: ignore[attr-defined]
        if line is not None:
            kept = parsed_outcome(line, stage.produces).kept
            yield row, Found(known=True, recalled=True, kept=kept)
        else:
            yield row, await _look(stage, row, StoredTools(store, journal, sandbox))


async def _look(stage: RowStage[In, Out], row: In, tools: StoredTools) -> Found[Out]:
    try:
        outcome = await stage.process(row, tools)
    except LLMUnanswered:
        return Found(
            known=False,
            recalled=False,
            wanted=tuple(tools.wanted.values()),
            unverified=len(tools.unverified),
            answered=len(tools.answered),
            prefix=tools.prefix(),
        )
    return Found(known=True, recalled=False, kept=outcome.kept, answered=len(tools.answered))


@lru_cache(maxsize=100_000)
def longest(policy: Policy, made: int, passed: int) -> int:
    """The most attempts that a question can come to, given what the first ones said."""
    open_counts = {passed}
    while open_counts:
        open_counts = {count for count in open_counts if policy.total(count, made) > made}
        if open_counts:
            made += 1
            open_counts |= {count + 1 for count in open_counts}
    return made


def _attempt(name: str) -> int:
    return int(name.rsplit("/", 1)[-1])
