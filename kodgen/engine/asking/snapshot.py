"""What asking a model looks like from outside: for progress, metrics and manifests."""

from dataclasses import dataclass

from kodgen.engine.asking.endpoint import EndpointSeen


@dataclass(frozen=True, slots=True)
class AskingSnapshot:
    """How asking a model fares; counts and integrals are of this process, from its start."""

    in_flight: int
    """Samples in flight."""
    limit: int
    """Samples that may be in flight now, at all endpoints that are not down."""
    waiting: int
    """Requests that wait for room or for another try."""
    answers: int
    """Samples answered."""
    faults: int
    refusals: int
    busy_seconds: float
    """Samples in flight, integrated over time."""
    slot_seconds: float
    """The limit, integrated over the time in which anything was in flight."""
    endpoints: tuple[EndpointSeen, ...]
