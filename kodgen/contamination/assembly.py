"""Makes the layers that are asked for, and settles what their scores mean."""

from collections.abc import Callable, Sequence

from kodgen.config import ContaminationPolicy
from kodgen.contamination.layer import Layer
from kodgen.contamination.layers.embedding import EmbeddingLayer
from kodgen.contamination.layers.exact import ExactLayer
from kodgen.contamination.layers.literals import LiteralsLayer
from kodgen.contamination.layers.ngram import NgramLayer
from kodgen.contamination.layers.structure import StructureLayer
from kodgen.contamination.meaning.calibration import calibration_of
from kodgen.contamination.policy import with_review
from kodgen.contamination.task import BenchmarkTask
from kodgen.similarity.embedding import Embedder

READING: dict[str, Callable[[Sequence[BenchmarkTask]], Layer]] = {
    "exact": ExactLayer,
    "ngram": NgramLayer,
    "structure": StructureLayer,
    "literals": LiteralsLayer,
}
"""Layers that need nothing but the tasks."""


def make_layers(
    names: Sequence[str],
    tasks: Sequence[BenchmarkTask],
    embedder: Embedder | None,
    policy: ContaminationPolicy,
    tried: float | None = None,
) -> tuple[list[Layer], ContaminationPolicy]:
    """Layers for the tasks, in the order in which they are applied, and the policy to judge by.

    The policy's bound for a review by meaning is the embedding model's own where it is left open.

    Args:
        names: Those wanted; of `READING`, and `embedding`, which is left out without an embedder.
        tasks: At least one.
        embedder: Makes vectors of questions.
        policy: What scores mean.
        tried: Score by meaning from which a task is near a row; the model's own if left out.
    """
    made: list[Layer] = [make(tasks) for name, make in READING.items() if name in names]
    if "embedding" in names and embedder is not None:
        calibration = calibration_of(embedder)
        policy = with_review(policy, "embedding", calibration.review)
        bounds = (policy.embedding.contaminated, policy.embedding.review)
        # The layer tells of nothing below its calibration, so a lower bound has to move that.
        lowest = min([bound for bound in bounds if bound is not None] or [calibration.review])
        if lowest < calibration.review:
            calibration = calibration.model_copy(update={"review": lowest})
        if tried is not None:
            calibration = calibration.model_copy(update={"tried": tried})
        made.append(EmbeddingLayer(tasks, embedder, calibration))
    return made, policy
