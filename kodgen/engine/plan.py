"""What a build would make again, ask for and pay, as plain values and in words."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

State = Literal["up to date", "again", "unknown"]
"""Sealed as it is; to be made again; or dependent on answers yet to come."""


@dataclass(slots=True)
class StagePlan:
    """What is to be done in one stage. Counts of rows add up to `rows`."""

    stage: str
    state: State
    rows: int = 0
    """Rows that go in, as far as they are known."""
    recalled: int = 0
    """Rows whose outcome is taken over as it is."""
    remade: int = 0
    """Rows made again from stored answers and verdicts alone."""
    unverified: int = 0
    """Rows whose stored answers are to be run first; what else they need is seen then."""
    asked: int = 0
    """Rows that need an answer that is not stored."""
    unknown: int = 0
    """Rows that may come of answers that an earlier stage waits for; not part of `rows`."""
    requests: int = 0
    """Requests that are certain."""
    at_most: int = 0
    """Requests, whatever the answers say."""
    prompt_tokens: float | None = None
    """Tokens that a stored answer of this stage took on average; None where there is none."""
    completion_tokens: float | None = None
    cost: float | None = None
    """Of the certain requests, at this average; None without one, or without a price."""
    cost_at_most: float | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a build would do."""

    run: Path
    begun: bool
    """Whether anything was built in the run directory yet."""
    changes: tuple[str, ...]
    """What differs from the pipeline that last worked on the run, one line per key."""
    stages: tuple[StagePlan, ...]
    target: bool
    """Whether a target may end the run before all of this is asked."""

    @property
    def requests(self) -> int:
        """Requests that are certain."""
        return sum(stage.requests for stage in self.stages)

    @property
    def at_most(self) -> int:
        """Requests, whatever the answers say."""
        return sum(stage.at_most for stage in self.stages)

    def as_dict(self) -> dict[str, Any]:
        """For a script."""
        return {
            "run": str(self.run),
            "changes": list(self.changes),
            "stages": [asdict(stage) for stage in self.stages],
            "target": self.target,
            "requests": self.requests,
            "at_most": self.at_most,
        }


def plan_lines(found: Plan) -> list[str]:
    """A plan for a terminal."""
    if not found.begun:
        lines = [f"{found.run}: not begun yet"]
    elif not found.changes:
        lines = [f"{found.run}: the pipeline is as it was"]
    else:
        lines = [f"{found.run}: what changed:", *(f"  {line}" for line in found.changes)]
    width = max(len(stage.stage) for stage in found.stages)
    lines += [f"  {stage.stage:<{width}}  {_told(stage)}" for stage in found.stages]
    if found.at_most == 0:
        return [*lines, "no request is to be asked"]
    lines.append(f"to be asked: {_requests(found.requests, found.at_most)}")
    if found.target:
        lines.append("  the target may be met before all of them are asked")
    for stage in found.stages:
        lines += [f"  {stage.stage}: {line}" for line in _estimates(stage)]
    return lines


def _told(stage: StagePlan) -> str:
    if stage.state == "up to date":
        return f"up to date ({stage.rows:,} rows)"
    parts = [
        f"{count:,} {what}"
        for count, what in (
            (stage.recalled, "as they are"),
            (stage.remade, "made again from what is stored"),
            (stage.unverified, "to be run again first"),
            (stage.asked, "with requests to ask"),
            (stage.unknown, "that depend on answers yet to come"),
        )
        if count
    ]
    told = f"{stage.rows + stage.unknown:,} rows: {', '.join(parts) or 'none'}"
    if stage.at_most:
        told += f"; {_requests(stage.requests, stage.at_most)}"
    return told


def _estimates(stage: StagePlan) -> Iterator[str]:
    if stage.at_most == 0:
        return
    if stage.prompt_tokens is None or stage.completion_tokens is None:
        yield "no answer is stored yet that would say what one takes; see `kodgen preview`"
        return
    least, most = stage.requests, stage.at_most
    prompt = _range(least * stage.prompt_tokens, most * stage.prompt_tokens, ",.0f")
    completion = _range(least * stage.completion_tokens, most * stage.completion_tokens, ",.0f")
    yield f"about {prompt} prompt and {completion} completion tokens"
    if stage.cost is None or stage.cost_at_most is None:
        yield "what that costs is not known: `price` of its `llm` does not say"
    else:
        yield f"cost about {_range(stage.cost, stage.cost_at_most, ',.4g')}"


def _range(least: float, most: float, shown: str) -> str:
    return f"{most:{shown}}" if least == most else f"{least:{shown}} to {most:{shown}}"


def _requests(least: int, most: int) -> str:
    if least == most:
        return f"{most:,} requests"
    return f"{f'at least {least:,}, ' if least else ''}at most {most:,} requests"
