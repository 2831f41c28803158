"""Shows how a stage gets on: a bar on a terminal, plain lines elsewhere."""

import sys
import time
from types import TracebackType
from typing import Any, Self, TextIO

from kodgen.engine.store.completions import Tokens

LINE_SECONDS = 10.0
"""Seconds between plain lines."""


class Progress:
    """Progress of one stage: done, accepted, rate, ETA, tokens.

    Args:
        stage: Name to show.
        total: Rows to come; None if that is not known, and then there is no ETA.
        tokens: Counter to read tokens off, where the stage has a model.
        stream: Where to show it; standard error if not given.
    """

    def __init__(
        self,
        stage: str,
        total: int | None,
        tokens: Tokens | None = None,
        stream: TextIO | None = None,
    ) -> None:
        self._stage = stage
        self._words = ("accepted", "rejected")
        self._total = total
        self._tokens = tokens
        self._stream = stream or sys.stderr
        self._started = self._shown = time.monotonic()
        self._bar: Any = None
        self.done = self.accepted = self.rejected = self._fresh = 0

    def __enter__(self) -> Self:
        if self._stream.isatty():
            from tqdm import tqdm

            self._bar = tqdm(
                total=self._total, desc=self._stage, unit="row", file=self._stream, mininterval=0.2
            )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.close()
        else:
            self._line()

    def finished(self, outcome: dict[str, Any]) -> None:
        """One more row done now."""
        self._fresh += 1
        self._count(outcome)

    def recalled(self, outcome: dict[str, Any]) -> None:
        """One more row that an earlier run had done: not part of the rate."""
        self._count(outcome)

    def table(self, done: int, accepted: int, rejected: int) -> None:
        """A whole table done at once."""
        self.done, self.accepted, self.rejected = done, accepted, rejected
        self._fresh = done
        if self._bar is not None:
            self._bar.set_postfix_str(self._details(), refresh=False)
            self._bar.update(done)

    def verified_before(self, done: int, passed: int) -> None:
        """Rows that an earlier run had verified: not part of the rate."""
        self._words = ("passed", "not")
        self.done, self.accepted, self.rejected = done, passed, done - passed
        if self._bar is not None:
            self._bar.initial = self._bar.n = done
            self._bar.set_postfix_str(self._details())

    def verified(self, *, passed: bool) -> None:
        """One more row run, where rows are neither kept nor rejected."""
        self._words = ("passed", "not")
        self._fresh += 1
        self._add(int(passed), int(not passed))

    def _count(self, outcome: dict[str, Any]) -> None:
        self._add(len(outcome["kept"]), len(outcome["rejected"]))

    def _add(self, accepted: int, rejected: int) -> None:
        self.done += 1
        self.accepted += accepted
        self.rejected += rejected
        if self._bar is not None:
            self._bar.set_postfix_str(self._details(), refresh=False)
            self._bar.update()
        elif time.monotonic() - self._shown >= LINE_SECONDS:
            self._line()

    def _details(self) -> str:
        accepted, rejected = self._words
        details = f"{self.accepted} {accepted}, {self.rejected} {rejected}"
        if self._tokens is not None and (self._tokens.prompt or self._tokens.completion):
            details += f", tokens {self._tokens.prompt:,} in {self._tokens.completion:,} out"
        return details

    def _line(self) -> None:
        self._shown = time.monotonic()
        seconds = max(self._shown - self._started, 1e-9)
        rate = self._fresh / seconds
        left = 0 if self._total is None else self._total - self.done
        total = "" if self._total is None else f"/{self._total}"
        eta = f", ETA {left / rate:.0f} s" if rate > 0 and left > 0 else ""
        print(
            f"{self._stage}: {self.done}{total}, {self._details()}, {rate:.1f} rows/s{eta}",
            file=self._stream,
            flush=True,
        )
