"""The page of a run."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kodgen.report.page import page
from kodgen.report.run.sections import (
    attempts,
    chart_map,
    duplicates,
    extremes,
    flow,
    later,
    leaks,
    lengths,
    passing,
    quality,
    rejects,
    stages,
)
from kodgen.report.run.values import DIFFICULTIES, RunValues, Sample

if TYPE_CHECKING:
    from markupsafe import Markup

SCRIPT = "samples.js"
SECTIONS = (
    flow.section,
    passing.section,
    lengths.section,
    chart_map.section,
    leaks.section,
    stages.section,
    rejects.section,
    attempts.section,
    quality.section,
    duplicates.section,
    extremes.section,
    later.section,
)
"""In the order of the page; the list of samples is not one."""


def render(run: RunValues) -> str:
    """`index.html`: one file, which fetches nothing."""
    return page(
        "run.html.j2",
        script_name=SCRIPT,
        run=run,
        sections=[section(run) for section in SECTIONS],
        tiles=_tiles(run),
        samples=data([_listed(one) for one in run.samples]),
        choices=_choices(run.samples),
    )


def data(value: object) -> "Markup":
    """JSON for a script element of a page.

    Whatever it holds, it can't end the element or begin another: there is no `<`, `>` or `&` in
    it, and nothing that is not ASCII.
    """
    from markupsafe import Markup

    text = json.dumps(value, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 (made safe above)


def _listed(one: Sample) -> dict[str, object]:
    return {
        "subset": one.subset,
        "difficulty": one.difficulty,
        "outcome": one.outcome,
        "style": one.style,
        **one.shown,
    }


def _tiles(run: RunValues) -> list[tuple[str, int, str]]:
    """The run in a few numbers: what, how many, and of what."""
    by_name = {one.name: one for one in run.stages}
    found = []
    if "synthesize" in by_name:
        one = by_name["synthesize"]
        found.append(("questions written", one.kept, f"from {one.rows_in:,} draws of seeds"))
    if "solve" in by_name:
        one = by_name["solve"]
        found.append(("verified", one.kept, f"of {one.rows_in:,} questions that were attempted"))
        made = sum(one.trials.values())
        found.append(("attempts", made, f"{one.trials.get('passed', 0):,} of them passed"))
    if run.final:
        kept = by_name[run.final].kept
        found.append(("rows in the end", kept, f"verified, as {run.final} leaves them"))
    return found


def _choices(samples: Sequence[Sample]) -> dict[str, list[str]]:
    outcomes = Counter(one.outcome for one in samples)
    return {
        "subset": sorted({one.subset for one in samples if one.subset}),
        "difficulty": [
            name for name in DIFFICULTIES if any(one.difficulty == name for one in samples)
        ],
        "outcome": sorted(outcomes, key=lambda name: (name != "verified", name)),
        "style": sorted({one.style for one in samples if one.style}),
    }
