"""Embedders: texts to unit vectors, behind one protocol."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from kodgen.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

HASHING = "hashing"


class Embedder(Protocol):
    """Turns texts into vectors whose inner product is a cosine."""

    name: str
    """What made the vectors, as a report should say it: model and dimension."""

    @property
    def revision(self) -> str:
        """What determines the vectors beside the text: equal revisions, equal vectors."""
        ...

    def encode(self, texts: Sequence[str]) -> "npt.NDArray[np.float32]":
        """Unit vectors, one row per text, shape `[texts, dimension]`; never a zero row.

        Raises:
            InputError: A text is blank. It points nowhere, and a direction made up for it would
                be near to something by accident; callers leave blank rows out.
        """
        ...


def require_text(texts: Sequence[str]) -> None:
    """Refuse blank texts.

    Raises:
        InputError: Says which, by position from 0.
    """
    for position, text in enumerate(texts):
        if not text.strip():
            raise InputError(
                f"text {position} of the {len(texts)} to embed is blank; leave blank rows out"
            )


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
