"""Charts that read without colour: every part has a pattern, a marker or its name beside it."""

from collections.abc import Iterable, Mapping, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from kodgen.report.figures import COLOURS, MARKERS, SERIES, drawing
from kodgen.report.run.passing import Bracket
from kodgen.report.run.spread import Bars, Spread
from kodgen.report.telling import count, readable

if TYPE_CHECKING:
    from markupsafe import Markup
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HATCHES = ("", "////", "....", "xxx", "\\\\\\\\", "---")
NAME = 22
"""Characters of a line of a name in a figure; it has two."""
LINE = 0.32
"""Inches of a row."""
LONG = 1.3
"""Times as much, where names take two lines."""
APART = 0.2
"""Of a row, between markers that may hide each other."""
MARGIN = 0.9
"""Inches of axis, label and legend."""


def shorter(name: str) -> str:
    """A name as a figure has it."""
    return "\n".join(wrap(readable(name), NAME, max_lines=2, placeholder="…")) or "…"


def height(rows: Iterable[str]) -> float:
    """Inches that rows of such names take."""
    names = [shorter(name) for name in rows]
    return LINE * len(names) * (LONG if any("\n" in name for name in names) else 1.0)


def stacked(
    name: str, label: str, rows: Mapping[str, Mapping[str, float]], parts: Sequence[str], unit: str
) -> "Markup":
    """A bar for each row, its parts end to end.

    Args:
        name: Of the figure.
        label: What it shows, in a sentence.
        rows: By name, the value of each part.
        parts: Which, in order; no more than `HATCHES`.
        unit: What values are.
    """
    longest = max((sum(one.get(part, 0) for part in parts) for one in rows.values()), default=0)

    def draw(figure: "Figure") -> None:
        axes = figure.add_subplot()
        for place, one in enumerate(reversed(list(rows.values()))):
            start = 0.0
            for number, part in enumerate(parts):
                value = one.get(part, 0)
                axes.barh(
                    place,
                    value,
                    left=start,
                    height=0.72,
                    facecolor=COLOURS[SERIES[number]],
                    edgecolor=COLOURS["paper"],
                    hatch=HATCHES[number],
                    linewidth=0.8,
                    label=part if place == 0 else None,
                )
                start += value
            if len(parts) == 1:
                axes.annotate(
                    _number(start),
                    (start, place),
                    (4, 0),
                    textcoords="offset points",
                    va="center",
                    fontsize=10,
                )
        _names(axes, rows)
        axes.set_xlim(0, (longest or 1) * (1.18 if len(parts) == 1 else 1.0))
        axes.set_xlabel(unit)
        if len(parts) > 1:
            handles, told = axes.get_legend_handles_labels()
            figure.legend(handles, told, loc="outside upper center", ncols=min(len(parts), 3))

    extra = 0.25 * ((len(parts) + 2) // 3) if len(parts) > 1 else 0.0
    return drawing(draw, name, label, height(rows) + MARGIN + extra)


def dots(name: str, label: str, rows: Mapping[str, Mapping[int, Bracket]], unit: str) -> "Markup":
    """A line for each row with a marker for each k; an open end is a bracket."""
    ks = sorted({k for one in rows.values() for k in one})

    def draw(figure: "Figure") -> None:
        axes = figure.add_subplot()
        for place, one in enumerate(reversed(list(rows.values()))):
            ends = [100 * value.low for value in one.values()]
            axes.plot([min(ends), max(ends)], [place, place], color=COLOURS["line"], linewidth=6)
            for number, (k, value) in enumerate(sorted(one.items())):
                colour = COLOURS[SERIES[number]]
                level = place + APART * ((len(ks) - 1) / 2 - number)
                low, high = 100 * value.low, 100 * value.high
                if high - low > 0.05:
                    axes.plot([low, high], [level, level], color=colour, linewidth=1.6, ls=":")
                    axes.plot([high], [level], color=colour, marker="|", markersize=8)
                axes.plot(
                    [low],
                    [level],
                    color=colour,
                    marker=MARKERS[number],
                    markersize=7,
                    linestyle="none",
                    label=f"pass@{k}" if place == 0 else None,
                )
        _names(axes, rows)
        axes.set_xlim(-2, 102)
        axes.set_xlabel(unit)
        handles, told = axes.get_legend_handles_labels()
        figure.legend(handles, told, loc="outside upper center", ncols=len(ks))

    return drawing(draw, name, label, height(rows) + MARGIN + 0.25)


def boxes(name: str, label: str, rows: Mapping[str, Spread], unit: str) -> "Markup":
    """A box from the lower to the upper quartile for each row, whiskers to 5 and 95 %."""

    def draw(figure: "Figure") -> None:
        axes = figure.add_subplot()
        ink = {"color": COLOURS["ink"], "linewidth": 1.2}
        told = [
            {"med": one.p50, "q1": one.p25, "q3": one.p75, "whislo": one.p5, "whishi": one.p95}
            for one in reversed(list(rows.values()))
        ]
        axes.bxp(
            told,
            positions=range(len(told)),
            orientation="horizontal",
            widths=0.55,
            showfliers=False,
            patch_artist=True,
            boxprops={"facecolor": COLOURS["series-1"], "edgecolor": COLOURS["ink"], "alpha": 0.55},
            medianprops={"color": COLOURS["ink"], "linewidth": 2.6},
            whiskerprops=ink,
            capprops=ink,
        )
        _names(axes, rows)
        axes.set_xlim(left=0)
        axes.set_xlabel(unit)

    return drawing(draw, name, label, height(rows) + MARGIN - 0.2)


def histogram(name: str, label: str, one: Bars, unit: str, of: str = "rows") -> "Markup":
    """One histogram, with its median."""

    def draw(figure: "Figure") -> None:
        axes = figure.add_subplot()
        _stairs(axes, one)
        axes.axvline(one.spread.p50, color=COLOURS["ink"], linewidth=1.6, linestyle=(0, (5, 2)))
        axes.text(
            one.spread.p50,
            1.01,
            f"median {_number(one.spread.p50)}",
            transform=axes.get_xaxis_transform(),
            ha="right" if one.spread.p50 > (one.low + one.high) / 2 else "left",
            va="bottom",
            fontsize=10,
        )
        axes.set_xlabel(unit)
        axes.set_ylabel(of)
        _whole(axes)

    return drawing(draw, name, label, 2.4)


def histograms(name: str, label: str, rows: Mapping[str, Bars], unit: str) -> "Markup":
    """A small one below the other, each with its own scale."""

    def draw(figure: "Figure") -> None:
        places = figure.subplots(len(rows), 1, sharex=True, squeeze=False)[:, 0]
        for axes, (row, one) in zip(places, rows.items(), strict=True):
            _stairs(axes, one)
            axes.set_yticks([])
            size, most = count(one.spread.count), _number(one.spread.max)
            told = f"{readable(row)[:NAME]}: {size}, highest {most}"
            axes.set_title(told, loc="left", fontsize=10, pad=3)
        places[-1].set_xlabel(unit)

    return drawing(draw, name, label, 0.62 * len(rows) + 0.6)


def matrix(
    name: str,
    label: str,
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[Sequence[int]],
) -> "Markup":
    """Numbers in a grid, on a ground that is the stronger the larger they are."""
    from math import log1p

    most = log1p(max((value for row in cells for value in row), default=0)) or 1.0

    def draw(figure: "Figure") -> None:
        from matplotlib.patches import Rectangle

        axes = figure.add_subplot()
        for down, row in enumerate(cells):
            for along, value in enumerate(row):
                axes.add_patch(
                    Rectangle(
                        (along - 0.5, down - 0.5),
                        1,
                        1,
                        facecolor=COLOURS["contaminated"],
                        alpha=0.35 * log1p(value) / most,
                        edgecolor="none",
                    )
                )
                weight = "bold" if value else "normal"
                axes.text(along, down, count(value), ha="center", va="center", weight=weight)
        axes.set_xticks(range(len(columns)), [shorter(one) for one in columns])
        if len(columns) > 3:
            axes.tick_params(axis="x", rotation=90)
        axes.set_yticks(range(len(rows)), [shorter(one) for one in rows])
        axes.set_xlim(-0.5, len(columns) - 0.5)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.grid(visible=False)
        axes.tick_params(length=0)

    below = 1.3 if len(columns) > 3 else 0.6
    return drawing(draw, name, label, height(rows) + below)


def _stairs(axes: "Axes", one: Bars) -> None:
    width = (one.high - one.low) / len(one.counts)
    edges = [one.low + number * width for number in range(len(one.counts) + 1)]
    axes.stairs(one.counts, edges, fill=True, color=COLOURS["series-1"])
    axes.set_xlim(one.low, one.high)


def _names(axes: "Axes", rows: Mapping[str, object]) -> None:
    axes.set_yticks(range(len(rows)), [shorter(name) for name in reversed(list(rows))])
    axes.set_ylim(-0.6, len(rows) - 0.4)
    axes.grid(visible=False, axis="y")
    _whole(axes, "x")


def _whole(axes: "Axes", side: str = "y") -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    one = axes.xaxis if side == "x" else axes.yaxis
    one.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    one.set_major_formatter(FuncFormatter(lambda value, _: _short(value)))


def _short(value: float) -> str:
    """A tick's: long numbers would run into each other."""
    for unit, letter in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= unit:
            shown = value / (1e3 if letter == "k" else unit)
            return f"{shown:g}{letter}"
    return _number(value)


def _number(value: float) -> str:
    return count(round(value)) if abs(value) >= 100 or value == int(value) else f"{value:.3g}"
