"""Which mutants of a solution are drawn."""

import ast
import json

from kodgen.mutation.drawing import Drawn, draw
from tests.new_python import printed

SOLUTION = '''\
"""Of words."""
from functools import lru_cache


@lru_cache(maxsize=None)
def count(words, least=2):
    """Count 1 < 2 words."""
    found = {}
    for word in words:  # each 1
        if len(word) > least and word not in ("é", "b"):
            found[word] = found.get(word, 0) + 1
        elif not word:
            raise ValueError("empty")
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


class Counter:
    def __init__(self):
        self.total = 0

    def add(self, n):
        self.total += n
        return self.total


if __name__ == "__main__":
    print(count(["a"]))
'''


def drawn(most: int, seed: int = 3) -> Drawn:
    found = draw(SOLUTION, most, seed)
    assert found is not None
    return found


def test_every_mutant_differs_in_one_place_and_says_where() -> None:
    whole = drawn(1000)
    assert whole.not_run == 0
    assert len(whole.mutants) > 30
    lines = SOLUTION.splitlines()
    for mutant in whole.mutants:
        ast.parse(mutant.text)
        record = mutant.record()
        changed = [
            n
            for n, (a, b) in enumerate(zip(lines, mutant.text.splitlines(), strict=True))
            if a != b
        ]
        assert changed == [record.line - 1]
        assert record.original == lines[record.line - 1].strip()
        assert record.mutated == mutant.text.splitlines()[record.line - 1].strip()
    assert len({mutant.text for mutant in whole.mutants}) == len(whole.mutants)


def test_a_small_budget_is_spread_over_operators_and_lines() -> None:
    few = drawn(12)
    records = [mutant.record() for mutant in few.mutants]
    assert len({record.operator for record in records}) >= 10
    assert len({record.line for record in records}) >= 6
    assert few.not_run >= 20


def test_another_seed_draws_others_and_the_same_seed_the_same() -> None:
    def texts(seed: int) -> list[str]:
        return [mutant.text for mutant in drawn(12, seed).mutants]

    assert texts(3) == texts(3)
    assert texts(3) != texts(4)


def test_a_larger_budget_adds_to_a_smaller_one() -> None:
    few, more = drawn(5).mutants, drawn(15).mutants
    assert [one.text for one in few] == [one.text for one in more[:5]]


def test_the_draw_does_not_depend_on_the_hash_seed() -> None:
    code = (
        "import json, sys\nfrom kodgen.mutation.drawing import draw\n"
        "print(json.dumps([m.text for m in draw(sys.argv[1], 12, 3).mutants]))"
    )
    said = [printed(code, SOLUTION, hash_seed=seed) for seed in (1, 2)]
    assert json.loads(said[0]) == json.loads(said[1]) == [m.text for m in drawn(12).mutants]


def test_what_compiles_to_the_same_is_counted_and_not_run() -> None:
    # Nothing after a `return` is compiled, and the first `if` is decided while compiling.
    found = draw("def f(a):\n    return a\n    a += 1\n", 100, 0)
    assert found is not None
    assert found.equivalent >= 2
    assert [mutant.record().operator for mutant in found.mutants] == ["returned"]


def test_duplicates_are_run_once() -> None:
    # Both `negation` and `boolean` would make `if a:` of it, and `branch` the same as `constant`.
    found = draw("def f(a):\n    if not a:\n        return 1\n    return 2\n", 100, 0)
    assert found is not None
    texts = [mutant.text for mutant in found.mutants]
    assert len(texts) == len(set(texts))


def test_nothing_to_change_is_no_mutant_and_no_python_is_none() -> None:
    empty = draw("import os\n", 5, 0)
    assert empty == Drawn((), 0, 0)
    assert draw("def f(:\n", 5, 0) is None
    assert draw("x = " + "(" * 5000, 5, 0) is None
    assert draw("x = " + "-" * 5000 + "1", 5, 0) in (None, Drawn((), 0, 0))


def test_a_long_statement_is_shown_by_its_beginning() -> None:
    found = draw("f(" + "a, " * 1000 + ")\n", 100, 0)
    assert found is not None
    assert all(len(one.record().original) <= 400 for one in found.mutants)
