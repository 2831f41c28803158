"""Shows how a stage gets on: a bar on a terminal, plain lines elsewhere."""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TextIO

from kodgen.engine.status import (
    Asking,
    Recent,
    Status,
    Testing,
    brief,
    duration,
    engines_told,
    tokens_told,
)
from kodgen.engine.store.completions import Tokens

LINE_SECONDS = 10.0
"""Seconds between plain lines."""
TICK_SECONDS = 0.5
"""Seconds between looks at what moves without a row being done."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a stage's progress is read off, besides its rows; None where there is none."""

    asking: Callable[[], Asking] | None = None
    sandbox: Callable[[], Testing] | None = None
    gpu: Callable[[], float | None] | None = None
    """Share of the time that the GPUs are at work."""
    on_tick: Callable[[Status], None] | None = None
    """Told how the stage stands, at every look and at its end."""


NOTHING = Sources()


class Progress:
    """Progress of one stage: rows, rate, ETA, tokens, attempts, servers, sandboxes.

    Inside an event loop it shows itself on a timer too, so that rows which take long look alive.

    Args:
        stage: Name to show.
        total: Rows to come; None if that is not known, and then there is no ETA.
        tokens: Counter to read tokens off, where the stage has a model.
        stream: Where to show it; standard error if not given.
        sources: What else to show.
        wanted: Accepted rows that are enough; None where all rows are to be done.
    """

    def __init__(
        self,
        stage: str,
        total: int | None,
        tokens: Tokens | None = None,
        stream: TextIO | None = None,
        sources: Sources = NOTHING,
        wanted: int | None = None,
    ) -> None:
        self._stage = stage
        self._words = ("accepted", "rejected")
        self._total = total
        self._tokens = tokens
        self._stream = stream or sys.stderr
        self._sources = sources
        self._wanted = wanted
        self._started = self._shown = time.monotonic()
        self._recent = Recent()
        self._timer: asyncio.TimerHandle | None = None
        self._bar: Any = None
        self._stack = ExitStack()
        self._attempts: Counter[int] = Counter()
        self._trials: Counter[str] = Counter()
        self.done = self.accepted = self.rejected = self._fresh = self._fresh_accepted = 0

    def __enter__(self) -> Self:
        if self._stream.isatty():
            from tqdm import tqdm
            from tqdm.contrib.logging import logging_redirect_tqdm

            # Warnings come above the bar, not through it.
            self._stack.enter_context(logging_redirect_tqdm())
            self._bar = tqdm(
                total=self._total, desc=self._stage, unit="row", file=self._stream, mininterval=0.2
            )
        self._look()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return self
        self._timer = loop.call_later(TICK_SECONDS, self._tick, loop)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._look()
        if self._bar is not None:
            self._bar.set_postfix_str(self._details(self.status()))
            self._bar.close()
            self._stack.close()
        else:
            self._line()

    def finished(self, outcome: Mapping[str, Any]) -> None:
        """One more row done now, as its journal line tells."""
        self._fresh += 1
        self._fresh_accepted += len(outcome["kept"])
        trials = outcome["trials"]
        if trials:
            self._attempts[len(trials)] += 1
            for trial in trials:
                self._trials[trial["verdict"]["outcome"]] += 1
        self._add(len(outcome["kept"]), len(outcome["rejected"]))

    def recalled(self, outcome: Mapping[str, Any]) -> None:
        """One more row that an earlier run had done: not part of the rate.

        `kept` and `rejected` are rows as in a journal line, or their numbers as in its note.
        """
        self._add(_number(outcome["kept"]), _number(outcome["rejected"]))

    def table(self, done: int, accepted: int, rejected: int) -> None:
        """A whole table done at once."""
        self.done, self.accepted, self.rejected = done, accepted, rejected
        self._fresh = done
        if self._bar is not None:
            self._bar.update(done)

    def verified_before(self, done: int, passed: int) -> None:
        """Rows that an earlier run had verified: not part of the rate."""
        self._words = ("passed", "not")
        self.done, self.accepted, self.rejected = done, passed, done - passed
        if self._bar is not None:
            self._bar.initial = self._bar.n = done
            self._bar.set_postfix_str(self._details(self.status()))

    def verified(self, *, passed: bool) -> None:
        """One more row run, where rows are neither kept nor rejected."""
        self._words = ("passed", "not")
        self._fresh += 1
        self._add(int(passed), int(not passed))

    def status(self) -> Status:
        """How the stage stands now."""
        seconds = max(time.monotonic() - self._started, 1e-9)
        growth = self._recent.growth()
        span, prompt, completion, busy, slots = growth or (1.0, 0.0, 0.0, 0.0, 0.0)
        has_rates = growth is not None and self._tokens is not None
        sources = self._sources
        return Status(
            stage=self._stage,
            total=self._total,
            done=self.done,
            accepted=self.accepted,
            rejected=self.rejected,
            seconds=seconds,
            rows_per_second=self._fresh / seconds,
            wanted=self._wanted,
            accepted_per_second=self._fresh_accepted / seconds,
            prompt_tokens=self._tokens.prompt if self._tokens else 0,
            completion_tokens=self._tokens.completion if self._tokens else 0,
            prompt_per_second=prompt / span if has_rates else None,
            completion_per_second=completion / span if has_rates else None,
            attempts=dict(self._attempts),
            trials=dict(self._trials),
            asking=sources.asking() if sources.asking is not None else None,
            utilisation=min(busy / slots, 1.0) if slots > 0 else None,
            sandbox=sources.sandbox() if sources.sandbox is not None else None,
            gpu=sources.gpu() if sources.gpu is not None else None,
        )

    def _add(self, accepted: int, rejected: int) -> None:
        self.done += 1
        self.accepted += accepted
        self.rejected += rejected
        if self._bar is not None:
            self._bar.update()
        elif time.monotonic() - self._shown >= LINE_SECONDS:
            self._line()

    def _tick(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = loop.call_later(TICK_SECONDS, self._tick, loop)
        self._look()
        if self._bar is not None:
            status = self.status()
            self._bar.set_postfix_str(", ".join([self._counts(status), *brief(status)]))
        elif time.monotonic() - self._shown >= LINE_SECONDS:
            self._line()

    def _look(self) -> None:
        """Take down what rates are made of, and tell who wants to know."""
        tokens = self._tokens or Tokens()
        asking = self._sources.asking() if self._sources.asking is not None else None
        busy, slots = (asking.busy_seconds, asking.slot_seconds) if asking else (0.0, 0.0)
        self._recent.add(time.monotonic(), tokens.prompt, tokens.completion, busy, slots)
        if self._sources.on_tick is not None:
            self._sources.on_tick(self.status())

    def _counts(self, status: Status) -> str:
        accepted, rejected = self._words
        of = "" if status.wanted is None else f" of {status.wanted}"
        return f"{status.accepted}{of} {accepted}, {status.rejected} {rejected}"

    def _details(self, status: Status) -> str:
        told = [self._counts(status), tokens_told(status), *engines_told(status)]
        return ", ".join(part for part in told if part is not None)

    def _line(self) -> None:
        self._shown = time.monotonic()
        status = self.status()
        total = "" if status.total is None else f"/{status.total}"
        rate = f"{status.rows_per_second:.1f} rows/s"
        left = f", ETA {duration(status.left_seconds)}" if status.left_seconds else ""
        print(
            f"{status.stage}: {status.done}{total}, {self._details(status)}, {rate}{left}",
            file=self._stream,
            flush=True,
        )


def _number(rows: int | Sequence[Any]) -> int:
    return rows if isinstance(rows, int) else len(rows)
