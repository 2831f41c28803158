"""How answers differ, and which of them are kept for it."""

import itertools

from kodgen.parse.approach import approach
from kodgen.parse.diversity import apart, most_different
from kodgen.parse.tree_distance import tree_distance

LOOP = "def total(xs):\n    result = 0\n    for x in xs:\n        result += x\n    return result"
RENAMED = (
    'def total(numbers: list[int]) -> int:\n    """Sum up."""\n    s = 0\n'
    "    for n in numbers:\n        s += n\n    return s\n"
)
BUILTIN = "def total(xs):\n    return sum(xs)"
RECURSIVE = "def total(xs):\n    return xs[0] + total(xs[1:]) if xs else 0"
REDUCED = (
    "from functools import reduce\nfrom operator import add\n\n\n"
    "def total(xs):\n    return reduce(add, xs, 0)"
)
GUARDED = LOOP.replace("    result = 0", "    if not xs:\n        return 0\n    result = 0")
ALL = [LOOP, RENAMED, BUILTIN, RECURSIVE, REDUCED]


class TestTreeDistance:
    def test_names_annotations_and_docstrings_do_not_count(self):
        assert tree_distance(LOOP, RENAMED) == 0
        assert tree_distance("def f():\n    return 1", "def g():\n    return 2") == 0

    def test_neither_do_imports_demonstrations_tests_and_order(self):
        more = f"import math\n\ndef test_total():\n    pass\n\n{LOOP}\n\n"
        more += 'if __name__ == "__main__":\n    print(total([]))'
        assert tree_distance(LOOP, more) == 0
        two = LOOP, "def other(x):\n    return x.strip()"
        assert tree_distance("\n\n".join(two), "\n\n".join(two[::-1])) == 0

    def test_builtins_count_unless_the_code_gives_the_name(self):
        assert tree_distance("def f(x):\n    return min(x)", "def f(x):\n    return max(x)") > 0
        assert tree_distance("def f(min):\n    return min", "def f(max):\n    return max") == 0

    def test_it_is_a_distance_up_to_renaming(self):
        for one, other in itertools.combinations(ALL, 2):
            assert tree_distance(one, other) == tree_distance(other, one)
            assert 0 <= tree_distance(one, other) <= 1
        assert tree_distance(LOOP, LOOP) == 0

    def test_more_changes_are_farther(self):
        assert 0 < tree_distance(LOOP, GUARDED) < tree_distance(LOOP, BUILTIN)

    def test_what_is_no_python_is_like_nothing(self):
        assert tree_distance("no python", LOOP) == 1
        assert tree_distance("no python", "no python") == 1

    def test_deep_code_is_no_trouble(self):
        deep = "x = " + " + ".join(["1"] * 800)
        assert tree_distance(deep, LOOP) > 0.5


def test_approach_tells_constructs_structures_and_libraries():
    assert approach(LOOP) == {"for loop"}
    assert approach(RECURSIVE) == {"recursion"}
    assert approach(REDUCED) == {"functools.reduce", "operator.add"}
    assert approach("import heapq as h\n\ndef f(x):\n    h.heapify(x)") == {"heapq.heapify"}
    assert "nested loops" in approach("for a in b:\n    for c in d:\n        pass")
    assert approach("from typing import List\n\ndef f(x: List): ...") == set()
    method = "class A:\n    def go(self, n):\n        return self.go(n - 1)"
    assert approach(method) == {"class", "recursion"}
    assert approach("not python at all") == set()


class TestChoosing:
    def test_near_identical_ones_are_never_both_kept(self):
        assert most_different([LOOP, RENAMED], 5) == (0,)
        assert most_different([LOOP, RENAMED, BUILTIN], 5) == (0, 2)
        for keep in range(1, 6):
            kept = most_different(ALL, keep)
            pairs = itertools.combinations(kept, 2)
            assert not any(apart(ALL[a], ALL[b]).near for a, b in pairs)

    def test_as_many_as_asked_for_where_there_are_as_many(self):
        assert most_different(ALL, 4) == (0, 2, 3, 4)
        assert len(most_different(ALL, 3)) == 3
        assert most_different(ALL, 1) == (0,)
        assert most_different([], 3) == ()

    def test_two_are_the_pair_farthest_apart(self):
        codes = [LOOP, GUARDED, REDUCED]
        one, other = most_different(codes, 2)
        best = max(apart(a, b).total for a, b in itertools.combinations(codes, 2))
        assert apart(codes[one], codes[other]).total == best

    def test_the_same_texts_are_kept_whatever_their_order_where_none_are_near(self):
        codes = [LOOP, BUILTIN, RECURSIVE, REDUCED]
        kept = {codes[n] for n in most_different(codes, 2)}
        for order in itertools.permutations(codes):
            assert {order[n] for n in most_different(order, 2)} == kept
