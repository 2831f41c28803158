"""How hard the questions of each subset were."""

from collections import Counter

from kodgen.report.run import charts
from kodgen.report.run.values import DIFFICULTIES, RunValues
from kodgen.report.run.view import Panel, Table, largest
from kodgen.report.telling import count, percent, share

OTHER = "other reasons"
DIFFICULTY_PARTS = (*DIFFICULTIES, "never passed", "missing dependency", OTHER)


def difficulty_panel(run: RunValues) -> Panel:
    """Labels by subset, in shares of its questions."""
    parts: dict[str, Counter[str]] = {}
    for name, labels in run.difficulty.items():
        of_it = parts.setdefault(name, Counter())
        for key, number in labels.items():
            plain = key.replace("_", " ")
            of_it[plain if plain in DIFFICULTY_PARTS else OTHER] += number
    sizes = {name: one.total() for name, one in parts.items()}
    shown = largest(run.subsets, sizes)
    used = [part for part in DIFFICULTY_PARTS if any(one[part] for one in parts.values())]
    shares = {
        name: {part: 100 * parts[name][part] / sizes[name] for part in used} for name in shown
    }
    label = "Difficulty of questions by subset, in percent. " + "; ".join(
        f"{name}: " + ", ".join(f"{part} {value:.1f}" for part, value in one.items())
        for name, one in shares.items()
    )
    table = Table(
        "Difficulty by subset",
        ["Subset", "questions", *used],
        [
            [
                name,
                count(sizes[name]),
                *(
                    f"{count(parts[name][part])} ({percent(share(parts[name][part], sizes[name]))})"
                    for part in used
                ),
            ]
            for name in run.subsets
            if name in parts
        ],
    )
    told = (
        "By the share of a question's attempts that passed: easy from 2/3, medium from 1/3, hard "
        "below; then those that were not verified."
    )
    figure = charts.stacked("difficulty", label, shares, used, "% of questions")
    return Panel(figure, told, [table])
