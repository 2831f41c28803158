"""Refusals are held back until the server has shown that it answers others."""

import asyncio

from kodgen.engine.stopping import Stop, StoppedEarly
from kodgen.errors import LLMMisconfigured, LLMRefusal

MOST_REFUSED = 32
"""Refusals without a single answer that are enough to tell that every request will be refused."""


class Refusals:
    """Tells requests that a server refuses from a server that refuses all.

    A server set up wrongly (a context too short, a wrong template) refuses everything, and
    believing it would turn every row away for good.
    """

    def __init__(self, stop: Stop) -> None:
        self.count = 0
        self._stop = stop
        self._answered_stages: set[str] = set()
        self._held: list[asyncio.Future[None]] = []
        stop.on_request(self._release)

    def answered(self, stage: str) -> None:
        """A request of a stage was answered, now or in an earlier run."""
        self._answered_stages.add(stage)

    async def believe(self, stage: str, refusal: LLMRefusal, asking: int) -> None:
        """Return once some request of the stage was answered.

        Args:
            stage: The stage.
            refusal: The server's words.
            asking: Requests that are open, this one among them.

        Raises:
            LLMMisconfigured: All requests that are open were refused, and none was answered ever.
            StoppedEarly: The run is to end, so that nobody knows.
        """
        self.count += 1
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._held.append(turn)
        self.reconsider(stage, asking)
        if self._stop.reason is not None:
            self._release()
        await turn
        if stage in self._answered_stages:
            return
        if self._stop.reason is not None:
            raise StoppedEarly(str(self._stop.reason))
        raise LLMMisconfigured(
            f"every request of {stage} so far was refused (one of them: {refusal}); correct "
            "the server's or the pipeline's settings, then run the same command again"
        ) from refusal

    def reconsider(self, stage: str, asking: int) -> None:
        """A request of a stage is done with, or refused."""
        everyone = len(self._held) >= min(asking, MOST_REFUSED)
        if self._held and (everyone or stage in self._answered_stages):
            self._release()

    def _release(self) -> None:
        for turn in self._held:
            if not turn.done():
                turn.set_result(None)
        self._held.clear()
