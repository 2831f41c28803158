"""Questions as points of a plane: their two directions of greatest variance."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kodgen.engine.reporting.choosing import Lots, Place
from kodgen.engine.reporting.files import rows, rows_at
from kodgen.engine.reporting.stages import Stage
from kodgen.report.run.values import QuestionMap
from kodgen.similarity.hashing import HashingEmbedder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Matrix = npt.NDArray[np.float64]

MOST = 2400
"""Questions on the map: enough for a shape, few enough to be embedded in seconds."""
FEWEST = 50
"""Of a subset, if it has as many."""
PLACES = 4
"""Decimals of a coordinate: what is below may differ with the linear algebra library."""


def map_questions(stage: Stage, seed: int) -> QuestionMap | None:
    """A draw of a stage's questions, of each subset in proportion.

    Vectors of words are always at hand, whatever model the run embedded with. Principal components
    need no further library, and distances on them mean the same all over the plane.

    Raises:
        RunDirectoryError: A file is missing or broken.
    """
    lots = Lots(seed, MOST)
    totals: dict[str, int] = {}
    for number, row in enumerate(rows(stage.kept, ["id", "subset"])):
        subset = row["subset"]
        totals[subset] = totals.get(subset, 0) + 1
        lots.add((subset,), Place(stage.name, True, number, row["id"]))
    every = sum(totals.values())
    drawn: list[tuple[str, int]] = []
    for subset, total in sorted(totals.items()):
        share = max(min(FEWEST, total), min(MOST * total // max(every, 1), total))
        drawn += [(subset, place.number) for place in lots.of((subset,), share)]
    found = rows_at(stage.kept, [number for _, number in drawn])
    texts = [found[number]["text"] for _, number in drawn]
    kept = [(one[0], text) for one, text in zip(drawn, texts, strict=True) if text.strip()]
    if len(kept) < 3:
        return None
    return _plane([subset for subset, _ in kept], [text for _, text in kept], every)


def _plane(subsets: Sequence[str], texts: Sequence[str], every: int) -> QuestionMap:
    embedder = HashingEmbedder()
    plane, explained = principal(embedder.encode(texts))
    points: dict[str, list[tuple[float, float]]] = {}
    for subset, (x, y) in zip(subsets, plane.tolist(), strict=True):
        points.setdefault(subset, []).append((round(x, PLACES), round(y, PLACES)))
    found: Mapping[str, tuple[tuple[float, float], ...]] = {
        subset: tuple(of_it) for subset, of_it in points.items()
    }
    return QuestionMap(found, len(texts), every, embedder.name, explained)


def principal(vectors: "npt.NDArray[np.float32]") -> tuple["Matrix", float]:
    """The first two principal components, shape `[rows, 2]`, and their share of the variance.

    Each points to where its largest entry is positive: a component has no sign of its own.
    """
    import numpy as np

    centred = vectors.astype(np.float64)
    centred -= centred.mean(axis=0)
    # Of rows among each other: there are as many of these as of columns, or fewer.
    values, sides = np.linalg.eigh(centred @ centred.T)
    first = sides[:, [-1, -2]] * np.sqrt(np.maximum(values[[-1, -2]], 0.0))
    signs = np.sign(first[np.abs(first).argmax(axis=0), [0, 1]])
    signs[signs == 0] = 1.0
    whole = float(values.clip(0.0).sum())
    share = float(values[[-1, -2]].clip(0.0).sum()) / whole if whole > 0 else 0.0
    return first * signs, share
