"""How many samples an endpoint bears at a time: found out by asking for more until it objects."""

FIRST = 32
"""Samples in flight to begin with: what one small engine bears; a hosted server tells at once."""
HALVED = 0.5
"""What the first sign of overload leaves of a doubled limit (RFC 5681, section 3.1)."""
KEPT = 0.8
"""What each later sign leaves. A server that refuses loses nothing by it, so the cut is milder
than for packets lost: the limit then swings between 0.8 and 1 of what is borne."""


class Limit:
    """Additive increase, multiplicative decrease, after a slow start (RFC 5681, section 3.1).

    Until the first sign of overload every answer raises the limit by its samples, which doubles it
    in each window of answers; from then on a window of answers raises it by one. A sign lowers it
    at most once per round trip: only where its request was sent after the last cut. It moves up
    only while it is used to the full, and stays within 1 and `most`.

    Args:
        most: Never more than this many samples.
        adaptive: Whether it moves at all; if not, it is `most`.
    """

    def __init__(self, most: int, *, adaptive: bool) -> None:
        self._most = most
        self._adaptive = adaptive
        self._samples = float(min(most, FIRST) if adaptive else most)
        self._doubling = True
        self._cut_at = float("-inf")

    @property
    def samples(self) -> int:
        """How many may be in flight now."""
        return int(self._samples)

    def answered(self, samples: int, in_flight: int) -> None:
        """An answer came.

        Args:
            samples: How many samples it holds.
            in_flight: How many were in flight until it came, its own among them.
        """
        if self._adaptive and in_flight >= self.samples:
            raised = samples if self._doubling else samples / self._samples
            self._samples = min(self._samples + raised, float(self._most))

    def overloaded(self, sent: float, now: float, in_flight: int) -> None:
        """A sign of overload came.

        Args:
            sent: When its request was sent, by a clock that never jumps, in seconds.
            now: The time, by the same clock.
            in_flight: How many samples were in flight until it came, its own among them.
        """
        if not self._adaptive or sent <= self._cut_at:
            return
        kept = HALVED if self._doubling else KEPT
        self._samples = max(1.0, min(self._samples, in_flight) * kept)
        self._doubling = False
        self._cut_at = now

    def restart(self) -> None:
        """Begin anew, after an outage: what comes back may be another server."""
        if self._adaptive:
            self._samples = float(min(self._most, FIRST))
            self._doubling = True
