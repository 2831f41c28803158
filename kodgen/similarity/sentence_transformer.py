"""Embeddings of a sentence-transformers model, by Hub name or from a local folder."""

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kodgen.errors import ConfigError, InputError
from kodgen.similarity.embedding import require_text

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
                f"embedder {model!r} needs a package ({error}): pip install "
                "'kodgen[embeddings]', or use the `hashing` embedder"
            ) from error
        try:
            self._model: Any = SentenceTransformer(str(Path(model).expanduser()))
        except Exception as error:  # the library and those below it raise many kinds
            raise InputError(
                f"embedder {model!r} can't be loaded ({type(error).__name__}: {error}); give a "
                "model's Hub name or its folder, or use the `hashing` embedder"
            ) from error
        self.name = f"{model.rstrip('/').rsplit('/', 1)[-1]} ({self._model.max_seq_length} tokens)"

    @cached_property
    def revision(self) -> str:
        """Hash of the weights, and of what else shapes a vector, wherever they were loaded from."""
        shape = (self._model.max_seq_length, [type(part).__name__ for part in self._model])
        digest = hashlib.sha256(repr(shape).encode())
        for name, tensor in sorted(self._model.state_dict().items()):
            digest.update(name.encode())
            digest.update(tensor.detach().cpu().float().contiguous().numpy())
        return f"weights-{digest.hexdigest()[:12]}"

    def encode(self, texts: Sequence[str]) -> "npt.NDArray[np.float32]":
        """Unit vectors, one row per text; what exceeds the model's length is cut off by it.

        Raises:
            InputError: A text is blank.
        """
        import numpy as np

        require_text(texts)
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        vectors = self._model.encode(
            list(texts),
            batch_size=BATCH,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)
