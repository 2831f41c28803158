"""Questions that others were dropped for."""

from math import inf

from kodgen.report.run import charts
from kodgen.report.run.values import Copy, RunValues
from kodgen.report.run.view import Cell, Panel, Section, Table, excerpt
from kodgen.report.telling import count, readable, score

SIZES = (
    (1, "1 dropped"),
    (2, "2 dropped"),
    (5, "3 to 5 dropped"),
    (10, "6 to 10 dropped"),
    (30, "11 to 30 dropped"),
    (inf, "more than 30"),
)
"""Clusters by how many rows were dropped for one, at most, as a figure has them."""


def section(run: RunValues) -> Section:
    """Clusters by size, and the largest in full."""
    found = run.duplicates
    panels = []
    if found is not None and found.sizes:
        sizes = sorted(found.sizes)
        clusters = Table(
            "Questions by how many were dropped for them",
            ["Dropped for it", "questions"],
            [[count(size), count(found.sizes[size])] for size in sizes],
        )
        largest_ones = Table(
            "The largest clusters",
            ["Kept", "dropped for it", "question", "the first that were dropped"],
            [
                [
                    Cell(readable(one.kept), one.kept if one.text else ""),
                    count(one.dropped),
                    excerpt(one.text) or "released before, not of this run",
                    "\n".join(map(_copy, one.copies[:3])),
                ]
                for one in found.largest
            ],
            numbers=False,
        )
        rows: dict[str, dict[str, int]] = {}
        for size in sizes:
            name = next(name for most, name in SIZES if size <= most)
            told_of = rows.setdefault(name, {"questions": 0})
            told_of["questions"] += found.sizes[size]
        label = "Kept questions by how many were dropped for them: " + ", ".join(
            f"{count(found.sizes[size])} with {count(size)}" for size in sizes
        )
        figure = charts.stacked("clusters", label, rows, ["questions"], "kept questions")
        told = "A kept question stands for all that say the same; how many are there of each size."
        panels.append(Panel(figure, told, [clusters]))
        told = f"The {count(len(found.largest))} questions that most others were dropped for."
        panels.append(Panel(None, told, [largest_ones]))
    return Section(
        "duplicates", "Duplicates", "", panels, "No question was dropped as a duplicate."
    )


def _copy(one: Copy) -> str:
    return f"[{one.reason.replace('_', ' ')}, {score(one.score)}] {excerpt(one.text)}"
