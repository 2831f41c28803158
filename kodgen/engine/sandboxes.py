"""One sandbox on every node of a Ray cluster, and each trial's way to one of them.

A node that joins gets a sandbox; one that is lost loses only the trials it was running, and these
run elsewhere. Untrusted code never runs in a Ray worker, only in the sandbox's own children.
"""

import asyncio
import contextlib
import logging
import signal
import time
from collections import deque
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kodgen import config
from kodgen.errors import KodgenError, SandboxFault
from kodgen.records import Verdict

if TYPE_CHECKING:
    from kodgen.sandbox import Environment

SENT_PER_WORKER = 2
"""Trials that a sandbox is sent for each that it can run: the next is there when one ends."""
MOST_SENT = 4096
"""Trials in one sandbox at a time, whatever its size; twice what `sandbox.workers` allows."""
MOST_LOST = 3
"""Sandboxes that may be lost under one trial before it counts as failed by the sandbox."""
WATCH_SECONDS = 1.0
"""Between looks at which nodes there are."""
LOOK_SECONDS = 20.0
"""Between looks at whether a sandbox still answers."""
ANSWER_SECONDS = 120.0
"""For a sandbox that is alive to say so; its machine may be swamped."""
START_SECONDS = 900.0
"""For a sandbox to come up, on a machine that may first have to import all it preloads."""
SETTLED_SECONDS = 60.0
"""A sandbox that lived for this long was not lost for want of something its node lacks."""
LONGEST_PAUSE = 30.0
"""Between two sandboxes on a node that lose one after the other."""
NOBODY_SECONDS = 300.0
"""Without any sandbox, before what waits for one is told that there is none."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SandboxSnapshot:
    """What the sandboxes of all nodes are doing."""

    nodes: int
    workers: int
    """Trials that can run at a time."""
    running: int
    queued: int


class SandboxActor:
    """One node's sandbox, as a Ray actor."""

    def __init__(self, limits: config.Sandbox) -> None:
        from kodgen.sandbox import Sandbox
        from kodgen.sandbox.harness import kernel

        # Our parent is the node's raylet. Were it lost, we would linger for minutes.
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        self._sandbox = Sandbox(limits)
        self._running: set[asyncio.Future[Verdict]] = set()

    async def start(self) -> "tuple[Environment, int]":
        """Start it; what its trials run on, and how many at a time."""
        await self._sandbox.start()
        return self._sandbox.environment, self._sandbox.workers

    async def run(self, solution: str, test: str) -> Verdict:
        """Run a trial."""
        trial = asyncio.ensure_future(self._sandbox.run(solution, test))
        self._running.add(trial)
        trial.add_done_callback(self._running.discard)
        return await trial

    async def alive(self) -> None:
        """Answer."""

    async def close(self) -> None:
        """End its processes, in the middle of trials if there are any."""
        for trial in self._running:
            trial.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self._sandbox.close()


class _Lost(Exception):
    """The sandbox that a trial was sent to is gone."""


@dataclass(eq=False, slots=True)
class _Site:
    """A started sandbox."""

    node: str
    actor: Any
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


class Sandboxes:
    """The sandboxes of a Ray cluster; Ray has to be up before `start`.

    Args:
        limits: What a trial may use.
        patience: Seconds to wait for a sandbox while no node has one.
    """

    def __init__(self, limits: config.Sandbox, patience: float = NOBODY_SECONDS) -> None:
        self._limits = limits
        self._patience = patience
        self.environments: dict[str, Environment] = {}
        """What trials ran on so far, by digest; nodes may differ."""
        self._sites: list[_Site] = []
        self._keepers: dict[str, asyncio.Task[None]] = {}
        self._watching: asyncio.Task[None] | None = None
        self._waiting: deque[asyncio.Future[_Site]] = deque()

    async def start(self) -> None:
        """Start a sandbox on every node.

        Raises:
            ConfigError: A node has not the Python that trials are to run under.
            IsolationError: A node can't isolate and limits alone were not accepted.
            SandboxFault: A node's sandbox does not come up.
        """
        if self._watching is not None:
            return
        first = [self._settle_in(node) for node in await asyncio.to_thread(usable_nodes)]
        self._watching = asyncio.create_task(self._watch())
        await asyncio.gather(*first)

    def snapshot(self) -> SandboxSnapshot:
        """What they are doing now."""
        waiting = sum(not turn.done() for turn in self._waiting)
        return SandboxSnapshot(
            nodes=len(self._sites),
            workers=sum(site.workers for site in self._sites),
            running=sum(min(site.sent, site.workers) for site in self._sites),
            queued=waiting + sum(max(0, site.sent - site.workers) for site in self._sites),
        )

    async def run(self, solution: str, test: str) -> Verdict:
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
                return await self._send(site, solution, test)
            except _Lost:
                lost += 1
        return Verdict(outcome="infra", reason="sandbox_lost", isolation="not_run")

    async def close(self) -> None:
        """Stop them all, and wait until their processes are gone."""
        tasks = [*self._keepers.values(), *([self._watching] if self._watching else ())]
        closing = [_answer(site.actor.close.remote()) for site in self._sites]
        try:
            await asyncio.gather(*closing, return_exceptions=True)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    # Turns: which trial goes where.

    async def _turn(self) -> _Site:
        """A place in a sandbox, first come first served."""
        turn: asyncio.Future[_Site] = asyncio.get_running_loop().create_future()
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

    def _give_back(self, site: _Site) -> None:
        site.sent -= 1
        self._hand_out()

    def _send(self, site: _Site, solution: str, test: str) -> asyncio.Future[Verdict]:
        """Have a site run a trial.

        Should the caller be cancelled, its place is taken until the trial ended all the same.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Verdict] = loop.create_future()
        site.calls.add(answer)

        def ended(call: Any) -> None:
            with contextlib.suppress(RuntimeError):  # the run is over and its loop closed
                loop.call_soon_threadsafe(self._ended, site, answer, call)

        site.actor.run.remote(solution, test).future().add_done_callback(ended)
        return answer

    def _ended(self, site: _Site, answer: asyncio.Future[Verdict], call: Any) -> None:
        from ray.exceptions import RayError, RayTaskError

        error = call.exception()
        if isinstance(error, RayError) and not isinstance(error, RayTaskError):
            self._leave(site)
        site.calls.discard(answer)
        self._give_back(site)
        if answer.done():
            return
        if error is None:
            answer.set_result(call.result())
        else:
            answer.set_exception(error.cause if isinstance(error, RayTaskError) else error)

    # Keeping: a sandbox on every node.

    async def _watch(self) -> None:
        """Follow which nodes there are, and tell those who wait where there are none."""
        present = time.monotonic()
        warned = False
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            nodes = set(await asyncio.to_thread(usable_nodes))
            for node in nodes - self._keepers.keys():
                log.info("a node joined: %s", node)
                self._settle_in(node).add_done_callback(_warn)
            for node in self._keepers.keys() - nodes:
                log.warning("node %s is gone; what it was running runs elsewhere", node)
                self._keepers.pop(node).cancel()
            if self._sites:
                present, warned = time.monotonic(), False
            elif not nodes or time.monotonic() - present > self._patience:
                self._turn_away()
            elif self._waiting and not warned:
                log.warning("no node has a sandbox now; waiting for one")
                warned = True

    def _turn_away(self) -> None:
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

    def _settle_in(self, node: str) -> asyncio.Future[None]:
        """Keep a sandbox on a node; done once the first came up, or can't."""
        first: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._keepers[node] = asyncio.create_task(self._keep(node, first))
        return first

    async def _keep(self, node: str, first: asyncio.Future[None]) -> None:
        """Have a sandbox on a node for as long as there is the node."""
        from ray.exceptions import RayError

        failures = 0
        try:
            while True:
                began = time.monotonic()
                try:
                    await self._have(node, first)
                except (RayError, TimeoutError, SandboxFault) as error:
                    if isinstance(error, SandboxFault) and not first.done():
                        raise
                    log.info("no sandbox on node %s yet: %s", node, error)
                lived = time.monotonic() - began
                failures = 0 if lived > SETTLED_SECONDS else failures + 1
                if not first.done():
                    first.set_result(None)
                await asyncio.sleep(min(LONGEST_PAUSE, 2.0 ** (failures - 2)))
        except KodgenError as error:
            if first.done():
                log.warning("node %s has no sandbox any more: %s", node, error)
            else:
                first.set_exception(error)
        finally:
            if not first.done():
                first.set_result(None)

    async def _have(self, node: str, first: asyncio.Future[None]) -> None:
        """Start a sandbox on a node, and stay until it is lost.

        Raises:
            KodgenError: It can't start.
            RayError: Its process, or its node, is lost.
            TimeoutError: It never started.
        """
        import ray
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        # Not restarted by Ray: calls to an actor whose node is gone may then pend for ever.
        remote = ray.remote(num_cpus=0, max_restarts=0, max_concurrency=MOST_SENT)(SandboxActor)
        placed = remote.options(
            scheduling_strategy=NodeAffinitySchedulingStrategy(node, soft=False)
        )
        actor = placed.remote(self._limits)
        try:
            environment, workers = await asyncio.wait_for(
                _answer(actor.start.remote()), START_SECONDS
            )
            self.environments[environment.digest] = environment
            site = _Site(node, actor, workers)
            self._sites.append(site)
            try:
                if not first.done():
                    first.set_result(None)
                self._hand_out()
                await _until_lost(site)
            finally:
                self._leave(site)
        finally:
            ray.kill(actor)

    def _leave(self, site: _Site) -> None:
        """Send a sandbox no more; what it was running is to run elsewhere."""
        if site.lost.is_set():
            return
        self._sites.remove(site)
        site.lost.set()
        calls, site.calls = site.calls, set()
        for answer in calls:
            if not answer.done():
                answer.set_exception(_Lost())


def usable_nodes() -> list[str]:
    """Ids of the nodes that are there and are meant to work: some clusters' heads have no CPU.

    None where the node that this process itself is on is lost: Ray then ends all that is ours.
    """
    import ray

    alive = {node["NodeID"]: node for node in ray.nodes() if node["Alive"]}
    if ray.get_runtime_context().get_node_id() not in alive:
        return []
    working = [name for name, node in alive.items() if node["Resources"].get("CPU", 0) > 0]
    return working or list(alive)


async def _until_lost(site: _Site) -> None:
    from ray.exceptions import RayError

    while not site.lost.is_set():
        try:
            await asyncio.wait_for(site.lost.wait(), LOOK_SECONDS)
        except TimeoutError:
            try:
                await asyncio.wait_for(_answer(site.actor.alive.remote()), ANSWER_SECONDS)
            except (TimeoutError, RayError):
                return


def _warn(first: asyncio.Future[None]) -> None:
    if (error := first.exception()) is not None:
        log.warning("a node that joined has no sandbox: %s", error)


async def _answer(call: Awaitable[Any]) -> Any:
    """What a remote call gives; its own error where it raises, not Ray's account of it."""
    from ray.exceptions import RayTaskError

    try:
        return await call
    except RayTaskError as error:
        raise error.cause from None
