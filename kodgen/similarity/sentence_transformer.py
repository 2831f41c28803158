"""Embeddings of a sentence-transformers model, by Hub name or from a local folder."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kodgen.errors import ConfigError, InputError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

BATCH = 32


class SentenceTransformerEmbedder:
    """A model loaded at once and kept.

    Raises:
        ConfigError: sentence-transformers is not installed.
        InputError: There is no such model, or it can't be read.
    """

    def __init__(self, model: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise ConfigError(
                f"embedder {model!r} needs a package: pip install 'kodgen[embeddings]', or "
                "use the `hashing` embedder"
            ) from error
        try:
            self._model: Any = SentenceTransformer(model)
        except (OSError, ValueError) as error:
            raise InputError(
                f"embedder {model!r} can't be loaded ({error}); give a model's Hub name or its "
                "folder, or use the `hashing` embedder"
            ) from error
        self.name = f"{model.rstrip('/').rsplit('/', 1)[-1]} ({self._model.max_seq_length} tokens)"

    def encode(self, texts: Sequence[str]) -> "npt.NDArray[np.float32]":
        """Unit vectors, one row per text; what exceeds the model's length is cut off by it."""
        import numpy as np

        vectors = self._model.encode(
            list(texts),
            batch_size=BATCH,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), -1)
