"""An embedder that needs no model: hashed words, word pairs and pieces of words.

Signed feature hashing (Weinberger et al., 2009) of words, of neighbouring words and of character
3- to 5-grams within words, with logarithmic counts. It sees wording, not meaning: near-copies score
high, paraphrases do not.
"""

import math
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from kodgen.similarity.normalise import normalised

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

DIMENSION = 2048
"""Wide enough that unrelated 150-word questions collide to a cosine of a few hundredths at most."""
PIECES = (3, 4, 5)
WORD, PAIR, PIECE = 1.0, 1.0, 0.5
"""Weights: pieces catch inflections but are many, so each counts for less."""


class HashingEmbedder:
    """Vectors of `DIMENSION` numbers, the same on every machine and in every process."""

    name = f"hashing-{DIMENSION}"

    def encode(self, texts: Sequence[str]) -> "npt.NDArray[np.float32]":
        """Unit vectors, one row per text; a text without features gets one of its own hash."""
        import numpy as np

        vectors = np.zeros((len(texts), DIMENSION), dtype=np.float64)
        slots: dict[str, tuple[int, float]] = {}
        for row, text in enumerate(texts):
            for feature, weight in _features(text).items():
                slot = slots.get(feature)
                if slot is None:
                    slot = slots[feature] = _slot(feature)
                vectors[row, slot[0]] += slot[1] * weight
        lengths = np.linalg.norm(vectors, axis=1)
        for row in np.flatnonzero(lengths == 0).tolist():
            vectors[row, _slot(texts[row])[0]] = lengths[row] = 1.0
        unit: npt.NDArray[np.float32] = (vectors / lengths[:, None]).astype(np.float32)
        return unit


def _slot(feature: str) -> tuple[int, float]:
    value = zlib.crc32(feature.encode("utf-8", "surrogatepass"))
    return value % DIMENSION, 1.0 if value & 0x8000_0000 else -1.0


def _features(text: str) -> dict[str, float]:
    words = normalised(text).split()
    weights: dict[str, float] = {}
    for kind, features, weight in (
        ("w", iter(words), WORD),
        ("p", (f"{a} {b}" for a, b in pairwise(words)), PAIR),
        ("c", _pieces(words), PIECE),
    ):
        for feature, count in Counter(features).items():
            weights[f"{kind} {feature}"] = weight * (1.0 + math.log(count))
    return weights


def _pieces(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        padded = f"<{word}>"
        for length in PIECES:
            for start in range(len(padded) - length + 1):
                yield padded[start : start + length]
