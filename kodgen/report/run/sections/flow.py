"""The way from written to verified questions, by subset: a Sankey diagram."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from kodgen.report.figures import COLOURS, SERIES, drawing
from kodgen.report.run.charts import HATCHES, shorter
from kodgen.report.run.values import BySubset, RunValues, StageFacts
from kodgen.report.run.view import Panel, Section, Table, largest
from kodgen.report.telling import count, percent, share

if TYPE_CHECKING:
    from markupsafe import Markup
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STEPS = {
    "synthesize": "written",
    "deduplicate": "unique",
    "decontaminate": "clean",
    "solve": "verified",
}
"""Stages whose kept rows are questions, one each, and what these are then: short, as the words
stand beside each other. The paper's figure 7 has the first, the second and the last."""
GAP = 0.02
"""Between two subsets, of the height of all."""
POINTS = 24
"""Of a curve."""
FALL = 0.6
"""Of a step, along which what is turned away runs out."""


def section(run: RunValues) -> Section:
    """The diagram; there is none where not even two of its stages are finished."""
    panel = _panel(run.stages, run.subsets)
    return Section(
        "flow",
        "From written to verified",
        "How many questions of each subset come through.",
        [panel] if panel else [],
        "The run has not come as far as its second stage.",
    )


def _panel(stages: Sequence[StageFacts], subsets: Sequence[str]) -> Panel | None:
    steps = {STEPS[one.name]: one.kept_by for one in stages if one.name in STEPS}
    if len(steps) < 2:
        return None
    names = list(steps)
    first, last = steps[names[0]], steps[names[-1]]
    table = Table(
        "Rows after each stage",
        ["Subset", *names, f"{names[-1]} of {names[0]}"],
        [
            [
                name,
                *(count(rows.get(name, 0)) for rows in steps.values()),
                percent(share(last.get(name, 0), first.get(name, 0))),
            ]
            for name in subsets
        ],
    )
    shown = largest(subsets, first)
    told = (
        f"From left to right, what is left of the questions: {', '.join(names)}. A band is a "
        "subset, its height the rows. What a stage turned away is pale and runs out."
    )
    return Panel(_sankey(steps, shown) if shown else None, told, [table])


def _sankey(steps: Mapping[str, BySubset], subsets: Sequence[str]) -> "Markup":
    names = list(steps)
    whole = sum(steps[names[0]].get(name, 0) for name in subsets)
    room = whole * (1 + GAP * (len(subsets) - 1))

    def draw(figure: "Figure") -> None:
        axes = figure.add_subplot()
        top = room
        for number, subset in enumerate(subsets):
            sizes = [rows.get(subset, 0) for rows in steps.values()]
            colour, hatch = SERIES[number % len(SERIES)], HATCHES[number // len(SERIES) % 6]
            for at, (before, after) in enumerate(pairwise(sizes)):
                _band(axes, at, top, before, after, COLOURS[colour], hatch)
            middle = top - sizes[0] / 2
            axes.text(
                -0.03, middle, f"{shorter(subset)} {count(sizes[0])}", ha="right", va="center"
            )
            told = f"{count(sizes[-1])} ({100 * sizes[-1] / sizes[0]:.0f} %)"
            axes.text(len(names) - 1 + 0.03, top - sizes[-1] / 2, told, ha="left", va="center")
            top -= sizes[0] + GAP * whole
        axes.set_xlim(0, len(names) - 1)
        axes.set_ylim(0, room)
        totals = [sum(rows.get(one, 0) for one in subsets) for rows in steps.values()]
        heads = [f"{name}\n{count(total)}" for name, total in zip(names, totals, strict=True)]
        axes.set_xticks(range(len(names)), heads)
        axes.xaxis.tick_top()
        axes.tick_params(length=0)
        axes.set_yticks([])
        axes.grid(visible=False)
        for side in axes.spines.values():
            side.set_visible(False)

    told = "; ".join(
        f"{one}: " + ", ".join(f"{count(rows.get(one, 0))} {name}" for name, rows in steps.items())
        for one in subsets
    )
    label = f"Sankey diagram of rows by subset. {told}."
    return drawing(draw, "flow", label, max(0.34 * len(subsets) + 0.8, 2.2))


def _band(
    axes: "Axes", at: int, top: float, before: int, after: int, colour: str, hatch: str
) -> None:
    """From one stage to the next: what is kept goes on level, what is not runs out below it."""
    axes.fill_between(
        [at, at + 1],
        top - after,
        top,
        facecolor=colour,
        edgecolor=COLOURS["paper"],
        hatch=hatch,
        alpha=0.85,
        linewidth=0,
    )
    if after < before:
        along = [step / (POINTS - 1) for step in range(POINTS)]
        # Smoothstep: level at either end.
        edge = [top - before + (before - after) * x * x * (3 - 2 * x) for x in along]
        places = [at + FALL * x for x in along]
        axes.fill_between(
            places, edge, top - after, facecolor=colour, alpha=0.3, edgecolor="none", linewidth=0
        )
        axes.plot(places, edge, color=colour, linewidth=1, linestyle=(0, (3, 2)))
    axes.plot([at + 1, at + 1], [top - after, top], color=COLOURS["ink"], linewidth=1)
