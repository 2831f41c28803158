"""What a report knows of a run that has only begun, but for what a test says."""

from typing import Any

from kodgen.report.run.spread import Bars, bars
from kodgen.report.run.values import RunValues, Spent, StageFacts
from kodgen.report.run.view import Cell, Section


def values(**changes: Any) -> RunValues:
    """A run of two subsets of which nothing is known."""
    fields: dict[str, Any] = {
        "name": "run",
        "about": {},
        "pipeline": "",
        "notes": (),
        "stages": (),
        "final": "",
        "subsets": ("A", "B"),
        "attempts": {},
        "difficulty": {},
        "lengths": {},
        "spent": Spent({}, {}),
        "outcomes": {},
        "quality": {},
        "leaks": None,
        "map": None,
        "duplicates": None,
        "slowest": (),
        "failing": (),
        "answers": {},
        "pairs": {},
        "samples": (),
        "rows": 0,
    }
    return RunValues(**(fields | changes))


def stage(name: str, **changes: Any) -> StageFacts:
    """A stage that was given nothing."""
    fields: dict[str, Any] = {
        "name": name,
        "version": 1,
        "rows_in": 0,
        "kept": 0,
        "rejected": {},
        "trials": {},
        "missing_modules": {},
        "measured": {},
        "kept_by": {},
        "rejected_by": {},
    }
    return StageFacts(**(fields | changes))


def histogram(*found: float, high: float = 1.0) -> Bars:
    """Of values from 0 on."""
    told = bars(found, 0.0, high, 4)
    assert told is not None
    return told


def rows(section: Section, caption: str) -> list[list[str]]:
    """The rows of a table of a section, as text."""
    (table,) = {
        id(one): one for panel in section.panels for one in panel.tables if one.caption == caption
    }.values()
    return [[one.text if isinstance(one, Cell) else one for one in row] for row in table.rows]
