"""Ending a run early without losing anything: nothing new is begun, what is under way ends."""

from collections.abc import Callable

from kodgen.errors import KodgenError, StoppedEarly

__all__ = ["Stop", "StoppedEarly"]


class Stop:
    """Whether a run is to end early, and why.

    The first reason holds. Whoever is about to begin something new calls `check`; whoever waits
    for a turn to do so is woken through `on_request`.
    """

    def __init__(self) -> None:
        self.reason: KodgenError | None = None
        self._listeners: list[Callable[[], None]] = []

    def request(self, reason: KodgenError) -> None:
        """Have the run end, with this error once everything under way is done."""
        if self.reason is None:
            self.reason = reason
            for listener in self._listeners:
                listener()

    def check(self) -> None:
        """Go on.

        Raises:
            StoppedEarly: The run is to end.
        """
        if self.reason is not None:
            raise StoppedEarly(str(self.reason))

    def on_request(self, listener: Callable[[], None]) -> None:
        """Be told when the run is to end; at once where that was requested before."""
        self._listeners.append(listener)
        if self.reason is not None:
            listener()
