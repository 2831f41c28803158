"""One question's attempts under way: the certain ones at once, others ahead of need."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from kodgen.errors import KodgenError, LLMRefusal, LLMUnanswered, StoppedEarly
from kodgen.records import Trial
from kodgen.stages.attempts import Policy, attempts_possible, attempts_wanted


@dataclass(frozen=True, slots=True)
class Attempted:
    """What a question's attempts came to."""

    trials: tuple[Trial, ...]
    """Those that count, in order."""
    surplus: tuple[Trial, ...]
    """Those made ahead that turned out not to be needed."""
    refusal: LLMRefusal | None = None
    """Where the server refused an attempt that was needed; the first such."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How attempts are made, and how many ahead."""

    together: Callable[[Sequence[int]], Sequence[Coroutine[Any, Any, Trial]]]
    """Make several certain attempts, each its own coroutine."""
    ahead: Callable[[int], Coroutine[Any, Any, Trial]]
    """Make an attempt that may turn out not to be needed."""
    spare: Callable[[], Awaitable[None]]
    """Returns when there is room for one of these."""
    at_once: int
    """Attempts under way at which none is begun ahead."""


class Attempting:
    """Makes the attempts at one question that its policy asks for.

    Which attempts count depends on what they and the ones before them said, and on nothing else:
    an attempt is begun as soon as it is certain to be needed whatever the open ones say, so
    generation and verification overlap; and where the model has room to spare, further ones are
    begun before that is known. What turns out not to be needed is cancelled or becomes surplus.

    Args:
        policy: How many attempts.
        ways: How they are made.
    """

    def __init__(self, policy: Policy, ways: Ways) -> None:
        self._policy = policy
        self._ways = ways
        self._results: dict[int, Trial | LLMRefusal] = {}
        self._tasks: dict[asyncio.Future[Any], int] = {}
        self._ahead: set[int] = set()
        """Attempts begun ahead, those too that got no answer: none is begun so twice."""
        self._spare: asyncio.Future[None] | None = None
        self._error: KodgenError | None = None

    async def run(self) -> Attempted:
        """Make them.

        Raises:
            LLMUnanswered: An attempt that is needed got no answer. All that were under way are
                done by then.
            StoppedEarly: One was not begun, as the run is to end; likewise.
            KodgenError: The run can't go on.
        """
        try:
            while True:
                known = self._known()
                wanted = attempts_wanted(known, self._policy)
                if self._error is None:
                    if all(attempt in self._results for attempt in range(wanted)):
                        return self._decided(wanted)
                    self._begin(wanted)
                    self._look_ahead(known)
                elif not self._tasks:
                    raise self._error
                await self._something()
        finally:
            left = [*self._tasks, *([] if self._spare is None else [self._spare])]
            for task in left:
                task.cancel()
            if left:
                await asyncio.gather(*left, return_exceptions=True)

    def _known(self) -> list[int | None]:
        """Results by attempt, up to the first refused: what comes after that decides nothing."""
        known: list[int | None] = []
        for attempt in range(max(self._results, default=-1) + 1):
            result = self._results.get(attempt)
            if isinstance(result, LLMRefusal):
                break
            known.append(None if result is None else int(result.verdict.passed))
        return known

    def _begin(self, wanted: int) -> None:
        begun = {*self._results, *self._tasks.values()}
        missing = [attempt for attempt in range(wanted) if attempt not in begun]
        self._ahead.difference_update(missing)
        if missing:
            for attempt, making in zip(missing, self._ways.together(missing), strict=True):
                self._tasks[asyncio.ensure_future(making)] = attempt

    def _look_ahead(self, known: Sequence[int | None]) -> None:
        """Have room waited for while an attempt ahead could be begun, and no longer."""
        if self._next_ahead(known) is None:
            if self._spare is not None:
                self._spare.cancel()
                self._spare = None
        elif self._spare is None:
            self._spare = asyncio.ensure_future(self._ways.spare())

    def _next_ahead(self, known: Sequence[int | None]) -> int | None:
        refused = len(known) <= max(self._results, default=-1)
        if refused or len(self._tasks) >= self._ways.at_once:
            return None
        begun = {*self._results, *self._tasks.values(), *self._ahead}
        possible = attempts_possible(known, self._policy)
        return next((attempt for attempt in range(possible) if attempt not in begun), None)

    async def _something(self) -> None:
        """Wait until an attempt is done, or there is room for another one."""
        waiting = [*self._tasks, *([] if self._spare is None else [self._spare])]
        done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        # In the order of attempts: of several errors the first one's is raised.
        for task in sorted(done & self._tasks.keys(), key=self._tasks.__getitem__):
            attempt = self._tasks.pop(task)
            try:
                self._results[attempt] = task.result()
            except LLMRefusal as refusal:
                self._results[attempt] = refusal
            except (LLMUnanswered, StoppedEarly) as error:
                # One begun ahead is begun again, should it be needed after all.
                if attempt not in self._ahead:
                    self._error = self._error or error
        if self._spare is not None and self._spare in done:
            self._room()

    def _room(self) -> None:
        assert self._spare is not None
        told, self._spare = self._spare, None
        try:
            told.result()
        except StoppedEarly:
            self._ways = Ways(self._ways.together, self._ways.ahead, self._ways.spare, 0)
            return
        attempt = self._next_ahead(self._known())
        if attempt is not None:
            self._ahead.add(attempt)
            self._tasks[asyncio.ensure_future(self._ways.ahead(attempt))] = attempt

    def _decided(self, wanted: int) -> Attempted:
        in_order = [self._results[attempt] for attempt in sorted(self._results)]
        needed = [self._results[attempt] for attempt in range(wanted)]
        refusals = [result for result in needed if isinstance(result, LLMRefusal)]
        return Attempted(
            trials=tuple(result for result in needed if isinstance(result, Trial)),
            surplus=tuple(
                result
                for result in in_order
                if isinstance(result, Trial) and result.attempt >= wanted
            ),
            refusal=refusals[0] if refusals else None,
        )
