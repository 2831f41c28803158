"""Questions as points of a plane, one small map for each subset."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kodgen.report.figures import COLOURS, drawing
from kodgen.report.run.charts import shorter
from kodgen.report.run.values import QuestionMap, RunValues
from kodgen.report.run.view import Panel, Section, Table, largest
from kodgen.report.telling import count, rate

if TYPE_CHECKING:
    from markupsafe import Markup
    from matplotlib.figure import Figure

ACROSS = 3
FEW = 300
"""Questions that may be drawn larger."""
EDGE = 0.03
"""Of a side, beyond the outermost questions."""
CELLS = 26
"""Of a side of the plane, in which the ground is drawn where any question is."""


def section(run: RunValues) -> Section:
    """The maps, and where each subset lies in numbers."""
    return Section(
        "map",
        "Map of the questions",
        "",
        [_panel(run.map, run.subsets)] if run.map else [],
        "There are too few questions for a map.",
    )


def _panel(found: QuestionMap, subsets: Sequence[str]) -> Panel:
    shown = largest(subsets, {name: len(points) for name, points in found.points.items()})
    table = Table(
        "Where subsets lie on the map",
        ["Subset", "questions drawn", "middle, first axis", "middle, second axis", "spread"],
        [[name, *_middle(found.points[name])] for name in subsets if name in found.points],
    )
    told = (
        f"{count(found.shown)} of {count(found.of)} questions, drawn by lot in each subset. "
        f"Vectors of words ({found.embedder}) on their first two principal components, which hold "
        f"{rate(found.explained)} of the variance: questions near each other share words, but "
        "questions far apart in meaning may still overlap. Grey is where any question lies, so a "
        "subset that leaves much of it empty is of one kind."
    )
    return Panel(_maps(found, shown), told, [table])


def _middle(points: Sequence[tuple[float, float]]) -> list[str]:
    size = len(points)
    x, y = (sum(point[axis] for point in points) / size for axis in (0, 1))
    spread = (sum((a - x) ** 2 + (b - y) ** 2 for a, b in points) / size) ** 0.5
    return [count(size), f"{x:.3f}", f"{y:.3f}", f"{spread:.3f}"]


def _maps(found: QuestionMap, shown: Sequence[str]) -> "Markup":
    every = [point for points in found.points.values() for point in points]
    low = [min(point[axis] for point in every) for axis in (0, 1)]
    high = [max(point[axis] for point in every) for axis in (0, 1)]
    side = [max(top - bottom, 1e-9) for bottom, top in zip(low, high, strict=True)]
    squares = {
        tuple(
            min(int((point[axis] - low[axis]) / side[axis] * CELLS), CELLS - 1) for axis in (0, 1)
        )
        for point in every
    }
    down = -(-len(shown) // ACROSS)

    def draw(figure: "Figure") -> None:
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        width, height = side[0] / CELLS, side[1] / CELLS
        corners = [
            [
                (low[0] + (x + right) * width, low[1] + (y + up) * height)
                for right, up in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))
            ]
            for x, y in sorted(squares)
        ]
        ground = Path.make_compound_path(*(Path(one, closed=True) for one in corners))
        places = figure.subplots(down, ACROSS, squeeze=False).ravel()
        for axes, name in zip(places, shown, strict=False):
            points = found.points[name]
            axes.add_patch(PathPatch(ground, facecolor=COLOURS["line"], edgecolor="none"))
            axes.plot(
                [x for x, _ in points],
                [y for _, y in points],
                marker="o",
                linestyle="none",
                markersize=2.2 if found.shown > FEW else 4.5,
                markeredgewidth=0,
                color=COLOURS["series-1"],
            )
            axes.set_title(shorter(name), fontsize=10, loc="left", pad=3)
        for axes in places:
            axes.set_xlim(low[0] - EDGE * side[0], high[0] + EDGE * side[0])
            axes.set_ylim(low[1] - EDGE * side[1], high[1] + EDGE * side[1])
            axes.set_axis_off()

    told = ", ".join(f"{name} {count(len(found.points[name]))}" for name in shown)
    return drawing(draw, "map", f"Maps of questions by subset: {told}.", 1.55 * down + 0.1)


def _cell(value: float, low: float, side: float) -> int:
    return min(int((value - low) / side * CELLS), CELLS - 1)
