"""Embedders: texts to unit vectors, behind one protocol."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

HASHING = "hashing"


class Embedder(Protocol):
    """Turns texts into vectors whose inner product is a cosine."""

    name: str
    """What made the vectors, as a report should say it: model and dimension."""

    def encode(self, texts: Sequence[str]) -> "npt.NDArray[np.float32]":
        """Unit vectors, one row per text, shape `[texts, dimension]`; never a zero row."""
        ...


def open_embedder(name: str) -> Embedder:
    """The `hashing` embedder, or a sentence-transformers model by Hub name or folder.

    Raises:
        ConfigError: The model needs a package that is not installed.
        InputError: The model can't be loaded.
    """
    if name == HASHING:
        from kodgen.similarity.hashing import HashingEmbedder

        return HashingEmbedder()
    from kodgen.similarity.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(name)
