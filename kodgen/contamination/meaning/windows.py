"""Texts as an embedder reads them: long ones in overlapping windows, each text only once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kodgen.similarity.embedding import Embedder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]

MOST = 32
"""Windows of a text that are read: of 256 tokens each some 4,000 tokens, far beyond the longest
statement of any benchmark; more of it is a file, not a question."""


@dataclass(frozen=True, slots=True)
class Read:
    """Texts with the windows that they were read in."""

    vectors: "Vectors"
    """One unit row per distinct window, shape `[windows, dimension]`."""
    rows: Mapping[str, tuple[int, ...]]
    """Rows of `vectors`, by text."""
    unread: frozenset[str]
    """Texts with more than `MOST` windows, whose ends were not read."""


def read(embedder: Embedder, texts: Iterable[str]) -> Read:
    """Vectors of all windows of every text that is not blank."""
    windows: dict[str, Sequence[str]] = {}
    unread = set()
    for text in sorted({text for text in texts if text.strip()}):
        windows[text], whole = embedder.windows(text.strip(), MOST)
        if not whole:
            unread.add(text)
    # Sorted, since the company of a text in a batch moves the last digits of a model's vector.
    pieces = sorted({piece for found in windows.values() for piece in found})
    place = {piece: number for number, piece in enumerate(pieces)}
    return Read(
        embedder.encode(pieces),
        {text: tuple(place[piece] for piece in found) for text, found in windows.items()},
        frozenset(unread),
    )
