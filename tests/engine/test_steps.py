from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from kodgen.config import Pipeline
from kodgen.contamination.task import BenchmarkTask
from kodgen.engine.steps import STEPS, Needs
from kodgen.similarity.embedding import Embedder
from kodgen.similarity.hashing import HashingEmbedder
from kodgen.similarity.vector_store import CachedEmbedder
from tests.building import question

TASK = BenchmarkTask(benchmark="own", task_id="1", views={"prompt": "Salt a herring."})


class Counting(HashingEmbedder):
    """Counts the texts that it embeds."""

    def __init__(self, embedded: list[str]) -> None:
        super().__init__()
        self._embedded = embedded

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self._embedded += texts
        return super().encode(texts)


@dataclass(frozen=True, slots=True)
class Kept(Needs):
    """Opens an embedder that keeps its vectors though it is quick, and tells what it made."""

    embedded: list[str] = field(default_factory=list)

    def embedder(self, name: str) -> Callable[[], Embedder]:
        assert name == "hashing"
        folder = self.vectors
        assert folder is not None
        return lambda: CachedEmbedder(Counting(self.embedded), folder)


@pytest.mark.parametrize("name", ["deduplicate", "decontaminate"])
def test_stages_that_embed_keep_vectors_where_the_run_does(name: str, tmp_path: Path) -> None:
    data: dict[str, Any] = {
        "name": "t",
        "llm": {"backend": "openai", "model": "m", "base_url": "http://127.0.0.1:1/v1"},
        "subsets": [{"name": "A", "method": "given", "seeds": {"path": "q.jsonl"}}],
        "deduplicate": {"embedder": "hashing"},
        "decontaminate": {"embedder": "hashing"},
    }
    pipeline = Pipeline.model_validate(data)
    step = next(step for step in STEPS if step.name == name)
    rows = [question("a", "Multiply two matrices."), question("b", "Tell the tide of a fjord.")]

    def texts_embedded() -> list[str]:
        needs = Kept(pipeline, {}, tasks=lambda: [TASK], released=list, vectors=tmp_path)
        stage = step.make(needs)
        stage.process(rows)  # type: ignore[union-attr, call-arg, unused-ignore]
        return needs.embedded

    assert {row.text for row in rows} <= set(texts_embedded())
    assert texts_embedded() == []
