"""SPDX licences that seeds may have: how much each asks, and what the Hub calls it.

The order of classes is by what a user of the release must do or may not do: nothing; keep a notice;
name the author; pass the same terms on; make no money. Within a class the order is that of the
table, a later one asks more.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

UNKNOWN = "unknown"
"""What a seed says whose licence can't be told."""


class Asks(IntEnum):
    """What a licence asks of those who pass on what it covers."""

    NOTHING = 0
    NOTICE = 1
    ATTRIBUTION = 2
    SAME_TERMS = 3
    NO_MONEY = 4
    NO_CHANGES = 5


@dataclass(frozen=True, slots=True)
class Licence:
    """One licence."""

    id: str
    asks: Asks
    place: int
    """In the table; of two in one class the later one asks more."""
    hub: str | None
    """Its id in the Hub's list of licences; None where the list has none, as of 2026."""
    same_terms: bool = False
    """Whether what is made of it must have the very same licence."""


_TABLE: Mapping[Asks, tuple[tuple[str, str | None], ...]] = {
    Asks.NOTHING: (
        ("CC0-1.0", "cc0-1.0"),
        ("Unlicense", "unlicense"),
        ("PDDL-1.0", "pddl"),
        ("0BSD", None),
        ("MIT-0", None),
    ),
    Asks.NOTICE: (
        ("ISC", "isc"),
        ("MIT", "mit"),
        ("BSL-1.0", "bsl-1.0"),
        ("Zlib", "zlib"),
        ("BSD-2-Clause", "bsd-2-clause"),
        ("BSD-3-Clause", "bsd-3-clause"),
        ("PSF-2.0", None),
        ("Python-2.0", None),
        ("PostgreSQL", "postgresql"),
        ("Apache-2.0", "apache-2.0"),
    ),
    Asks.ATTRIBUTION: (
        ("CDLA-Permissive-2.0", "cdla-permissive-2.0"),
        ("ODC-By-1.0", "odc-by"),
        ("CC-BY-2.0", "cc-by-2.0"),
        ("CC-BY-2.5", "cc-by-2.5"),
        ("CC-BY-3.0", "cc-by-3.0"),
        ("CC-BY-4.0", "cc-by-4.0"),
    ),
    Asks.SAME_TERMS: (
        ("MPL-2.0", "mpl-2.0"),
        ("EPL-2.0", "epl-2.0"),
        ("LGPL-2.1-only", "lgpl-2.1"),
        ("LGPL-2.1-or-later", "lgpl-2.1"),
        ("LGPL-3.0-only", "lgpl-3.0"),
        ("LGPL-3.0-or-later", "lgpl-3.0"),
        ("GPL-2.0-only", "gpl-2.0"),
        ("GPL-2.0-or-later", "gpl-2.0"),
        ("GPL-3.0-only", "gpl-3.0"),
        ("GPL-3.0-or-later", "gpl-3.0"),
        ("AGPL-3.0-only", "agpl-3.0"),
        ("AGPL-3.0-or-later", "agpl-3.0"),
        ("ODbL-1.0", "odbl"),
        ("CC-BY-SA-2.0", None),
        ("CC-BY-SA-2.5", None),
        ("CC-BY-SA-3.0", "cc-by-sa-3.0"),
        ("CC-BY-SA-4.0", "cc-by-sa-4.0"),
    ),
    Asks.NO_MONEY: (
        ("CC-BY-NC-2.0", "cc-by-nc-2.0"),
        ("CC-BY-NC-3.0", "cc-by-nc-3.0"),
        ("CC-BY-NC-4.0", "cc-by-nc-4.0"),
        ("CC-BY-NC-SA-3.0", "cc-by-nc-sa-3.0"),
        ("CC-BY-NC-SA-4.0", "cc-by-nc-sa-4.0"),
    ),
    Asks.NO_CHANGES: (
        ("CC-BY-ND-4.0", "cc-by-nd-4.0"),
        ("CC-BY-NC-ND-3.0", "cc-by-nc-nd-3.0"),
        ("CC-BY-NC-ND-4.0", "cc-by-nc-nd-4.0"),
    ),
}
LICENCES: Mapping[str, Licence] = MappingProxyType(
    {
        name: Licence(
            name, asks, place, hub, asks is Asks.SAME_TERMS or name.startswith("CC-BY-NC-SA")
        )
        for asks, of_it in _TABLE.items()
        for place, (name, hub) in enumerate(of_it)
    }
)
"""Licences that kodgen knows, by SPDX identifier."""
_OLD = re.compile(r"^(A?L?GPL-\d\.\d)(\+?)$")
_TOKEN = re.compile(r"[()]|[^\s()]+")


def licence_of(name: str) -> Licence | None:
    """The licence of an identifier, whatever its case; also in the form before SPDX 3.0."""
    old = _OLD.match(name.upper())
    if old:
        name = f"{old[1]}-{'or-later' if old[2] else 'only'}"
    return _BY_LOWER.get(name.lower())


_BY_LOWER = {name.lower(): licence for name, licence in LICENCES.items()}


def holding(expression: str) -> frozenset[str]:
    """The identifiers that hold of an SPDX expression: of `OR`, the side that asks least.

    An exception after `WITH` only allows more, so it is left out. Identifiers come back as the
    table has them, those that it doesn't have as they were written.
    """
    tokens = _TOKEN.findall(expression)
    found, end = _either(tokens, 0)
    return found if end == len(tokens) and found else frozenset({expression})


def _either(tokens: list[str], at: int) -> tuple[frozenset[str], int]:
    sides = []
    while True:
        side, at = _both(tokens, at)
        sides.append(side)
        if at >= len(tokens) or tokens[at].upper() != "OR":
            return min(sides, key=lambda one: (_burden(one), sorted(one))), at
        at += 1


def _both(tokens: list[str], at: int) -> tuple[frozenset[str], int]:
    found: frozenset[str] = frozenset()
    while True:
        one, at = _single(tokens, at)
        found |= one
        if at >= len(tokens) or tokens[at].upper() != "AND":
            return found, at
        at += 1


def _single(tokens: list[str], at: int) -> tuple[frozenset[str], int]:
    if at >= len(tokens):
        return frozenset(), at
    if tokens[at] == "(":
        inner, at = _either(tokens, at + 1)
        return inner, at + 1
    known = licence_of(tokens[at])
    name = tokens[at] if known is None else known.id
    at += 1
    if at < len(tokens) and tokens[at].upper() == "WITH":
        at += 2
    return frozenset({name}), at


def _burden(names: frozenset[str]) -> tuple[int, int]:
    """How much licences ask together; one that is not known asks more than any."""
    worst = (-1, -1)
    for name in names:
        known = LICENCES.get(name)
        worst = max(worst, (99, 0) if known is None else (known.asks, known.place))
    return worst
