"""The funnel: how many rows went into each stage, how many came out, and why the others did not."""

from collections.abc import Mapping, Sequence
from typing import Any

from kodgen.engine.status import duration
from kodgen.engine.store.sealing import Sealed

SHOWN = 10
"""Names of missing modules on a terminal."""


def funnel_lines(stages: Sequence[Sealed]) -> list[str]:
    """A table for a terminal: stage, rows in, kept, rejected, and the reasons below each stage."""
    width = max(len(sealed.stage) for sealed in stages)
    lines = [f"{'stage':<{width}}  {'in':>8}  {'kept':>8}  {'rejected':>8}  reasons"]
    for sealed in stages:
        total = sum(sealed.rejected.values())
        lines.append(
            f"{sealed.stage:<{width}}  {sealed.rows_in:>8,}  {sealed.kept:>8,}  {total:>8,}  "
            f"{_reasons(sealed.rejected)}".rstrip()
        )
        if sealed.trials:
            attempts = sum(sealed.trials.values())
            lines.append(f"{'':<{width}}  {attempts:,} attempts: {_reasons(sealed.trials)}")
        if sealed.measured.get("requests"):
            lines.append(f"{'':<{width}}  {_measured(sealed.measured)}")
        if sealed.missing_modules:
            named = _reasons(sealed.missing_modules, SHOWN)
            lines.append(f"{'':<{width}}  modules missing in the sandbox: {named}")
    return lines


def _reasons(counts: Mapping[str, int], most: int | None = None) -> str:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    told = [f"{reason} {count:,}" for reason, count in ranked]
    return ", ".join(told[:most]) + (", ..." if told[:most] != told else "")


def _measured(measured: Mapping[str, float]) -> str:
    """What the answers took; what was not measured is left out."""
    told = [f"{measured['requests']:,} requests"]
    if "prompt_tokens" in measured:
        told.append(
            f"tokens {measured['prompt_tokens']:,} in {measured['completion_tokens']:,} out"
        )
    told.append(duration(measured["seconds"]))
    if "server_utilisation" in measured:
        told.append(f"servers {100 * measured['server_utilisation']:.0f} % used")
    if "gpu_hours" in measured:
        told.append(f"{measured['gpu_hours']:,.3g} GPU-hours")
    if "cost" in measured:
        told.append(f"cost {measured['cost']:,.4g}")
    return ", ".join(told)


def funnel_data(stages: Sequence[Sealed]) -> list[dict[str, Any]]:
    """The same for a script, with what was measured."""
    return [
        {
            "stage": sealed.stage,
            "in": sealed.rows_in,
            "kept": sealed.kept,
            "rejected": dict(sealed.rejected),
            "trials": dict(sealed.trials),
            "missing_modules": dict(sealed.missing_modules),
            "measured": dict(sealed.measured),
        }
        for sealed in stages
    ]
