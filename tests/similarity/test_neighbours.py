import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kodgen.similarity.neighbours import nearest, pairs_above

Vectors = npt.NDArray[np.float32]


def unit(rows: npt.ArrayLike) -> Vectors:
    array = np.asarray(rows, dtype=np.float64)
    return (array / np.linalg.norm(array, axis=1, keepdims=True)).astype(np.float32)


def crowded(seed: int, count: int, dimension: int = 16) -> Vectors:
    """Rows scattered about a few centres, some of them exact copies."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(max(1, count // 4), dimension))
    rows = centres[random.integers(len(centres), size=count)]
    rows = rows + random.choice([0.0, 0.05, 0.3], size=(count, 1)) * random.normal(size=rows.shape)
    return unit(rows)


def brute(vectors: Vectors, threshold: float) -> dict[tuple[int, int], float]:
    rows = vectors.astype(np.float64)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    cosines = np.round(rows @ rows.T, 9)
    return {
        (i, j): cosines[i, j]
        for i in range(len(rows))
        for j in range(i + 1, len(rows))
        if cosines[i, j] >= threshold
    }


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 40), st.sampled_from([0.3, 0.9, 0.99, 1.0]))
def test_finds_exactly_the_pairs_at_or_above_the_threshold(
    seed: int, count: int, threshold: float
) -> None:
    vectors = crowded(seed, count)
    first, second, scores = pairs_above(vectors, threshold)
    expected = brute(vectors, threshold)
    found = list(zip(first.tolist(), second.tolist(), strict=True))
    assert found == sorted(expected)
    np.testing.assert_allclose(scores, [expected[pair] for pair in found], atol=2e-9)


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 60), st.integers(1, 70))
def test_block_size_changes_nothing(seed: int, count: int, block: int) -> None:
    vectors = crowded(seed, count)
    for whole, parts in zip(
        pairs_above(vectors, 0.9), pairs_above(vectors, 0.9, block), strict=True
    ):
        np.testing.assert_array_equal(whole, parts)


def test_threads_change_nothing() -> None:
    faiss = pytest.importorskip("faiss")
    vectors = crowded(3, 3000, 64)
    threads = faiss.omp_get_max_threads()
    try:
        faiss.omp_set_num_threads(1)
        alone = pairs_above(vectors, 0.95)
    finally:
        faiss.omp_set_num_threads(threads)
    assert len(alone[0]) > 1000
    for one, many in zip(alone, pairs_above(vectors, 0.95), strict=True):
        np.testing.assert_array_equal(one, many)


def test_a_cosine_of_exactly_the_threshold_is_in() -> None:
    vectors = unit([[1, 1, 1, 1], [1, 0, 0, 0]])
    assert pairs_above(vectors, 0.5)[2].tolist() == [0.5]
    assert pairs_above(vectors, 0.500001)[2].tolist() == []


def test_copies_match_at_threshold_one() -> None:
    vectors = unit(np.tile(np.random.default_rng(0).normal(size=768), (3, 1)))
    assert pairs_above(vectors, 1.0)[2].tolist() == [1.0, 1.0, 1.0]


def test_no_rows_have_no_pairs() -> None:
    assert [len(part) for part in pairs_above(np.zeros((0, 8), np.float32), 0.5)] == [0, 0, 0]


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 30), st.integers(1, 30), st.integers(1, 200))
def test_nearest_is_the_first_of_the_best(
    seed: int, queries: int, corpus: int, block_cells: int
) -> None:
    rows = crowded(seed, queries + corpus)
    found, scores = nearest(rows[:queries], rows[queries:], block_cells)
    exact = rows.astype(np.float64)
    exact /= np.linalg.norm(exact, axis=1, keepdims=True)
    cosines = np.round(exact[:queries] @ exact[queries:].T, 9)
    np.testing.assert_array_equal(found, np.argmax(cosines, axis=1))
    np.testing.assert_allclose(scores, cosines.max(axis=1), atol=2e-9)
    assert (np.abs(scores) <= 1).all()


def test_of_many_copies_the_first_is_nearest() -> None:
    corpus = unit([[0, 1], *[[1, 1]] * 50])
    assert [part.tolist() for part in nearest(unit([[2, 2]]), corpus)] == [[1], [1.0]]


@pytest.mark.parametrize("row", [[0, 0], [2, 0], [np.nan, 1]])
def test_rows_that_are_not_unit_are_refused(row: list[float]) -> None:
    vectors = np.asarray([[1, 0], row], np.float32)
    with pytest.raises(ValueError, match="row 1 has length"):
        pairs_above(vectors, 0.9)
    with pytest.raises(ValueError, match="row 1 has length"):
        nearest(vectors, vectors)


def test_an_empty_corpus_is_refused() -> None:
    with pytest.raises(ValueError, match="corpus has no rows"):
        nearest(unit([[1, 0]]), np.zeros((0, 2), np.float32))
