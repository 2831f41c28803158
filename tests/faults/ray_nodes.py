"""Several Ray nodes on this machine, each with processes of its own, one of which can be lost."""

import os
import signal
from types import TracebackType
from typing import Any, Self

QUICK_TO_NOTICE = {
    "health_check_initial_delay_ms": 1000,
    "health_check_period_ms": 1000,
    "health_check_failure_threshold": 5,
}
"""A lost node is known after some five seconds; fifteen to twenty-five as Ray comes."""


class RayNodes:
    """A cluster of a head and more nodes; a context manager that takes it down.

    Whoever is to be let in needs the environment's RAY_AUTH_TOKEN, which has to be set before.
    Drivers on this machine are on the head.
    """

    def __init__(self, count: int, cores: int = 1) -> None:
        self._count = count
        self._cores = cores
        self._cluster: Any = None
        self.more: list[Any] = []
        """All nodes but the head."""

    @property
    def address(self) -> str:
        """For `engine.ray_address`."""
        return str(self._cluster.address)

    @property
    def head(self) -> Any:
        """The node that drivers are on."""
        return self._cluster.head_node

    @property
    def raylets(self) -> list[int]:
        """Process ids of every node's."""
        return [self.raylet(node) for node in (self.head, *self.more)]

    @staticmethod
    def raylet(node: Any) -> int:
        """Process id of what all of a node's workers are children of."""
        return int(node.all_processes["raylet"][0].process.pid)

    def add(self) -> Any:
        """Have one more node join."""
        node = self._cluster.add_node(num_cpus=self._cores)
        self.more.append(node)
        return node

    def kill(self, node: Any) -> None:
        """SIGKILL a node's raylet, which is what Ray knows a node by."""
        os.kill(self.raylet(node), signal.SIGKILL)
        if node in self.more:
            self.more.remove(node)

    def __enter__(self) -> Self:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        from ray.cluster_utils import Cluster

        self._cluster = Cluster(
            initialize_head=True,
            head_node_args={
                "num_cpus": self._cores,
                "include_dashboard": False,
                "_system_config": QUICK_TO_NOTICE,
            },
        )
        for _ in range(self._count - 1):
            self.add()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._cluster.shutdown()
