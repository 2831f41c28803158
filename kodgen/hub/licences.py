"""Which licence a release may have, worked out from those of the seeds behind its rows.

The most restrictive one wins. What can't be told or can't be mixed stops the release until the
owner says otherwise, with a reason that the card shows. This sorts declared licences; whether a
question written from a text is a derivative of it, and what a court would say, it can't.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kodgen.hub.spdx import LICENCES, UNKNOWN, Asks, Licence, holding

NONE = "(no seed)"
"""Rows that were written from no seed, counted beside licences."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps a release from going out, and the rows that it lies in."""

    what: str
    rows: tuple[str, ...]
    rows_in_all: int


@dataclass(frozen=True, slots=True)
class Settled:
    """The licence of a release."""

    id: str
    why: str
    """In one sentence, for the card."""
    by_rows: Mapping[str, int]
    """Rows by a licence of their seeds; a row counts once for each."""

    @property
    def hub(self) -> str | None:
        """Its id in the Hub's list; None where it has none."""
        known = LICENCES.get(self.id)
        return None if known is None else known.hub


@dataclass(frozen=True, slots=True)
class Says:
    """What the owner says of licences."""

    license: str | None = None
    license_reason: str | None = None
    accepted: Mapping[str, str] | None = None
    """Reasons by the licence that they speak of."""


def settle(
    rows: Iterable[tuple[str, Iterable[str]]], says: Says, most_named: int = 1000
) -> tuple[Settled | None, list[Problem]]:
    """The licence of a release.

    Args:
        rows: Each row's id and the licences of its seeds, SPDX expressions or `unknown`.
        says: What the owner says.
        most_named: Rows that are named of each problem; all are counted.

    Returns:
        The licence, None with any problem; and what stops it.
    """
    held, counts, named = _count(rows, most_named)
    accepted = _as_known(says.accepted or {})
    problems = list(_problems(held, counts, named, accepted, says.license is not None))
    by_rows = dict(sorted(counts.items()))
    if problems:
        return None, problems
    if says.license is not None:
        (*_, name) = sorted(holding(says.license))
        return Settled(name, f"as the owner says: {says.license_reason}", by_rows), []
    known = [LICENCES[name] for name in counts if name in LICENCES]
    if not known:
        what = (
            "no seed gives the release a licence; say which with `release.license` (an SPDX "
            "identifier) and `release.license_reason` in the pipeline file"
        )
        return None, [Problem(what, (), sum(counts.values()))]
    most = max(known, key=lambda one: (one.asks, one.place))
    others = ", ".join(sorted(one.id for one in known if one is not most))
    why = f"the most restrictive of the seeds' licences ({most.id}{', ' if others else ''}{others})"
    return Settled(most.id, why, by_rows), []


def _as_known(accepted: Mapping[str, str]) -> set[str]:
    return {name for given in accepted for name in holding(given)}


def _count(
    rows: Iterable[tuple[str, Iterable[str]]], most_named: int
) -> tuple[set[frozenset[str]], Counter[str], dict[str, list[str]]]:
    """What holds of rows: the sets there are, rows by licence, and the first rows of each."""
    held: set[frozenset[str]] = set()
    counts: Counter[str] = Counter()
    named: dict[str, list[str]] = {}
    for row, expressions in rows:
        names = frozenset(name for one in expressions for name in holding(one))
        held.add(names)
        for name in names or {NONE}:
            counts[name] += 1
            if len(of_it := named.setdefault(name, [])) < most_named:
                of_it.append(row)
    return held, counts, named


def _problems(
    held: set[frozenset[str]],
    counts: Mapping[str, int],
    named: Mapping[str, list[str]],
    accepted: set[str],
    overruled: bool,
) -> Iterable[Problem]:
    alone = len(held) == 1
    kept: list[Licence] = []
    for name in sorted(set(counts) - {NONE}):
        known = LICENCES.get(name)
        if known is not None and (name in accepted or not _stops(known, alone)):
            kept.append(known)
        elif name not in accepted:
            yield Problem(_told(name, known), tuple(named[name]), counts[name])
    if overruled:
        return
    for one in kept:
        others = [other.id for other in kept if _clash(one, other)]
        if others:
            what = (
                f"{one.id} wants the same licence for all that is made of it, which "
                f"{', '.join(others)} does not allow; leave the rows of one out"
            )
            yield Problem(what, tuple(named[one.id]), counts[one.id])


def _stops(licence: Licence, alone: bool) -> bool:
    if licence.asks is Asks.NO_CHANGES:
        return True
    software = licence.same_terms and not licence.id.startswith("CC-")
    return software and not alone


def _clash(one: Licence, other: Licence) -> bool:
    """Whether the first must be passed on as it is and the second can't be within it."""
    if one is other or not one.same_terms:
        return False
    return other.same_terms or other.asks > one.asks


def _told(name: str, known: Licence | None) -> str:
    way = (
        f"leave the rows out (`release.leave_out`), or say in `release.accepted_licenses` "
        f"why `{name}` may go out"
    )
    if name.lower() == UNKNOWN:
        return f"the licence of a seed is unknown; {way}"
    if known is None:
        return f"kodgen does not know the licence {name}, so not what it asks; {way}"
    if known.asks is Asks.NO_CHANGES:
        return f"{name} allows no changed versions to be passed on; {way}"
    return (
        f"{name} wants its own terms for all that is made of it, and other rows have others; " + way
    )
