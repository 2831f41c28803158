"""What the page is made of: sections of figures, each with the numbers behind it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import TYPE_CHECKING

from kodgen.report.run.values import BySubset
from kodgen.report.telling import count, readable

if TYPE_CHECKING:
    from markupsafe import Markup

MOST_SUBSETS = 14
"""In a figure: those with most rows; tables have them all."""
MOST_REASONS = 16
"""Bars of a figure; the table has all."""
EXCERPT = 140
"""Characters of a question in a table."""
ALL = "all subsets"


@dataclass(frozen=True, slots=True)
class Cell:
    """Text in a table; with `find`, what the list of samples is searched for by a click on it."""

    text: str
    find: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text: the first cell of each is its name, the others are `numbers` or words."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str | Cell]]
    numbers: bool = True


@dataclass(frozen=True, slots=True)
class Panel:
    """A figure, what it says in words, and the tables behind it."""

    figure: "Markup | None"
    told: str
    tables: Sequence[Table]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page."""

    key: str
    title: str
    told: str
    panels: Sequence[Panel]
    without: str = ""
    """Said in place of the panels, where there are none."""


def largest(subsets: Sequence[str], sizes: BySubset) -> list[str]:
    """Subsets for a figure, in their order: those that have anything, at most `MOST_SUBSETS`."""
    ranked = sorted(
        (name for name in subsets if sizes.get(name)),
        key=lambda name: (-sizes[name], subsets.index(name)),
    )
    chosen = set(ranked[:MOST_SUBSETS])
    return [name for name in subsets if name in chosen]


def by_subset_table(
    caption: str, first: str, rows: Mapping[str, BySubset], subsets: Iterable[str]
) -> Table:
    """A row for each key, a column for each subset that has any, and their sum."""
    named = [name for name in (*subsets, "") if any(row.get(name) for row in rows.values())]
    return Table(
        caption,
        [first, "all", *(name or "no subset yet" for name in named)],
        [
            [key, count(sum(row.values())), *(count(row.get(name, 0)) for name in named)]
            for key, row in rows.items()
        ],
    )


def ranked(counts: Mapping[str, int]) -> list[str]:
    """Keys, the most frequent first."""
    return sorted(counts, key=lambda key: (-counts[key], key))


def excerpt(text: str) -> str:
    """The beginning of a text in one line, as a table has it."""
    return readable(shorten(text, EXCERPT, placeholder="…"))
