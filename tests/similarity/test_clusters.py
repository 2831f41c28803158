from hypothesis import given
from hypothesis import strategies as st

from kodgen.similarity.clusters import Match, greedy

ROWS = 12
graphs = st.dictionaries(
    st.tuples(st.integers(0, ROWS - 1), st.integers(0, ROWS - 1))
    .filter(lambda pair: pair[0] != pair[1])
    .map(lambda pair: (min(pair), max(pair))),
    st.sampled_from([0.9, 0.95, 1.0]),
    max_size=40,
)


def test_a_chain_keeps_both_ends() -> None:
    assert greedy(3, [(0, 1, 0.96), (1, 2, 0.97)]) == {1: Match(0, 0.96)}


def test_a_clique_keeps_its_best() -> None:
    pairs = [(i, j, 0.99) for i in range(5) for j in range(i + 1, 5)]
    assert greedy(5, pairs) == {row: Match(0, 0.99) for row in range(1, 5)}


def test_a_dropped_row_names_the_kept_row_it_matches_best() -> None:
    assert greedy(3, [(0, 2, 0.95), (1, 2, 0.98)]) == {2: Match(1, 0.98)}
    assert greedy(3, [(1, 2, 0.95), (0, 2, 0.95)]) == {2: Match(0, 0.95)}


@given(graphs)
def test_kept_rows_never_match_and_dropped_ones_match_a_better_kept_one(
    graph: dict[tuple[int, int], float],
) -> None:
    dropped = greedy(ROWS, [(*pair, score) for pair, score in graph.items()])
    for one, other in graph:
        assert one in dropped or other in dropped
    for row, match in dropped.items():
        assert match.kept not in dropped
        assert match.kept < row
        assert graph[match.kept, row] == match.score


@given(graphs, st.randoms(use_true_random=False))
def test_the_order_of_pairs_changes_nothing(graph: dict[tuple[int, int], float], random) -> None:
    pairs = [(*pair, score) for pair, score in graph.items()]
    shuffled = [(b, a, score) if random.random() < 0.5 else (a, b, score) for a, b, score in pairs]
    random.shuffle(shuffled)
    assert greedy(ROWS, shuffled) == greedy(ROWS, pairs)
