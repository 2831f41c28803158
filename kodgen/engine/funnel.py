"""The funnel: how many rows went into each stage, how many came out, and why the others did not."""

from collections.abc import Mapping, Sequence
from typing import Any

from kodgen.engine.sealing import Sealed


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
    return lines


def _reasons(counts: Mapping[str, int]) -> str:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{reason} {count:,}" for reason, count in ranked)


def funnel_data(stages: Sequence[Sealed]) -> list[dict[str, Any]]:
    """The same for a script, with what was measured."""
    return [
        {
            "stage": sealed.stage,
            "in": sealed.rows_in,
            "kept": sealed.kept,
            "rejected": dict(sealed.rejected),
            "trials": dict(sealed.trials),
            "measured": dict(sealed.measured),
        }
        for sealed in stages
    ]
