"""Projects a sample to the full number of draws: requests, tokens, time, GPUs, cost. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kodgen.config import Price, Target
from kodgen.engine.accounting import HOUR, MILLION, Effort
from kodgen.engine.forecast.intervals import Interval, middle, totals
from kodgen.engine.forecast.sample import Sample, SampledRow, Use
from kodgen.engine.forecast.yields import Aim, Yield, aim, stage_yield
from kodgen.engine.models import ASKING

if TYPE_CHECKING:
    import numpy as np

COUNTED = ("requests", "prompt_tokens", "completion_tokens", "llm_seconds")
"""What is counted of each row in each of these stages, as a manifest's `measured` names it."""


@dataclass(frozen=True, slots=True)
class Model:
    """What is known of a stage's model beforehand."""

    at_once: int
    """Samples that may be in flight."""
    price: Price | None = None


@dataclass(frozen=True, slots=True)
class StageForecast:
    """What one stage will do in the full run."""

    stage: str
    rows: Yield
    used: Mapping[str, Interval]
    """As a manifest's `measured` names it; what can't be told has no key."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the full run will give and take."""

    sampled: int
    draws: int
    stages: tuple[StageForecast, ...]
    aim: Aim
    used: Mapping[str, Interval]
    """Of all stages together."""
    models: Mapping[str, Model]
    """What was taken to be known of each stage's model."""


def project(
    sample: Sample,
    draws: Mapping[str, int],
    models: Mapping[str, Model],
    target: Target | None,
    seed: int,
) -> Forecast:
    """Project a sample.

    Args:
        sample: The sample, at least one row of each subset that has any.
        draws: Questions of each subset in the full run.
        models: Of each stage that has one.
        target: How many rows are enough, if the pipeline says.
        seed: Drives the resampling.
    """
    import numpy as np

    parts = {
        subset: [row for row in sample.rows if row.subset == subset]
        for subset in draws
        if any(row.subset == subset for row in sample.rows)
    }
    aimed = aim(parts, draws, len(sample.stages), target)
    strata = [
        (np.array([_counts(row) for row in part], dtype=float), draws[subset])
        for subset, part in parts.items()
    ]
    point, resampled = totals(strata, seed)
    # The estimate first, then every resample of it: all that follows is done to each alike.
    runs = point[None, :] if resampled is None else np.vstack([point[None, :], resampled])
    had = np.sum([rows.sum(axis=0) for rows, _ in strata], axis=0)
    stages, together = [], dict[str, np.ndarray]()
    untold = {"cost"} if any(model.price is None for model in models.values()) else set[str]()
    for number, stage in enumerate(sample.stages):
        columns: dict[str, np.ndarray] = {}
        if stage in models:
            at = ASKING.index(stage) * len(COUNTED)
            counted = runs[:, at : at + len(COUNTED)]
            if at >= ASKING.index("solve") * len(COUNTED):
                counted = counted * aimed.attempted
            columns = dict(zip(COUNTED, counted.T, strict=True))
            before = dict(zip(COUNTED, had[at : at + len(COUNTED)], strict=True))
            columns |= _spent(columns, before, sample.efforts[stage], models[stage])
            if before["requests"] and not before["prompt_tokens"] + before["completion_tokens"]:
                # Its server counts no tokens, so nobody can tell.
                for name in ("prompt_tokens", "completion_tokens", "cost"):
                    columns.pop(name, None)
                    untold.add(name)
        else:
            columns["seconds"] = np.full(len(runs), sample.efforts[stage].seconds)
            columns |= _held(columns["seconds"], sample.efforts[stage])
        for name, values in columns.items():
            together[name] = together.get(name, 0.0) + values
        used = {name: _interval(values) for name, values in columns.items()}
        stages.append(StageForecast(stage, stage_yield(parts, draws, number), used))
    beside = sample.seconds - sum(effort.seconds for effort in sample.efforts.values())
    together["seconds"] = together["seconds"] + max(beside, 0.0)
    return Forecast(
        sampled=len(sample.rows),
        draws=sum(draws.values()),
        stages=tuple(stages),
        aim=aimed,
        used={n: _interval(values) for n, values in together.items() if n not in untold},
        models=models,
    )


def _counts(row: SampledRow) -> list[float]:
    uses = [row.uses.get(stage, Use()) for stage in ASKING]
    return [n for use in uses for n in (use.requests, use.prompt, use.completion, use.seconds)]


def _spent(
    runs: "Mapping[str, np.ndarray]", before: Mapping[str, float], effort: Effort, model: Model
) -> "dict[str, np.ndarray]":
    """Time, GPUs and cost of a stage with a model.

    The stage takes as long as in the sample, and besides what the further rows keep either the
    model's servers or the sandboxes busy for, whichever is more.
    """
    import numpy as np

    work, had = runs["llm_seconds"] / model.at_once, before["llm_seconds"] / model.at_once
    if effort.worker_seconds and before["requests"]:
        workers = effort.worker_seconds / effort.seconds
        trial = effort.sandbox_seconds / before["requests"] / workers
        work = np.maximum(work, runs["requests"] * trial)
        had = max(had, before["requests"] * trial)
    seconds = np.maximum(effort.seconds + work - had, 0.0)
    found = {"seconds": seconds, **_held(seconds, effort)}
    if model.price is None:
        found.pop("cost", None)
    else:
        tokens = runs["prompt_tokens"] * model.price.prompt
        tokens = tokens + runs["completion_tokens"] * model.price.completion
        found["cost"] = tokens / MILLION + found.get("cost", 0.0)
    return found


def _held(seconds: "np.ndarray", effort: Effort) -> "dict[str, np.ndarray]":
    """GPU-hours of a stage that takes so long, and what they cost where they have a price."""
    if not (effort.gpu_seconds and effort.seconds):
        return {}
    found = {"gpu_hours": seconds * (effort.gpu_seconds / effort.seconds / HOUR)}
    if effort.gpu_cost:
        found["cost"] = seconds * (effort.gpu_cost / effort.seconds)
    return found


def _interval(runs: "np.ndarray") -> Interval:
    return middle(float(runs[0]), runs[1:] if len(runs) > 1 else None)
