"""How many rows each stage kept, and what it took."""

from kodgen.report.run import charts
from kodgen.report.run.values import RunValues, StageFacts
from kodgen.report.run.view import Panel, Section, Table, by_subset_table
from kodgen.report.telling import NONE, count, percent, share

HOUR, MINUTE = 3600, 60
TOOK = {
    "requests": "requests",
    "prompt_tokens": "tokens in",
    "completion_tokens": "tokens out",
    "gpu_hours": "GPU-hours",
    "cost": "cost",
}


def section(run: RunValues) -> Section:
    """Rows of each stage, and what it took."""
    return Section("stages", "Stages: yield and cost", "", [_yield(run), *_cost(run)])


def _yield(run: RunValues) -> Panel:
    rows = {
        one.name: {"kept": one.kept, "turned away": sum(one.rejected.values())}
        for one in run.stages
    }
    table = Table(
        "Rows of each stage",
        ["Stage", "rows in", "kept", "turned away", "yield"],
        [
            [
                one.name,
                count(one.rows_in),
                count(one.kept),
                count(sum(one.rejected.values())),
                _yield_of(one),
            ]
            for one in run.stages
        ],
    )
    kept = by_subset_table(
        "Kept rows by subset", "Stage", {one.name: one.kept_by for one in run.stages}, run.subsets
    )
    label = "Rows of each stage. " + "; ".join(
        f"{name}: {count(one['kept'])} kept, {count(one['turned away'])} turned away"
        for name, one in rows.items()
    )
    told = (
        "Rows that each stage kept and turned away. A stage that makes several rows of one keeps "
        "more than went in."
    )
    figure = charts.stacked("yield", label, rows, ("kept", "turned away"), "rows")
    return Panel(figure, told, [table, kept])


def _cost(run: RunValues) -> list[Panel]:
    known = [key for key in TOOK if any(key in one.measured for one in run.stages)]
    table = Table(
        "What each stage took",
        ["Stage", "time", "rows a second", *(TOOK[key] for key in known), "per kept row"],
        [
            [
                one.name,
                duration(one.measured.get("seconds")),
                _figure(one.measured.get("rows_per_second")),
                *(_figure(one.measured.get(key)) for key in known),
                _per_row(one),
            ]
            for one in run.stages
        ],
    )
    rows = {
        one.name: {"seconds": one.measured["seconds"]}
        for one in run.stages
        if one.measured.get("seconds")
    }
    if not rows:
        return []
    label = "Seconds that each stage took: " + ", ".join(
        f"{name} {one['seconds']:,.1f}" for name, one in rows.items()
    )
    panels = [
        Panel(
            charts.stacked("seconds", label, rows, ["seconds"], "seconds"),
            "Time on the clock, over all commands that worked on the stage.",
            [table],
        )
    ]
    tokens = {
        one.name: {
            "tokens in": one.measured["prompt_tokens"],
            "tokens out": one.measured["completion_tokens"],
        }
        for one in run.stages
        if "prompt_tokens" in one.measured
    }
    if tokens:
        label = "Tokens of each stage: " + "; ".join(
            f"{name} {count(int(one['tokens in']))} in, {count(int(one['tokens out']))} out"
            for name, one in tokens.items()
        )
        figure = charts.stacked("tokens", label, tokens, ("tokens in", "tokens out"), "tokens")
        panels.append(Panel(figure, "Tokens, as the models' servers counted them.", [table]))
    return panels


def _yield_of(one: StageFacts) -> str:
    if one.kept > one.rows_in > 0:
        return f"{one.kept / one.rows_in:.2f} of each"
    return percent(share(one.kept, one.rows_in))


def _per_row(one: StageFacts) -> str:
    if not one.kept:
        return NONE
    if "cost" in one.measured:
        return f"cost {one.measured['cost'] / one.kept:,.3g}"
    if "completion_tokens" in one.measured:
        return f"{one.measured['completion_tokens'] / one.kept:,.0f} tokens out"
    return NONE


def duration(seconds: float | None) -> str:
    """Seconds, minutes or hours, whichever reads best."""
    if seconds is None:
        return NONE
    if seconds < 2 * MINUTE:
        return f"{seconds:.3g} s"
    if seconds < 2 * HOUR:
        return f"{seconds / MINUTE:.1f} min"
    return f"{seconds / HOUR:.1f} h"


def _figure(value: float | None) -> str:
    if value is None:
        return NONE
    return count(int(value)) if value == int(value) else f"{value:,.4g}"
