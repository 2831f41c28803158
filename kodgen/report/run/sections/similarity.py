"""How near questions come to a benchmark's tasks."""

from collections.abc import Mapping, Sequence

from kodgen.report.run import charts
from kodgen.report.run.spread import Bars
from kodgen.report.run.view import Panel, Table, largest
from kodgen.report.telling import count, score


def similarity_panels(
    subsets: Sequence[str], every: Bars, by_subset: Mapping[str, Bars], embedder: str
) -> list[Panel]:
    """Cosines of all questions, and of each subset where there is more than one.

    Args:
        subsets: In their order.
        every: Of all questions.
        by_subset: Of those of each subset.
        embedder: What made the vectors.
    """
    rows = [
        [
            name,
            count(one.spread.count),
            *(
                score(value)
                for value in (one.spread.mean, one.spread.p50, one.spread.p95, one.spread.max)
            ),
        ]
        for name, one in {"all": every, **by_subset}.items()
    ]
    table = Table(
        "Cosine to the nearest task",
        ["Subset", "questions", "mean", "median", "95 % below", "highest"],
        rows,
    )
    width = 1 / len(every.counts)
    bins = Table(
        "Questions in each bin",
        ["From", "all", *by_subset],
        [
            [
                f"{number * width:.2f}",
                count(every.counts[number]),
                *(count(one.counts[number]) for one in by_subset.values()),
            ]
            for number in range(len(every.counts))
        ],
    )
    unit = "cosine to the nearest task"
    label = (
        f"Histogram of the cosine of {count(every.spread.count)} questions to their nearest task: "
        f"half below {score(every.spread.p50)}, the highest {score(every.spread.max)}."
    )
    told = (
        f"How near each question comes to the task nearest to it, by the embedder “{embedder}”, "
        "rejected ones included."
    )
    panels = [
        Panel(charts.histogram("similarity", label, every, unit, "questions"), told, [table, bins])
    ]
    shown = largest(subsets, {name: one.spread.count for name, one in by_subset.items()})
    if len(shown) > 1:
        told = "The same for each subset, every histogram with its own scale."
        figure = charts.histograms(
            "similarities", told, {name: by_subset[name] for name in shown}, unit
        )
        panels.append(Panel(figure, told, [table]))
    return panels
