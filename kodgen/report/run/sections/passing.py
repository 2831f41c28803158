"""pass@k of each subset."""

from kodgen.report.run import charts
from kodgen.report.run.sections.difficulty import difficulty_panel
from kodgen.report.run.values import RunValues
from kodgen.report.run.view import Panel, Section, Table, largest
from kodgen.report.telling import count, percent, rate, share


def section(run: RunValues) -> Section:
    """What attempts reach, and how hard questions were."""
    panels = []
    sizes = {name: one.questions for name, one in run.attempts.items()}
    shown = largest(run.subsets, sizes)
    if shown:
        told = (
            "Chance that at least one of k attempts at a question passes its own tests. "
            "Questions get more attempts the less they pass, so pass@k is taken without bias over "
            "the attempts that every question gets, and over the first k beyond; a dotted line "
            "reaches to where it would be if all questions that were given up before k attempts "
            "had passed."
        )
        ks = sorted({k for one in run.attempts.values() for k in one.at})
        rows = [
            [
                name,
                count(one.questions),
                count(one.certain),
                *(_bracket(one.at[k].low, one.at[k].high) for k in ks),
                percent(share(one.passed, one.made)),
            ]
            for name in run.subsets
            if (one := run.attempts.get(name)) is not None
        ]
        heads = ["Subset", "questions", "attempts that all get", *(f"pass@{k}" for k in ks)]
        table = Table("pass@k by subset", [*heads, "attempts that passed"], rows)
        label = "pass@k by subset. " + "; ".join(", ".join(row) for row in rows)
        figure = charts.dots(
            "passing", label, {name: run.attempts[name].at for name in shown}, "% of questions"
        )
        panels.append(Panel(figure, told, [table]))
    if run.difficulty:
        panels.append(difficulty_panel(run))
    return Section(
        "passing",
        "pass@k and difficulty",
        "",
        panels,
        "No question was solved yet.",
    )


def _bracket(low: float, high: float) -> str:
    return rate(low) if high - low < 5e-5 else f"{rate(low)} to {rate(high)}"
