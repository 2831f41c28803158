"""Ray: one sandbox per node behind one call, and whole-table work off the event loop.

Untrusted code never runs in a Ray worker, only in the sandbox's own children: Ray retries a row
that kills its worker for ever.
"""

import asyncio
import logging
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Awaitable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from kodgen import config
from kodgen.errors import ConfigError
from kodgen.records import Record, Verdict
from kodgen.stages.base import Outcome, TableStage

if TYPE_CHECKING:
    from kodgen.sandbox import Environment

In = TypeVar("In", bound=Record)
Out = TypeVar("Out", bound=Record)

OBJECT_STORE_BYTES = 256 * 2**20
"""Of a local Ray; only tables of questions pass through it."""
REACH_SECONDS = 10.0
"""For a Ray cluster to take a connection."""
REST_SECONDS = 10.0
"""How long a node whose sandbox was lost is left alone; Ray restarts it meanwhile, or never."""
CALLS_AT_ONCE = 100_000
"""Trials that may wait in one sandbox's queue."""


log = logging.getLogger(__name__)


class _SandboxActor:
    """One node's sandbox, as a Ray actor; Ray restarts it empty if its process dies."""

    def __init__(self, limits: config.Sandbox) -> None:
        from kodgen.sandbox import Sandbox

        self._sandbox = Sandbox(limits)
        self._starting = asyncio.Lock()
        self._started = False

    async def start(self) -> "Environment":
        async with self._starting:
            if not self._started:
                await self._sandbox.start()
                self._started = True
        return self._sandbox.environment

    async def run(self, solution: str, test: str) -> Verdict:
        await self.start()
        return await self._sandbox.run(solution, test)

    async def close(self) -> None:
        await self._sandbox.close()


class Cluster:
    """A Ray cluster with a sandbox on every node, started when first needed.

    Args:
        limits: The sandboxes' limits.
        address: Of a running cluster; a local one is started if None.
    """

    def __init__(self, limits: config.Sandbox, address: str | None) -> None:
        self._limits = limits
        self._address = address
        self._sandboxes: list[Any] = []
        self.environments: dict[str, Environment] = {}
        """What trials ran on so far, by digest; nodes may differ."""
        self._in_flight: list[int] = []
        self._resting_until: list[float] = []
        self._started = False

    def _start_ray(self) -> None:
        if self._started:
            return
        # Under `uv run`, Ray would zip the working directory and ship it to every worker.
        os.environ.setdefault("RAY_ENABLE_UV_RUN_RUNTIME_ENV", "0")
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        # Opts in to what Ray announces as its next default; silences a warning at every start.
        os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
        local = self._address is None
        if local:
            # Else Ray keeps a token in the home folder, which a container's user may not have.
            os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
        import ray

        try:
            if self._address is not None:
                _reach(self._address)
            ray.init(
                address="local" if local else self._address,
                include_dashboard=False if local else None,
                object_store_memory=OBJECT_STORE_BYTES if local else None,
                log_to_driver=False,
                logging_level=logging.ERROR,
            )
        except (OSError, ValueError, RuntimeError) as error:
            if local:
                raise
            raise ConfigError(
                f"engine.ray_address: no Ray cluster lets kodgen in at {self._address!r} "
                f"({error}); check the address and the cluster's token (RAY_AUTH_TOKEN), or "
                "leave the key out to start Ray on this machine"
            ) from error
        self._started = True
        if threading.current_thread() is threading.main_thread():
            # Ray answers SIGTERM with a crash report; a batch system's SIGTERM is a Ctrl-C.
            signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT))

    async def start_sandboxes(self) -> None:
        """Start a sandbox on every node.

        Raises:
            ConfigError: A node has not the Python that trials are to run under.
            IsolationError: A node can't isolate and limits alone were not accepted.
        """
        if self._sandboxes:
            return
        self._start_ray()
        import ray
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        actor = ray.remote(num_cpus=0, max_restarts=-1, max_concurrency=CALLS_AT_ONCE)(
            _SandboxActor
        )
        nodes = [node["NodeID"] for node in ray.nodes() if node["Alive"]]
        sandboxes = [
            actor.options(
                scheduling_strategy=NodeAffinitySchedulingStrategy(node, soft=False)
            ).remote(self._limits)
            for node in nodes
        ]
        await asyncio.gather(*(self._begin(sandbox) for sandbox in sandboxes))
        self._sandboxes = sandboxes
        self._in_flight, self._resting_until = [0] * len(nodes), [0.0] * len(nodes)

    async def _begin(self, sandbox: Any) -> None:
        """Start a sandbox, or ask a started one what it runs on."""
        environment: Environment = await _unwrapped(sandbox.start.remote())
        self.environments[environment.digest] = environment

    async def run(self, solution: str, test: str) -> Verdict:
        """Run a trial on the least busy node; a lost node gives an `infra` verdict."""
        from ray.exceptions import RayActorError

        node = self._least_busy()
        self._in_flight[node] += 1
        try:
            verdict: Verdict = await _unwrapped(self._sandboxes[node].run.remote(solution, test))
            if verdict.environment and verdict.environment not in self.environments:
                # Its node came back with other packages.
                await self._begin(self._sandboxes[node])
        except RayActorError:
            # It fails at once while it is gone, so it would always seem to be the least busy.
            self._resting_until[node] = time.monotonic() + REST_SECONDS
            return Verdict(outcome="infra", reason="sandbox_lost", isolation="not_run")
        finally:
            self._in_flight[node] -= 1
        return verdict

    def _least_busy(self) -> int:
        now = time.monotonic()
        nodes = range(len(self._sandboxes))
        return min(nodes, key=lambda n: (self._resting_until[n] > now, self._in_flight[n]))

    async def process(self, stage: TableStage[In, Out], rows: Sequence[In]) -> Outcome[Out]:
        """Work on a whole table in a Ray task."""
        self._start_ray()
        import ray

        task = ray.remote(num_cpus=1)(_process)
        outcome: Outcome[Out] = await _unwrapped(task.remote(stage, list(rows)))
        return outcome

    async def close(self) -> None:
        """Stop the sandboxes, and Ray if it was started here."""
        if not self._started:
            return
        import ray

        try:
            closing = [sandbox.close.remote() for sandbox in self._sandboxes]
            await asyncio.wait_for(asyncio.gather(*closing, return_exceptions=True), timeout=10)
        except TimeoutError:
            log.warning("a sandbox did not stop within 10 s; Ray ends it now")
        finally:
            ray.shutdown()
            self._started = False


def _reach(address: str) -> None:
    """See whether anyone listens at `host:port`; Ray itself would try for many minutes.

    Raises:
        OSError: Nobody does.
    """
    host, _, port = address.rpartition(":")
    if host and port.isdigit() and "/" not in host:
        socket.create_connection((host.strip("[]"), int(port)), REACH_SECONDS).close()


async def _unwrapped(call: Awaitable[Any]) -> Any:
    """What a remote call gives; its own error where it raises, not Ray's account of it."""
    from ray.exceptions import RayTaskError

    try:
        return await call
    except RayTaskError as error:
        raise error.cause from None


def _process(stage: TableStage[Any, Any], rows: Sequence[Any]) -> Outcome[Any]:
    return stage.process(rows)
