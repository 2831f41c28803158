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
DIRECTIONS = 10
"""Followed at a time: more than the two that are wanted, so that these settle soon."""
ROUNDS = 12
"""Enough for directions whose variances differ by a tenth to tell apart."""
PLACES = 3
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

    By subspace iteration from a seeded start (Halko, Martinsson and Tropp, 2011, algorithm 4.4),
    which needs a few products of thin matrices where a whole decomposition takes minutes on a busy
    machine. Each axis points to where its largest entry is positive: it has no sign of its own.
    """
    import numpy as np

    centred = vectors.astype(np.float64)
    centred -= centred.mean(axis=0)
    start = np.random.default_rng(0).standard_normal(
        (centred.shape[1], min(DIRECTIONS, len(vectors)))
    )
    basis, _ = np.linalg.qr(centred @ start)
    for _ in range(ROUNDS):
        across, _ = np.linalg.qr(centred.T @ basis)
        basis, _ = np.linalg.qr(centred @ across)
    sides, sizes, _ = np.linalg.svd(basis.T @ centred, full_matrices=False)
    first = (basis @ sides[:, :2]) * sizes[:2]
    signs = np.sign(first[np.abs(first).argmax(axis=0), [0, 1]])
    signs[signs == 0] = 1.0
    whole = float(np.square(centred).sum())
    share = float(np.square(sizes[:2]).sum()) / whole if whole > 0 else 0.0
    return first * signs, share
