from random import Random
from typing import Any

import pytest

from kodgen.preference.bench import growing


def grown(arguments: list[Any], way: str, factor: int, seed: int = 1) -> list[Any]:
    return growing.grown(arguments, way, factor, Random(seed))


@pytest.mark.parametrize(
    "arguments",
    [
        [[3, 1, 2]],
        ["abc", 4],
        [(1.5, 2.5)],
        [{"a": [1, 2], "b": []}],
        [{3, 4}],
        [[[1, 2], [3, 4]], None, True],
        [["on", "off"], b"xy"],
    ],
)
@pytest.mark.parametrize("way", growing.WAYS)
def test_types_and_shapes_stay(arguments: list[Any], way: str) -> None:
    larger = grown(arguments, way, 8)
    assert [type(value) for value in larger] == [type(value) for value in arguments]
    assert grown(arguments, way, 8) == larger
    if way != "scale":
        assert sum(map(growing.size, larger)) > 3 * sum(map(growing.size, arguments))


def test_what_grows() -> None:
    assert grown([[1, 2], 5], "repeat", 3) == [[1, 2, 1, 2, 1, 2], 5]
    assert grown(["()"], "repeat", 3) == ["()()()"]
    [same, larger] = grown([[1, 2], 5], "scale", 4)
    assert same == [1, 2]
    assert 16 < larger <= 20
    assert -20 <= grown([-5], "scale", 4)[0] < -16
    assert grown([0, 1, -1, True], "scale", 4) == [0, 1, -1, True]


def test_order_and_difference_stay() -> None:
    assert (found := grown([[1, 5, 7]], "draw", 50)[0]) == sorted(set(found))
    assert (found := grown([[7, 5, 1]], "draw", 50)[0]) == sorted(set(found), reverse=True)
    assert sorted(grown([[3, 1, 2]], "draw", 50)[0]) == list(range(1, 151))
    assert set(grown([[1, 0, 1]], "draw", 50)[0]) == {0, 1}
    assert len(set(grown([["ab", "ba"]], "draw", 10)[0])) > 10


def test_a_matrix_grows_both_ways_and_records_stay_records() -> None:
    matrix = grown([[[1, 2], [3, 4]]], "draw", 16)[0]
    assert [len(row) for row in matrix] == [8] * 8
    intervals = grown([[(1, 4), (2, 9), (8, 9)]], "draw", 16)[0]
    assert len(intervals) == 48
    assert all(low < high for low, high in intervals)


def test_a_graph_names_only_its_own_nodes() -> None:
    graph = grown([{"a": ["b"], "b": ["a"]}], "repeat", 5)[0]
    assert len(graph) == 10
    assert {name for names in graph.values() for name in names} <= graph.keys()


def test_only_plain_values_grow() -> None:
    assert growing.is_plain({"a": [(1, None), {2.5}]})
    assert not growing.is_plain([object()])
    assert not growing.is_plain(Random(1))
    assert growing.ways([]) == growing.ways([True, None, 1]) == []
    assert growing.ways([12]) == ["scale"]
    assert growing.ways(["ab"]) == ["repeat", "draw"]
