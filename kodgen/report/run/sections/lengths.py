"""How long rows are, and how many tests they have."""

from collections.abc import Mapping

from kodgen.report.run import charts
from kodgen.report.run.spread import Spread
from kodgen.report.run.values import RunValues
from kodgen.report.run.view import Panel, Section, Table, largest
from kodgen.report.telling import count

MEASURED = {
    "question": ("Questions", "words and signs"),
    "solution": ("Solutions", "words and signs"),
    "tests": ("Tests", "words and signs"),
    "test_count": ("Test functions of a row", "test functions"),
    "answer": ("Answers of the solving model", "tokens, as its server counted them"),
}


def section(run: RunValues) -> Section:
    """A panel for each thing that is measured."""
    panels = []
    for what, (title, unit) in MEASURED.items():
        spreads = run.lengths.get(what) or {}
        shown = largest(run.subsets, {name: one.count for name, one in spreads.items()})
        if not shown:
            continue
        table = _spread_table(
            f"{title}: {unit}", {n: spreads[n] for n in run.subsets if n in spreads}
        )
        label = f"{title} by subset, {unit}: " + "; ".join(
            f"{name} half below {spreads[name].p50:,.0f}" for name in shown
        )
        boxed = {name: spreads[name] for name in shown}
        figure = charts.boxes(f"length-{what}", label, boxed, unit)
        told = (
            f"{title}, in {unit}. Boxes hold the middle half, whiskers reach to 5 and 95 %, the "
            "thick line is the median."
        )
        panels.append(Panel(figure, told, [table]))
    return Section(
        "lengths",
        "Lengths and numbers of tests",
        "Of verified rows, completion tasks left out; a word, a number or a sign counts as one, as "
        "models' tokenizers differ. Tokens are those that a server counted.",
        panels,
        "No row is verified yet.",
    )


def _spread_table(caption: str, spreads: Mapping[str, Spread]) -> Table:
    return Table(
        caption,
        ["Subset", "values", "mean", "5 %", "25 %", "median", "75 %", "95 %", "highest"],
        [
            [
                name,
                count(one.count),
                *(
                    f"{value:,.1f}"
                    for value in (one.mean, one.p5, one.p25, one.p50, one.p75, one.p95, one.max)
                ),
            ]
            for name, one in spreads.items()
        ],
    )
