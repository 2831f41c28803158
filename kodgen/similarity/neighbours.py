"""Exact neighbours among unit vectors.

Single precision finds candidates; every candidate is scored again in double precision and only
then compared with the threshold, so the result depends on the vectors alone and not on block
sizes, threads or instruction sets.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]
    Rows = npt.NDArray[np.int64]
    Scores = npt.NDArray[np.float64]

MARGIN = 1e-4
"""How far below the threshold candidates are taken; single precision is off by under 1e-6."""
DECIMALS = 9
"""Scores are rounded to this, far above what double precision leaves to chance."""
LENGTH_TOLERANCE = 1e-3
"""How far a row's length may be from 1: what half precision leaves."""
BLOCK = 1024
"""Rows searched at a time: bounds memory where a block has many neighbours."""
BLOCK_CELLS = 1 << 24
"""Most cosines of queries and corpus in memory at a time: 64 MiB."""


def pairs_above(
    vectors: "Vectors", threshold: float, block: int = BLOCK
) -> "tuple[Rows, Rows, Scores]":
    """All pairs of rows with a cosine of at least `threshold`.

    Args:
        vectors: Unit rows, shape `[n, d]`.
        threshold: Cosine, inclusive.
        block: Rows searched at a time; changes no result.

    Returns:
        First rows, second rows (first < second) and cosines, sorted by first, then second.

    Raises:
        ValueError: A row is not of length 1.
    """
    import faiss
    import numpy as np

    vectors = _unit(vectors)
    index = faiss.IndexFlatIP(vectors.shape[1])
    firsts, seconds = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    scores = [np.empty(0, np.float64)]
    for start in range(0, len(vectors), block):
        queries = vectors[start : start + block]
        # Each block is searched in itself and those before it: every pair is computed once.
        index.add(queries)
        limits, _, first = index.range_search(queries, threshold - MARGIN)
        second = np.repeat(np.arange(start, start + len(queries)), np.diff(limits.astype(np.int64)))
        earlier = first < second
        first, second = first[earlier], second[earlier]
        exact = _cosines(vectors, first, vectors, second)
        near = exact >= threshold
        firsts.append(first[near])
        seconds.append(second[near])
        scores.append(exact[near])
    first, second = np.concatenate(firsts), np.concatenate(seconds)
    exact = np.concatenate(scores)
    order = np.lexsort((second, first))
    return first[order], second[order], exact[order]


def nearest(
    queries: "Vectors", corpus: "Vectors", block_cells: int = BLOCK_CELLS
) -> "tuple[Rows, Scores]":
    """The row of `corpus` with the highest cosine to each query, the first of equals.

    Args:
        queries: Unit rows, shape `[n, d]`.
        corpus: Unit rows, shape `[m, d]`, m at least 1.
        block_cells: Cosines in memory at a time; changes no result.

    Returns:
        Row numbers and cosines within -1 to 1, shape `[n]` each.

    Raises:
        ValueError: A row is not of length 1, or the corpus is empty.
    """
    import numpy as np

    queries, corpus = _unit(queries), _unit(corpus)
    if not len(corpus):
        raise ValueError("the corpus has no rows, so nothing is nearest")
    found = np.empty(len(queries), np.int64)
    scores = np.empty(len(queries), np.float64)
    block = max(1, block_cells // len(corpus))
    for start in range(0, len(queries), block):
        part = queries[start : start + block]
        rough = part @ corpus.T
        # All that may be highest, however many: rows equal to within single precision are common.
        rows, candidates = np.nonzero(rough >= rough.max(axis=1, keepdims=True) - MARGIN)
        exact = _cosines(part, rows, corpus, candidates)
        order = np.lexsort((candidates, -exact, rows))
        best = order[np.searchsorted(rows[order], np.arange(len(part)))]
        found[start : start + block] = candidates[best]
        scores[start : start + block] = exact[best]
    return found, scores


def _cosines(left: "Vectors", first: "Rows", right: "Vectors", second: "Rows") -> "Scores":
    """Cosine of row `first[k]` of `left` and row `second[k]` of `right`, for every k.

    Divided by the lengths, which single precision leaves a little off 1: equal rows give 1.
    """
    import numpy as np

    scores = np.empty(len(first), np.float64)
    for start in range(0, len(first), BLOCK):
        part = slice(start, start + BLOCK)
        a = left[first[part]].astype(np.float64)
        b = right[second[part]].astype(np.float64)
        lengths = np.sqrt(np.einsum("ij,ij->i", a, a) * np.einsum("ij,ij->i", b, b))
        scores[part] = np.einsum("ij,ij->i", a, b) / lengths
    # Rounded so that a cosine of exactly the threshold is not lost to the last bit.
    clipped: Scores = np.clip(np.round(scores, DECIMALS), -1.0, 1.0)
    return clipped


def _unit(vectors: "Vectors") -> "Vectors":
    """Vectors as FAISS needs them, having checked that every row is finite and of length 1."""
    import numpy as np

    lengths = np.linalg.norm(vectors, axis=1)
    wrong = np.flatnonzero(~(np.abs(lengths - 1.0) < LENGTH_TOLERANCE))
    if len(wrong):
        raise ValueError(f"row {wrong[0]} has length {lengths[wrong[0]]:.6g}, not 1: normalise it")
    return np.ascontiguousarray(vectors, dtype=np.float32)
