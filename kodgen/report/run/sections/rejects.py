"""Why rows were turned away."""

from collections import Counter

from kodgen.report.run import charts
from kodgen.report.run.values import RunValues
from kodgen.report.run.view import MOST_REASONS, Panel, Section, Table, by_subset_table, ranked
from kodgen.report.telling import count


def section(run: RunValues) -> Section:
    """Reasons by stage, and the modules that the sandbox lacks."""
    return Section(
        "rejects",
        "Why rows were turned away",
        "",
        _panels(run),
        "No row was turned away.",
    )


def _panels(run: RunValues) -> list[Panel]:
    every: Counter[str] = Counter()
    by_subset = {}
    for stage in run.stages:
        for reason, number in stage.rejected.items():
            name = f"{stage.name}: {reason.replace('_', ' ')}"
            every[name] += number
            by_subset[name] = stage.rejected_by.get(reason, {})
    if not every:
        return []
    order = ranked(every)
    label = "Rows turned away by reason. " + ", ".join(
        f"{one} {count(every[one])}" for one in order
    )
    rows = {one: {"rows": every[one]} for one in order[:MOST_REASONS]}
    table = by_subset_table(
        "Rows turned away", "Stage and reason", {one: by_subset[one] for one in order}, run.subsets
    )
    panels = [
        Panel(
            charts.stacked("rejects", label, rows, ["rows"], "rows"),
            "By stage and reason.",
            [table],
        )
    ]
    missing = sum((Counter(one.missing_modules) for one in run.stages), Counter[str]())
    if missing:
        names = [[name, count(missing[name])] for name in ranked(missing)]
        told = "Modules that the sandbox lacks: questions that need them can't be verified."
        panels.append(Panel(None, told, [Table("Missing modules", ["Module", "attempts"], names)]))
    return panels
