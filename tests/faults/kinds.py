"""What can go wrong with a build from outside, each as something to do to a running one."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.faults.ray_nodes import RayNodes
from tests.processes import command, descendants, parent
from tests.replay_server import Faults, ReplayServer

WORKERS = ("ray::SandboxActor", "ray::_process", "ray::IDLE")
"""Ray's workers as they call themselves; its agents are part of the node."""
RESTART_SECONDS = (0.3, 3.0)
"""How long a server is away."""


@dataclass(frozen=True)
class Victim:
    """A build in progress."""

    process: subprocess.Popen[str]
    server: ReplayServer
    random: random.Random
    nodes: RayNodes | None
    """The Ray nodes that it runs on; none where it started a Ray of its own."""

    def kill_one(self, *named: str) -> bool:
        """SIGKILL one of its processes whose command line has one of these; whether one had."""
        return self._kill_one_of(self._processes(*named))

    def kill_fork_server(self) -> bool:
        """SIGKILL one of the two processes that a fork server is; not one of a trial's own."""
        outer = _children(*self._processes("ray::SandboxActor"))
        return self._kill_one_of([*outer, *_children(*outer)])

    def _processes(self, *named: str) -> list[int]:
        roots = [self.process.pid] if self.nodes is None else self.nodes.raylets
        pids = {pid for root in roots for pid in descendants(root)}
        return sorted(pid for pid in pids if any(name in command(pid) for name in named))

    def _kill_one_of(self, pids: list[int]) -> bool:
        if not pids:
            return False
        try:
            os.kill(self.random.choice(pids), signal.SIGKILL)
        except ProcessLookupError:  # it ended between the look and the kill
            return False
        return True


@dataclass(frozen=True)
class Kind:
    """One kind of fault."""

    name: str
    strike: Callable[[Victim], bool] = lambda _: True
    """Done at the moment; whether there was anything to do it to."""
    times: int = 1
    """How often it is done, a second apart or a little more."""
    faults: Faults = field(default_factory=Faults)
    """What the server does all along."""
    nodes: int = 0
    """Ray nodes that it needs for itself, one of them to be lost; 0 for the shared Ray."""
    own_ray: bool = False
    """Whether the build starts its own Ray, which it may lose."""
    ends: frozenset[int] = frozenset({0})
    """Exit codes that the build may have when it is struck."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Overrides of the pipeline."""


def _driver(victim: Victim) -> bool:
    os.kill(victim.process.pid, signal.SIGKILL)
    return True


def _node(victim: Victim) -> bool:
    assert victim.nodes is not None
    victim.nodes.kill(victim.random.choice(victim.nodes.more))
    return True


def _any(victim: Victim) -> bool:
    strikes = (_server, Victim.kill_fork_server, lambda victim: victim.kill_one(*WORKERS))
    return victim.random.choice(strikes)(victim)


def _server(victim: Victim) -> bool:
    victim.server.stop()
    time.sleep(victim.random.uniform(*RESTART_SECONDS))
    victim.server.start()
    return True


KINDS = {
    kind.name: kind
    for kind in (
        Kind("driver", _driver, ends=frozenset({0, -signal.SIGKILL})),
        Kind("driver of its own Ray", _driver, own_ray=True, ends=frozenset({0, -signal.SIGKILL})),
        Kind("worker", lambda victim: victim.kill_one(*WORKERS)),
        Kind("supervisor", lambda victim: victim.kill_one("ray::SandboxActor")),
        Kind("fork server", Victim.kill_fork_server),
        Kind("node of two", _node, nodes=2),
        Kind("node of three", _node, nodes=3),
        Kind(
            "only node",
            lambda victim: victim.kill_one("raylet/raylet"),
            own_ray=True,
            ends=frozenset({0, 1, 7}),
        ),
        Kind("server restart", _server),
        Kind("429 and 500", faults=Faults(rates={"rate_limited": 0.15, "error": 0.15})),
        Kind("cut", faults=Faults(rates={"cut_within": 0.2, "cut_before": 0.1})),
        Kind("no body", faults=Faults(rates={"empty": 0.3})),
        Kind("truncated JSON", faults=Faults(rates={"truncated_json": 0.2, "not_json": 0.1})),
        Kind(
            "late",
            faults=Faults(rates={"delay": 0.05}, delay_seconds=100),
            settings={"llm.timeout_seconds": "2"},
        ),
        Kind(
            "all at once",
            _any,
            times=4,
            faults=Faults(
                rates={"error": 0.1, "rate_limited": 0.1, "cut_within": 0.1, "truncated_json": 0.1}
            ),
        ),
    )
}
"""By name. Full disks and jumping clocks have tests of their own."""


def _children(*parents: int) -> list[int]:
    """Children whose command line is the sandbox's harness."""
    below = {pid for one in parents for pid in descendants(one)}
    return sorted(
        pid for pid in below if parent(pid) in parents and "sandbox/harness" in command(pid)
    )
