"""Ray, started or joined; what runs on its nodes is ended with it."""

import asyncio
import contextlib
import logging
import os
import secrets
import signal
import socket
import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from kodgen import config
from kodgen.engine.sandboxes import Sandboxes, usable_nodes
from kodgen.engine.turns import SandboxSnapshot
from kodgen.errors import ConfigError, KodgenError, SandboxFault
from kodgen.records import Record, Verdict
from kodgen.sandbox.scrutiny import FULL, Scrutiny
from kodgen.stages.base import Outcome, TableStage

if TYPE_CHECKING:
    from kodgen.sandbox import Environment

In = TypeVar("In", bound=Record)
Out = TypeVar("Out", bound=Record)

OBJECT_STORE_BYTES = 256 * 2**20
"""Of a local Ray; only tables of questions pass through it."""
REACH_SECONDS = 10.0
"""For a Ray cluster to take a connection."""
CLOSE_SECONDS = 20.0
"""For sandboxes to end in peace; longer than one fork server takes to clear up after a trial."""
LOOK_SECONDS = 5.0
"""Between looks at whether a table stage still has a node to run on."""
WORKER_LOSSES = 3
"""Workers that may be lost under a table stage; one more says that the stage itself kills them."""
FEW_ROWS = 100
"""Of a table that takes less time on one core than Ray takes to start a worker that may use all."""
FEW_BESIDE = 2000
"""Texts that are read beside such a table, and still in less time than a worker takes to start."""

log = logging.getLogger(__name__)


class Cluster:
    """A Ray cluster with a sandbox on every node, started when first needed.

    Args:
        limits: The sandboxes' limits.
        address: Of a running cluster; a local one is started if None.
    """

    def __init__(self, limits: config.Sandbox, address: str | None) -> None:
        self._address = address
        self._sandboxes = Sandboxes(limits)
        self._started = False

    @property
    def environments(self) -> "dict[str, Environment]":
        """What trials ran on so far, by digest; nodes may differ."""
        return self._sandboxes.environments

    def start(self) -> None:
        """Bring Ray up, if it is not; from the main thread, so that signals stay ours.

        Raises:
            ConfigError: Nobody, or nobody who lets us in, is at the address.
            SandboxFault: Ray does not start on this machine.
        """
        if self._started:
            return
        # Under `uv run`, Ray would zip the working directory and ship it to every worker.
        os.environ.setdefault("RAY_ENABLE_UV_RUN_RUNTIME_ENV", "0")
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        # Opts in to what Ray announces as its next default; silences a warning at every start.
        os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
        # A task that takes all memory would else be started again for ever.
        os.environ.setdefault("RAY_task_oom_retries", str(WORKER_LOSSES))
        local = self._address is None
        if local:
            # Else Ray keeps a token in the home folder, which a container's user may not have.
            os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
        import ray
        from ray._private import worker

        # Ray would print dumps of its own state among our lines when a process of it is lost.
        worker._worker_logs_enabled = False  # noqa: SLF001
        try:
            if self._address is not None:
                _reach(self._address)
            with _signals_kept():
                ray.init(
                    address="local" if local else self._address,
                    include_dashboard=False if local else None,
                    object_store_memory=OBJECT_STORE_BYTES if local else None,
                    log_to_driver=False,
                    logging_level=logging.ERROR,
                )
        except BaseException as error:
            ray.shutdown()
            if not isinstance(error, OSError | ValueError | RuntimeError):
                raise
            if local:
                raise SandboxFault(
                    f"Ray did not start on this machine ({error}); a machine that is very busy "
                    "may be too slow for it: everything done is kept, run the same command again"
                ) from error
            raise ConfigError(
                f"engine.ray_address: no Ray cluster lets kodgen in at {self._address!r} "
                f"({error}); check the address and the cluster's token (RAY_AUTH_TOKEN), or "
                "leave the key out to start Ray on this machine"
            ) from error
        self._started = True

    async def start_sandboxes(self) -> None:
        """Start a sandbox on every node; nodes that join later get theirs then.

        Raises:
            ConfigError: A node has not the Python that trials are to run under.
            IsolationError: A node can't isolate and limits alone were not accepted.
            SandboxFault: A node's sandbox does not come up.
        """
        self.start()
        await self._sandboxes.start()

    async def run(self, solution: str, test: str, scrutiny: Scrutiny = FULL) -> Verdict:
        """Run a trial on the least busy node.

        Returns:
            The verdict; `infra` where one sandbox after the other was lost under it.

        Raises:
            SandboxFault: No node is left, or none has had a sandbox for long.
        """
        return await self._sandboxes.run(solution, test, scrutiny)

    def snapshot(self) -> SandboxSnapshot:
        """What the sandboxes are doing; all zero before they are started."""
        return self._sandboxes.snapshot()

    async def process(self, stage: TableStage[In, Out], rows: Sequence[In]) -> Outcome[Out]:
        """Work on a whole table in a Ray task; again on another worker should its own be lost.

        One that takes less than starting a worker, which is a second or two, is worked on here.

        Raises:
            KodgenError: One worker after the other was lost, or the last node.
        """
        few = len(rows) <= FEW_ROWS
        if few and (beside := stage.beside()) is not None and beside <= FEW_BESIDE:
            return await asyncio.to_thread(stage.process, list(rows))
        self.start()
        import ray
        from ray.exceptions import OutOfMemoryError, RayError, RayTaskError, WorkerCrashedError

        # Ray would have a table's one task compute on one core, though nothing else runs by then.
        threads = {"env_vars": {"OMP_NUM_THREADS": str(_cores())}} if not few else None
        task = ray.remote(num_cpus=1, max_retries=WORKER_LOSSES, runtime_env=threads)(_process)
        try:
            call = asyncio.wrap_future(task.remote(stage, list(rows)).future())
            while not (await asyncio.wait({call}, timeout=LOOK_SECONDS))[0]:
                if not await asyncio.to_thread(usable_nodes):
                    call.cancel()
                    raise KodgenError(
                        f"{stage.name}: no node of Ray is left to work on it; run the same "
                        "command again"
                    )
            outcome: Outcome[Out] = call.result()
        except RayTaskError as error:
            raise error.cause from None
        except RayError as error:
            often = ""
            if isinstance(error, WorkerCrashedError | OutOfMemoryError):
                often = "each worker that tried was lost, most often for want of memory: "
            reason = f"{type(error).__name__}: {str(error).splitlines()[0]}"
            raise KodgenError(
                f"{stage.name}: Ray could not work on its {len(rows)} rows ({often}{reason}); all "
                "stages before are kept: see to the machine and run the same command again"
            ) from error
        return outcome

    async def close(self) -> None:
        """Stop the sandboxes, and Ray if it was started here."""
        if not self._started:
            return
        import ray

        try:
            await asyncio.wait_for(self._sandboxes.close(), CLOSE_SECONDS)
        except TimeoutError:
            log.warning("a sandbox did not stop within %.0f s; Ray ends it now", CLOSE_SECONDS)
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


@contextlib.contextmanager
def _signals_kept() -> Iterator[None]:
    """Keep our own way with SIGTERM, which Ray answers with a crash report."""
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        if threading.current_thread() is threading.main_thread():
            # A batch system's SIGTERM is a Ctrl-C where nothing else was said of it.
            unsaid = before in {signal.SIG_DFL, None}
            signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT) if unsaid else before)


def _cores() -> int:
    """Cores of the smallest node that is up."""
    import ray

    nodes = (node["Resources"] for node in ray.nodes() if node["Alive"])
    return max(1, int(min((node.get("CPU", 1.0) for node in nodes), default=1.0)))


def _process(stage: TableStage[Any, Any], rows: Sequence[Any]) -> Outcome[Any]:
    return stage.process(rows)
