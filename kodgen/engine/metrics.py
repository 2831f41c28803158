"""Metrics in Prometheus format, on request, for this machine alone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from kodgen.engine.status import NOT_UP, Status
from kodgen.errors import ConfigError

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

HOST = "127.0.0.1"
PREFIX = "kodgen_"


class MetricsServer:
    """Serves `/metrics` on the loopback interface until closed.

    What it serves is the latest status of every stage: at most a second old, and never computed
    by the server's own thread.

    Raises:
        ConfigError: The port is taken.
    """

    def __init__(self, port: int, statuses: Callable[[], Sequence[Status]]) -> None:
        from prometheus_client import CollectorRegistry, start_http_server

        registry = CollectorRegistry()
        registry.register(_Collector(statuses))
        try:
            self._server, self._thread = start_http_server(port, addr=HOST, registry=registry)
        except OSError as error:
            raise ConfigError(
                f"engine.metrics_port: port {port} can't be had ({error.strerror}); give another"
            ) from error

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Collector:
    def __init__(self, statuses: Callable[[], Sequence[Status]]) -> None:
        self._statuses = statuses

    def collect(self) -> "Iterator[Metric]":
        from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily

        families = {True: CounterMetricFamily, False: GaugeMetricFamily}
        statuses = self._statuses()
        for name, (help_text, counts, labels, read) in METRICS.items():
            family = families[counts](PREFIX + name, help_text, labels=["stage", *labels])
            for status in statuses:
                for values, value in read(status).items():
                    family.add_metric([status.stage, *values], value)
            yield family


Values = Mapping[tuple[str, ...], float]


def _one(value: float | None) -> Values:
    """A value without labels of its own; none where it is not known."""
    return {} if value is None else {(): float(value)}


def _asking(name: str) -> Callable[[Status], Values]:
    return lambda status: _one(getattr(status.asking, name, None))


def _sandbox(name: str) -> Callable[[Status], Values]:
    return lambda status: _one(getattr(status.sandbox, name, None))


def _endpoints(read: Callable[[tuple[str, int, int, str]], float]) -> Callable[[Status], Values]:
    def values(status: Status) -> Values:
        endpoints = status.asking.endpoints if status.asking is not None else ()
        return {(endpoint[0],): float(read(endpoint)) for endpoint in endpoints}

    return values


METRICS: Mapping[str, tuple[str, bool, list[str], Callable[[Status], Values]]] = {
    "rows_expected": ("Rows that go in.", False, [], lambda s: _one(s.total)),
    "rows": (
        "Rows done, by what became of them.",
        True,
        ["became"],
        lambda s: {("accepted",): s.accepted, ("rejected",): s.rejected},
    ),
    "rows_per_second": (
        "Rows finished by this process.",
        False,
        [],
        lambda s: _one(s.rows_per_second),
    ),
    "seconds_left": ("Seconds until the stage is done.", False, [], lambda s: _one(s.left_seconds)),
    "tokens": (
        "Tokens of all stored answers.",
        True,
        ["kind"],
        lambda s: {("prompt",): s.prompt_tokens, ("completion",): s.completion_tokens},
    ),
    "rows_by_attempts": (
        "Rows finished by this process, by the attempts they took.",
        True,
        ["attempts"],
        lambda s: {(str(made),): rows for made, rows in s.attempts.items()},
    ),
    "attempts": (
        "Attempts of rows finished by this process, by what the sandbox found.",
        True,
        ["outcome"],
        lambda s: {(outcome,): count for outcome, count in s.trials.items()},
    ),
    "llm_answers": ("Answers of the model.", True, [], _asking("answers")),
    "llm_faults": ("Faults of the model's servers.", True, [], _asking("faults")),
    "llm_refusals": ("Requests refused for good.", True, [], _asking("refusals")),
    "llm_waiting": ("Samples that wait for their turn.", False, [], _asking("waiting")),
    "llm_busy_seconds": ("Time in flight, over samples.", True, [], _asking("busy_seconds")),
    "llm_slot_seconds": ("Time that could have been.", True, [], _asking("slot_seconds")),
    "llm_in_flight": ("Samples in flight.", False, ["endpoint"], _endpoints(lambda e: e[1])),
    "llm_limit": ("Samples that may be.", False, ["endpoint"], _endpoints(lambda e: e[2])),
    "llm_available": (
        "Whether a server is up (1), or left alone after faults (0).",
        False,
        ["endpoint"],
        _endpoints(lambda e: float(e[3] not in NOT_UP)),
    ),
    "server_utilisation": ("Share of the limit in use.", False, [], lambda s: _one(s.utilisation)),
    "gpu_utilisation": ("Share of time at work.", False, [], lambda s: _one(s.gpu)),
    "sandbox_nodes": ("Nodes with a sandbox.", False, [], _sandbox("nodes")),
    "sandbox_workers": ("Trials that may run at a time.", False, [], _sandbox("workers")),
    "sandbox_running": ("Trials that run.", False, [], _sandbox("running")),
    "sandbox_queued": ("Trials that wait for a worker.", False, [], _sandbox("queued")),
}
"""Help, whether it only grows, labels besides the stage, and how it is read, by name."""
