"""Keeps a sandbox on every node of a Ray cluster, as nodes come and go.

A node that joins gets a sandbox; one that is lost loses only the trials it was running, and these
run elsewhere.
"""

import asyncio
import logging
import secrets
import time
from typing import TYPE_CHECKING, Any

from kodgen import config
from kodgen.engine import wire
from kodgen.engine.sandbox_actor import SandboxActor, answer
from kodgen.engine.sandbox_line import SandboxLine
from kodgen.engine.turns import SandboxSnapshot, Site, Turns
from kodgen.errors import KodgenError, SandboxFault
from kodgen.records import Verdict
from kodgen.sandbox.scrutiny import FULL, Scrutiny

if TYPE_CHECKING:
    from kodgen.sandbox import Environment

WATCH_SECONDS = 2.0
"""Between looks at which nodes there are; that a sandbox is lost, its connection tells at once."""
LOOK_SECONDS = 20.0
"""Between looks at whether a sandbox still answers."""
ANSWER_SECONDS = 120.0
"""For a sandbox that is alive to say so; its machine may be swamped."""
START_SECONDS = 900.0
"""For a sandbox to come up, on a machine that may first have to import all it preloads."""
SETTLED_SECONDS = 60.0
"""A sandbox that lived for this long was not lost for want of something its node lacks."""
LONGEST_PAUSE = 30.0
"""Between two sandboxes on a node that loses one after the other."""
FAILURES_TOLD = 4
"""Sandboxes that a node loses, one soon after the other, before the user is told."""
NOBODY_SECONDS = 300.0
"""Without any sandbox, before what waits for one is told that there is none."""

log = logging.getLogger(__name__)


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
        self._turns = Turns()
        self._actors: list[Any] = []
        self._keepers: dict[str, asyncio.Task[None]] = {}
        self._watching: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start a sandbox on every node.

        Raises:
            ConfigError: A node has not the Python that trials are to run under.
            IsolationError: A node can't isolate and limits alone were not accepted.
            SandboxFault: A node's sandbox does not come up.
        """
        if self._watching is not None:
            return
        nodes = await asyncio.to_thread(usable_nodes)
        first = [self._settle_in(node, name) for node, name in nodes.items()]
        self._watching = asyncio.create_task(self._watch())
        await asyncio.gather(*first)

    def snapshot(self) -> SandboxSnapshot:
        """What they are doing now."""
        return self._turns.snapshot()

    async def run(self, solution: str, test: str, scrutiny: Scrutiny = FULL) -> Verdict:
        """Run a trial; see `Turns.run`."""
        return await self._turns.run(solution, test, scrutiny)

    async def close(self) -> None:
        """Stop them all, and wait until their processes are gone."""
        tasks = [*self._keepers.values(), *([self._watching] if self._watching else ())]
        closing = [answer(actor.close.remote()) for actor in self._actors]
        try:
            await asyncio.gather(*closing, return_exceptions=True)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _watch(self) -> None:
        """Follow which nodes there are, and tell those who wait where there are none."""
        from ray.exceptions import RayError

        present = time.monotonic()
        warned = False
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            try:
                nodes = await asyncio.to_thread(usable_nodes)
            except (RayError, OSError, RuntimeError) as error:
                log.warning("Ray does not say which nodes there are: %s", error)
                continue
            for node in nodes.keys() - self._keepers.keys():
                log.warning("a node joined: %s", nodes[node])
                self._settle_in(node, nodes[node]).add_done_callback(_warn)
            for node in self._keepers.keys() - nodes.keys():
                keeper = self._keepers.pop(node)
                log.warning("node %s is gone; trials run elsewhere", keeper.get_name())
                keeper.cancel()
            if not self._turns.nobody:
                present, warned = time.monotonic(), False
            elif not nodes or time.monotonic() - present > self._patience:
                self._turns.turn_away()
            elif self._turns.wanted and not warned:
                log.warning("no node has a sandbox now; waiting for one")
                warned = True

    def _settle_in(self, node: str, name: str) -> asyncio.Future[None]:
        """Keep a sandbox on a node; done once the first came up, or can't."""
        first: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._keepers[node] = asyncio.create_task(self._keep(node, name, first), name=name)
        return first

    async def _keep(self, node: str, name: str, first: asyncio.Future[None]) -> None:
        """Have a sandbox on a node for as long as there is the node."""
        from ray.exceptions import RayError

        failures = 0
        try:
            while True:
                began, reason = time.monotonic(), "its process is gone"
                try:
                    await self._have(node, first)
                except (RayError, OSError, SandboxFault) as error:
                    if isinstance(error, SandboxFault) and not first.done():
                        raise
                    reason = f"{type(error).__name__}: {error}".splitlines()[0]
                lived = time.monotonic() - began
                failures = 0 if lived > SETTLED_SECONDS else failures + 1
                if failures == FAILURES_TOLD:
                    log.warning("node %s loses each sandbox at once (%s)", name, reason)
                if not first.done():
                    first.set_result(None)
                await asyncio.sleep(min(LONGEST_PAUSE, 2.0 ** (failures - 2)))
        except KodgenError as error:
            if first.done():
                log.warning("node %s has no sandbox any more: %s", name, error)
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
            OSError: No connection to it comes about; a TimeoutError where it never started, too.
        """
        import ray
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        # Not restarted by Ray: calls to an actor whose node is gone may then pend for ever.
        remote = ray.remote(num_cpus=0, max_restarts=0)(SandboxActor)
        placed = remote.options(
            scheduling_strategy=NodeAffinitySchedulingStrategy(node, soft=False)
        )
        actor = placed.remote(self._limits)
        try:
            environment, workers = await asyncio.wait_for(
                answer(actor.start.remote()), START_SECONDS
            )
            self.environments[environment.digest] = environment
            site = Site(SandboxLine(await _connection(actor, node)), workers)
            self._actors.append(actor)
            self._turns.join(site)
            if not first.done():
                first.set_result(None)
            try:
                await _until_lost(site, actor)
            finally:
                self._actors.remove(actor)
                self._turns.leave(site)
                site.line.close()
        finally:
            ray.kill(actor)


def usable_nodes() -> dict[str, str]:
    """Nodes that are there and are meant to work, by id: some clusters' heads have no CPU.

    None where the node that this process itself is on is lost: Ray then ends all that is ours.

    Returns:
        How to call each, by its id.
    """
    import ray

    alive = {str(node["NodeID"]): node for node in ray.nodes() if node["Alive"]}
    if ray.get_runtime_context().get_node_id() not in alive:
        return {}
    working = [name for name, node in alive.items() if node["Resources"].get("CPU", 0) > 0]
    return {name: f"{alive[name]['NodeManagerHostname']} ({name[:8]})" for name in working or alive}


async def _connection(actor: Any, node: str) -> wire.Ends:
    """A connection to a sandbox, which stays within this machine where the sandbox does.

    Raises:
        RayError: Its process, or its node, is lost.
        OSError: None comes about.
    """
    import ray

    token = secrets.token_bytes(32)
    if node == ray.get_runtime_context().get_node_id():
        try:
            return await wire.connect(await answer(actor.listen.remote(token, near=True)), token)
        except OSError as error:
            log.info("no connection within this machine (%s); trying one by its address", error)
    address = await answer(actor.listen.remote(token, near=False))
    try:
        return await wire.connect(address, token)
    except OSError as error:
        raise ConnectionError(
            f"no connection to the sandbox at {address} ({error or type(error).__name__}); the "
            "machine that kodgen runs on has to reach all ports of the others"
        ) from error


async def _until_lost(site: Site, actor: Any) -> None:
    from ray.exceptions import RayError

    while not site.lost.is_set():
        try:
            await asyncio.wait_for(site.lost.wait(), LOOK_SECONDS)
        except TimeoutError:
            try:
                await asyncio.wait_for(answer(actor.alive.remote()), ANSWER_SECONDS)
            except (TimeoutError, RayError):
                return


def _warn(first: asyncio.Future[None]) -> None:
    if (error := first.exception()) is not None:
        log.warning("a node that joined has no sandbox: %s", error)
