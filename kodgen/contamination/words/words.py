"""Texts as words: what the lexical layers compare, and where in the text a word stands."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from kodgen.similarity.normalise import normalised

LONGEST_KEPT = 20_000
"""Characters of a text whose words are remembered: several layers ask for those of one row."""
LONGEST_PIECE_KEPT = 64
"""Likewise of a piece between spaces that is folded by itself."""

FOLDING = bytes(
    byte if byte >= 128 else ord(chr(byte).lower()) if chr(byte).isalnum() else ord(" ")
    for byte in range(256)
)
"""What `spelled` texts are translated by; words that are folded already stay as they are."""
_WORD = re.compile(r"[0-9a-z]+")
_CHUNK = re.compile(r"\S+")


def words(text: str) -> list[str]:
    """The words of `normalised(text)`; none in a text without letters or digits.

    The list is not to be changed: it may be another caller's as well.
    """
    return _remembered(text) if len(text) <= LONGEST_KEPT else _words(text)


def distinct_words(text: str) -> frozenset[str]:
    """The words of a text without order and repeats."""
    return _distinct(text) if len(text) <= LONGEST_KEPT else frozenset(_words(text))


def folded(text: str) -> bytes:
    """The text in bytes that hold `words(text)` with one space or more between them."""
    return spelled(text).translate(FOLDING)


def spelled(text: str) -> bytes:
    """The text in bytes of which `FOLDING` makes `folded(text)`: of many such texts at once too."""
    if text.isascii():
        return text.encode()
    return " ".join(_words(text)).encode("utf-8", "surrogatepass")


def word_spans(text: str) -> list[tuple[int, int]]:
    """Start and end, in characters, of every word in `words(text)`.

    Folding may make several words of a piece of text that holds no space; where that piece holds
    characters beyond ASCII, each of its words gets the span of the whole piece.
    """
    spans: list[tuple[int, int]] = []
    for chunk in _CHUNK.finditer(text):
        piece = chunk[0]
        if piece.isascii():
            spans.extend(
                (chunk.start() + word.start(), chunk.start() + word.end())
                for word in _WORD.finditer(piece.lower())
            )
        else:
            spans.extend([chunk.span()] * len(_folded(piece).split()))
    return spans


def merged(places: Sequence[int], spans: Sequence[tuple[int, int]], most: int) -> list[list[int]]:
    """The first `most` character ranges of words at `places` (ascending), neighbours joined."""
    ranges: list[list[int]] = []
    for before, place in pairwise([-2, *places]):
        if place == before + 1:
            ranges[-1][1] = spans[place][1]
        elif len(ranges) == most:
            break
        else:
            ranges.append(list(spans[place]))
    return ranges


# Four texts' words of some hundred rows take little, and layers go through a block one by one.
@lru_cache(maxsize=6144)
def _remembered(text: str) -> list[str]:
    return _words(text)


@lru_cache(maxsize=6144)
def _distinct(text: str) -> frozenset[str]:
    return frozenset(_remembered(text))


def _words(text: str) -> list[str]:
    if text.isascii():
        return _ascii_words(text)
    # Only the pieces that need it: folding Unicode takes fifty times as long.
    pieces = text.split()
    told: list[str] = []
    after = 0
    for place, piece in enumerate(pieces):
        if not piece.isascii():
            told += _ascii_words(" ".join(pieces[after:place]))
            told += _folded(piece).split()
            after = place + 1
    return told + _ascii_words(" ".join(pieces[after:]))


def _ascii_words(text: str) -> list[str]:
    return folded(text).decode().split()


def _folded(piece: str) -> str:
    """`normalised`, but empty where that gives back signs alone."""
    return _known_piece(piece) if len(piece) <= LONGEST_PIECE_KEPT else _made_piece(piece)


# The same quotes, dashes and foreign words come again and again.
@lru_cache(maxsize=4096)
def _known_piece(piece: str) -> str:
    return _made_piece(piece)


def _made_piece(piece: str) -> str:
    folded = normalised(piece)
    return folded if any(char.isalnum() for char in folded) else ""
