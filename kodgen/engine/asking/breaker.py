"""When to stop sending to an endpoint that only fails, and when to try it again."""

from typing import Literal

OPENS_AFTER = 4
"""Rounds of faults with no answer between that open a breaker. Of 30 % faults met by chance, one
request at a time, fewer than one in a hundred would: and then a probe closes it again."""
HUNG_SECONDS = 10.0
"""A fault after so long a wait, in which nothing at all was answered, opens it alone."""
FIRST_PROBE, LONGEST_PROBE = 0.5, 30.0
"""Seconds until a probe: doubling from the first to the longest."""


class Breaker:
    """Closed, or open with a time for the next probe. Times are seconds of a clock of one's own.

    Faults of requests that were in flight together count as one round, whatever their number.
    """

    def __init__(self) -> None:
        self.state: Literal["closed", "open"] = "closed"
        self.rounds = 0
        """Rounds of faults since the last answer."""
        self.probe_at = float("inf")
        """When the next probe is due; never while closed."""
        self.probes_failed = 0
        """Probes that were not answered since it opened."""
        self._counted_at = float("-inf")
        self._answered_at = float("-inf")
        self._interval = FIRST_PROBE
        self._on_trial = False

    def fault(self, sent: float, now: float, *, busy: bool) -> None:
        """A request failed that was sent at `sent`; a server that is only busy is not cut off."""
        if self.state == "open" or sent < self._counted_at:
            return
        self._counted_at = now
        self.rounds += 1
        if busy:
            return
        hung = now - sent >= HUNG_SECONDS and self._answered_at < sent
        if self._on_trial:
            self._interval = min(self._interval * 2, LONGEST_PROBE)
        if hung or self._on_trial or self.rounds >= OPENS_AFTER:
            self.trip(now)

    def trip(self, now: float) -> None:
        """Open, whatever came before."""
        self.state = "open"
        self._on_trial = False
        self.probes_failed = 0
        self.probe_at = now + self._interval

    def answered(self, now: float) -> None:
        """A request was answered, or refused: the server is there."""
        self.state = "closed"
        self.rounds = 0
        self.probes_failed = 0
        self.probe_at = float("inf")
        self._answered_at = now
        self._interval = FIRST_PROBE
        self._on_trial = False

    def probe_answered(self, now: float) -> None:
        """A probe was answered: closed on trial, until a request that is none is answered."""
        interval = self._interval
        self.answered(now)
        self._interval = interval
        self._on_trial = True

    def probe_failed(self, now: float) -> None:
        """A probe was not answered: the next one waits twice as long."""
        self.probes_failed += 1
        self._interval = min(self._interval * 2, LONGEST_PROBE)
        self.probe_at = now + self._interval
