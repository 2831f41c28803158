"""Chooses the pieces of an answer that make up its solution, and joins them where one won't do.

What the tests need decides: the piece that defines all of it is the solution, and other pieces are
drawn on only for names that it uses and does not bind (a helper class, an import). Of several such
pieces the one that the answer calls final is taken, else the last, never one that it calls naive
or another way if there is a choice, and never a mere excerpt of a larger one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kodgen.parse.python import tidy
from kodgen.parse.response.pieces import Piece, piece_of

EXCERPT = 0.5
"""Share of the largest candidate's nodes below which a later one is an excerpt of it, shown to be
explained. An answer in one line after a long one is then passed over for the long one: as good."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """Code joined of pieces."""

    code: str
    covered: int
    """How many of the names asked for it defines."""


def assemble(pieces: Sequence[Piece], names: frozenset[str]) -> Assembled | None:
    """The solution that pieces make up; None where no piece defines anything asked for.

    Args:
        pieces: In the order of the answer.
        names: What the tests need; where empty, any definition will do.
    """
    if names:
        names &= frozenset[str]().union(*(p.defines for p in pieces))
        if not names:
            return None
    whole = [p for p in pieces if (names <= p.defines if names else p.defines)]
    chosen = [_best(whole)] if whole else _covering(pieces, names)
    if not chosen:
        return None
    helpers = _helpers(pieces, chosen)
    parts = [p for p in pieces if p in helpers] + [p for p in pieces if p in chosen]
    defined = frozenset[str]().union(*(p.defines for p in chosen))
    return Assembled(_joined(parts, chosen), len(names & defined))


def _best(whole: Sequence[Piece]) -> Piece:
    largest = max(p.size for p in whole)
    candidates = [p for p in whole if p.standing == 2 or p.size >= EXCERPT * largest]
    return max(enumerate(candidates), key=lambda found: (found[1].standing, found[0]))[1]


def _covering(pieces: Sequence[Piece], names: frozenset[str]) -> list[Piece]:
    """Pieces that together define what is asked for; for each name the latest of best standing."""
    chosen: list[Piece] = []
    missing = set(names)
    ordered = sorted(enumerate(pieces), key=lambda found: (found[1].standing, found[0]))
    for _, piece in reversed(ordered):
        if missing & piece.defines:
            chosen.append(piece)
            missing -= piece.defines
    return chosen


def _helpers(pieces: Sequence[Piece], chosen: Sequence[Piece]) -> list[Piece]:
    """Pieces that bind what the chosen ones, or each other, use and lack; the nearest before."""
    helpers: list[Piece] = []
    while True:
        taken = [*chosen, *helpers]
        bound = frozenset[str]().union(*(p.binds for p in taken))
        lacking = frozenset[str]().union(*(p.reads for p in taken)) - bound
        first = min(pieces.index(p) for p in chosen)
        others = [p for p in pieces if p not in taken]
        before = [p for p in others if pieces.index(p) < first]
        provider = next((p for p in reversed(before) if p.binds & lacking), None) or next(
            (p for p in others if p.binds & lacking), None
        )
        if provider is None:
            return helpers
        helpers.append(provider)


def _joined(parts: Sequence[Piece], chosen: Sequence[Piece]) -> str:
    """One module; what does not read as one (an import of the future, late) is left apart."""
    code = "\n\n\n".join(tidy(part.code) for part in parts)
    if len(parts) == 1 or piece_of(code) is not None:
        return code
    return chosen[0].code
