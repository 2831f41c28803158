"""What became of answers in full, and what pairs were chosen by."""

from kodgen.report.run import charts
from kodgen.report.run.values import RunValues
from kodgen.report.run.view import Panel, Section, by_subset_table, ranked
from kodgen.report.telling import count


def section(run: RunValues) -> Section:
    """Answers by outcome, pairs by criterion."""
    panels = []
    if run.answers:
        order = ranked({key: sum(by.values()) for key, by in run.answers.items()})
        table = by_subset_table(
            "Answers by what became of them",
            "Became",
            {key.replace("_", " "): run.answers[key] for key in order},
            run.subsets,
        )
        rows = {key.replace("_", " "): {"answers": sum(run.answers[key].values())} for key in order}
        label = "Answers in full by what became of them: " + ", ".join(
            f"{key} {count(int(one['answers']))}" for key, one in rows.items()
        )
        figure = charts.stacked("answers", label, rows, ["answers"], "answers")
        panels.append(Panel(figure, "Answers in full, by what became of them.", [table]))
    if run.pairs:
        rows = {key: {"pairs": sum(by.values())} for key, by in run.pairs.items()}
        label = "Preference pairs by criterion: " + ", ".join(
            f"{key} {count(int(one['pairs']))}" for key, one in rows.items()
        )
        table = by_subset_table("Pairs by criterion", "Criterion", run.pairs, run.subsets)
        figure = charts.stacked("pairs", label, rows, ["pairs"], "pairs")
        panels.append(Panel(figure, "Preference pairs, by what they were chosen by.", [table]))
    return Section(
        "later",
        "Answers and pairs",
        "",
        panels,
        "The pipeline asks for neither answers in full nor preference pairs.",
    )
