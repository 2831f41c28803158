"""What traces bring: nothing is sought for tasks that can't be told by it."""

import ast

from kodgen.contamination.pairs.pairs import Pair, checked_pairs
from kodgen.contamination.pairs.trace_weights import traces_of
from kodgen.contamination.pairs.traces import Traces

LEAST = 0.75


def pair_of(test: str) -> Pair:
    [pair] = checked_pairs(ast.parse(test))
    return pair


STRONG = pair_of("assert f('abcdefghi', 1234) == 77")
OTHER = pair_of("assert f('zyxwvutsr', 4321) == 88")
NOTHING = pair_of("assert f([]) == []")


def test_pairs_of_tasks_out_of_reach_are_not_sought() -> None:
    traces, _ = traces_of([(STRONG, {1: 0.5, 2: 0.5}), (OTHER, {1: 0.5, 3: 0.5})], LEAST)
    assert [dict(trace.weights) for trace in traces] == [{1: 0.5}, {1: 0.5}]
    assert not traces_of([(STRONG, {1: 0.5, 2: 0.0})], LEAST)[0]


def test_what_cannot_be_sought_is_taken_to_be_there() -> None:
    pairs = [(STRONG, {1: 0.375}), (NOTHING, {1: 0.375})]
    traces, _ = traces_of(pairs, LEAST)
    assert len(traces) == 1
    text = "assert f('abcdefghi', 1234) == 77\nassert f([]) == []\n"
    assert Traces(pairs, LEAST).holding((text, "assert f([]) == []"), tests=True) == [0]
