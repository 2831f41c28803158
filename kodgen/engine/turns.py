"""Which trial runs in which sandbox: one queue, and for each trial the least busy place."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from functools import partial

from kodgen.engine.sandbox_line import Lost, Said, SandboxLine
from kodgen.errors import SandboxFault
from kodgen.records import Verdict
from kodgen.sandbox.scrutiny import FULL, Scrutiny

SENT_PER_WORKER = 2
"""Trials that a sandbox is sent for each that it can run: the next is there when one ends."""
MOST_LOST = 3
"""Sandboxes that may be lost under one trial before it counts as failed by the sandbox."""


@dataclass(frozen=True, slots=True)
class SandboxSnapshot:
    """What the sandboxes of all nodes are doing."""

    nodes: int
    workers: int
    """Trials that can run at a time."""
    running: int
    queued: int


@dataclass(eq=False, slots=True)
class Site:
    """A started sandbox."""

    line: SandboxLine
    workers: int
    sent: int = 0
    calls: set[asyncio.Future[Verdict]] = field(default_factory=set)
    lost: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def load(self) -> float:
        """Trials sent, relative to those it can run."""
        return self.sent / self.workers

    @property
    def full(self) -> bool:
        """Whether it is to be sent no more for now."""
        return self.load >= SENT_PER_WORKER


class Turns:
    """Hands trials to the sandboxes that have joined, first come first served."""

    def __init__(self) -> None:
        self._sites: list[Site] = []
        self._waiting: deque[asyncio.Future[Site]] = deque()

    def snapshot(self) -> SandboxSnapshot:
        """What they are doing now."""
        waiting = sum(not turn.done() for turn in self._waiting)
        return SandboxSnapshot(
            nodes=len(self._sites),
            workers=sum(site.workers for site in self._sites),
            running=sum(min(site.sent, site.workers) for site in self._sites),
            queued=waiting + sum(max(0, site.sent - site.workers) for site in self._sites),
        )

    @property
    def nobody(self) -> bool:
        """Whether there is no sandbox at all."""
        return not self._sites

    @property
    def wanted(self) -> bool:
        """Whether a trial waits for a sandbox."""
        return any(not turn.done() for turn in self._waiting)

    def join(self, site: Site) -> None:
        """Send a sandbox trials from now on, until it is lost."""
        self._sites.append(site)
        site.line.lost.add_done_callback(lambda _: self.leave(site))
        self._hand_out()

    def leave(self, site: Site) -> None:
        """Send a sandbox no more; what it was running is to run elsewhere."""
        if site.lost.is_set():
            return
        self._sites.remove(site)
        site.lost.set()
        calls, site.calls = site.calls, set()
        for answer in calls:
            if not answer.done():
                answer.set_exception(Lost())

    def turn_away(self) -> None:
        """Tell all trials that wait that there is no sandbox for them."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_exception(
                    SandboxFault(
                        "no node of Ray is left that has a sandbox; everything done is kept: see "
                        "to the nodes (`ray status`) if they are not this machine alone, and run "
                        "the same command again"
                    )
                )

    async def run(self, solution: str, test: str, scrutiny: Scrutiny = FULL) -> Verdict:
        """Run a trial on the least busy node; elsewhere once more where its node is lost.

        Returns:
            The verdict; `infra` where one sandbox after the other was lost under it.

        Raises:
            SandboxFault: No node is left, or none has had a sandbox for long.
        """
        lost = 0
        while lost < MOST_LOST:
            site = await self._turn()
            if site.lost.is_set():
                continue
            try:
                return await self._send(site, solution, test, scrutiny)
            except Lost:
                lost += 1
        return Verdict(outcome="infra", reason="sandbox_lost", isolation="not_run")

    async def _turn(self) -> Site:
        """A place in a sandbox, first come first served."""
        turn: asyncio.Future[Site] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        self._hand_out()
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._give_back(turn.result())
            raise

    def _hand_out(self) -> None:
        while self._waiting and self._sites:
            site = min(self._sites, key=lambda site: site.load)
            if site.full:
                return
            turn = self._waiting.popleft()
            if not turn.done():
                site.sent += 1
                turn.set_result(site)

    def _give_back(self, site: Site) -> None:
        site.sent -= 1
        self._hand_out()

    def _send(
        self, site: Site, solution: str, test: str, scrutiny: Scrutiny
    ) -> asyncio.Future[Verdict]:
        """Have a site run a trial.

        Should the caller be cancelled, its place is taken until the trial ended all the same.
        """
        answer: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        site.calls.add(answer)
        site.line.run(solution, test, scrutiny, partial(self._ended, site, answer))
        return answer

    def _ended(self, site: Site, answer: asyncio.Future[Verdict], said: Said) -> None:
        if isinstance(said, Lost):
            self.leave(site)
        site.calls.discard(answer)
        self._give_back(site)
        if answer.done():
            return
        if isinstance(said, Verdict):
            answer.set_result(said)
        else:
            answer.set_exception(said)
