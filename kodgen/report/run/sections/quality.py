"""How much the tests of verified rows notice."""

from kodgen.report.run import charts
from kodgen.report.run.values import RunValues
from kodgen.report.run.view import Panel, Section, Table
from kodgen.report.telling import count

QUALITY = {
    "coverage": ("Coverage", "% of statements that the tests run"),
    "strength": ("Mutation score", "share of small faults that the tests notice"),
    "consensus": ("Consensus", "score of the chosen solution among all attempts"),
}


def section(run: RunValues) -> Section:
    """A histogram for each thing that was measured."""
    panels = []
    for what, (title, unit) in QUALITY.items():
        one = run.quality.get(what)
        if one is None:
            continue
        width = (one.high - one.low) / len(one.counts)
        table = Table(
            title,
            ["From", "rows"],
            [
                [f"{one.low + number * width:g}", count(value)]
                for number, value in enumerate(one.counts)
            ],
        )
        label = (
            f"{title} of {count(one.spread.count)} rows, {unit}: mean {one.spread.mean:.3g}, half "
            f"above {one.spread.p50:.3g}."
        )
        told = f"{title}: {unit}. Mean {one.spread.mean:.3g} over {count(one.spread.count)} rows."
        panels.append(Panel(charts.histogram(f"quality-{what}", label, one, unit), told, [table]))
    return Section(
        "quality",
        "Strength of the tests",
        "Of verified rows, where measured.",
        panels,
        "Nothing was measured.",
    )
