"""Exact neighbours among unit vectors.

FAISS finds candidates in single precision; every candidate is scored again in double precision and
only then compared with the threshold, so the result depends on the vectors alone and not on block
sizes, threads or instruction sets.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]

MARGIN = 1e-4
"""How far below the threshold candidates are taken; single precision is off by under 1e-6."""
BLOCK = 1024
"""Queries at a time: bounds memory where a block has many neighbours."""


def pairs_above(
    vectors: "Vectors", threshold: float, block: int = BLOCK
) -> "tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]]":
    """All pairs of rows with a cosine of at least `threshold`.

    Args:
        vectors: Unit rows, shape `[n, d]`.
        threshold: Cosine, inclusive.
        block: Rows searched at a time; changes no result.

    Returns:
        First rows, second rows (first < second) and cosines, sorted by first, then second.
    """
    import faiss
    import numpy as np

    count, dimension = vectors.shape
    index = faiss.IndexFlatIP(dimension)
    index.add(np.ascontiguousarray(vectors))
    firsts, seconds, scores = [], [], []
    for start in range(0, count, block):
        queries = np.ascontiguousarray(vectors[start : start + block])
        limits, _, found = index.range_search(queries, threshold - MARGIN)
        first = np.repeat(np.arange(start, start + len(queries)), np.diff(limits.astype(np.int64)))
        above = first < found
        first, second = first[above], found[above]
        exact = _cosines(vectors, first, second)
        near = exact >= threshold
        order = np.lexsort((second[near], first[near]))
        firsts.append(first[near][order])
        seconds.append(second[near][order])
        scores.append(exact[near][order])
    if not firsts:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float64)
    return np.concatenate(firsts), np.concatenate(seconds), np.concatenate(scores)


def nearest(
    queries: "Vectors", corpus: "Vectors"
) -> "tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]":
    """The row of `corpus` with the highest cosine to each query, the first of equals.

    Args:
        queries: Unit rows, shape `[n, d]`.
        corpus: Unit rows, shape `[m, d]`, m at least 1.

    Returns:
        Row numbers and cosines, shape `[n]` each.
    """
    import faiss
    import numpy as np

    index = faiss.IndexFlatIP(corpus.shape[1])
    index.add(np.ascontiguousarray(corpus))
    # A few candidates, so that rows equal to within single precision are told apart exactly.
    _, found = index.search(np.ascontiguousarray(queries), min(8, len(corpus)))
    found = np.sort(found, axis=1)
    width = found.shape[1]
    rows = np.repeat(np.arange(len(queries)), width)
    exact = np.einsum(
        "ij,ij->i",
        queries[rows].astype(np.float64),
        corpus[found.ravel()].astype(np.float64),
    ).reshape(len(queries), width)
    best = np.argmax(np.round(exact, 9), axis=1)
    at = np.arange(len(queries))
    return found[at, best].astype(np.int64), np.clip(exact[at, best], -1.0, 1.0)


def _cosines(
    vectors: "Vectors", first: "npt.NDArray[np.int64]", second: "npt.NDArray[np.int64]"
) -> "npt.NDArray[np.float64]":
    import numpy as np

    scores = np.empty(len(first), np.float64)
    for start in range(0, len(first), BLOCK):
        part = slice(start, start + BLOCK)
        left = vectors[first[part]].astype(np.float64)
        right = vectors[second[part]].astype(np.float64)
        scores[part] = np.einsum("ij,ij->i", left, right)
    # Rounded so that a cosine of exactly the threshold is not lost to the last bit.
    clipped: npt.NDArray[np.float64] = np.clip(np.round(scores, 9), -1.0, 1.0)
    return clipped
