"""How close each text is to the nearest benchmark task."""

from collections.abc import Mapping, Sequence
from typing import Literal

from kodgen.records import Record
from kodgen.similarity.benchmarks import BenchmarkTask
from kodgen.similarity.embedding import Embedder
from kodgen.similarity.neighbours import nearest
from kodgen.similarity.normalise import normalised


class Closeness(Record):
    """One text and the benchmark task nearest to it."""

    id: str
    benchmark_similarity: float
    benchmark_task_id: str
    status: Literal["clean", "contaminated"]


def audit(
    texts: Mapping[str, str],
    tasks: Sequence[BenchmarkTask],
    embedder: Embedder,
    threshold: float,
) -> list[Closeness]:
    """Compare every text with every task.

    Args:
        texts: Text by id.
        tasks: At least one task.
        embedder: Makes the vectors.
        threshold: Cosine at and above which a text counts as contaminated.

    Returns:
        One result per text, in the order of `texts`; similarity 1.0 where the normalised texts
        are equal, the nearest task's cosine otherwise.

    Raises:
        ValueError: There are no tasks, so nothing could be called clean.
    """
    if not tasks:
        raise ValueError("no benchmark tasks to compare with")
    if not texts:
        return []
    ordered = sorted(tasks, key=lambda task: task.name)
    same: dict[str, str] = {}
    for task in reversed(ordered):
        same[normalised(task.text)] = task.name
    rows, scores = nearest(
        embedder.encode(list(texts.values())), embedder.encode([task.text for task in ordered])
    )
    results = []
    for (name, text), row, score in zip(texts.items(), rows, scores, strict=True):
        equal = same.get(normalised(text))
        similarity = 1.0 if equal is not None else float(score)
        results.append(
            Closeness(
                id=name,
                benchmark_similarity=similarity,
                benchmark_task_id=equal or ordered[row].name,
                status="contaminated" if similarity >= threshold else "clean",
            )
        )
    return results
