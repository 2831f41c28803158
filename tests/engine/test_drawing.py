"""Which rows are begun: all of them, or no more than a target seems to ask for."""

import random
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kodgen.config import Target
from kodgen.engine import drawing as drawing_module
from kodgen.engine.drawing import InOrder, TowardsTarget
from kodgen.engine.targets import LEVELS, Settling
from kodgen.stages.base import Outcome


@dataclass(frozen=True)
class Row:
    id: str
    subset: str
    level: str | None

    def model_dump_json(self, exclude=None):
        return "{}"


@dataclass(frozen=True)
class Kept:
    subset: str
    difficulty: str
    id: str = ""

    def model_dump_json(self, exclude=None):
        return "{}"


def pool_of(pool):
    return [Row(f"q{number}", subset, level) for number, (subset, level) in enumerate(pool)]


def run(drawing, window, chance):
    """Finish the rows it begins in an order of chance; ids begun and the most open at a time."""
    begun, under_way, most = [], [], 0
    while True:
        fresh = list(drawing.begin(window - len(under_way)))
        assert len(fresh) <= window - len(under_way)
        begun += [row.id for row in fresh]
        under_way += fresh
        most = max(most, len(under_way))
        if not under_way:
            return begun, most
        row = under_way.pop(chance.randrange(len(under_way)))
        drawing.finished(row.id, [] if row.level is None else [(row.subset, row.level)])


def nothing(_row):
    return None


def test_all_rows_in_order_but_those_recalled():
    rows = pool_of([("A", None)] * 10)
    drawing = InOrder(rows, lambda row: () if row.id in {"q0", "q4"} else None)
    first = list(drawing.begin(3))
    assert drawing.wait()
    assert drawing.wait()
    begun = [row.id for row in [*first, *drawing.begin(100)]]
    assert begun == ["q1", "q2", "q3", "q5", "q6", "q7", "q8", "q9"]
    assert not drawing.wait()
    assert list(drawing.begin(100)) == []


def settled(target, rows, begun):
    """What is sealed, from the rows that were begun alone."""

    def outcome_of(row):
        assert row.id in begun, f"{row.id} is needed and was not begun"
        return Outcome(kept=() if row.level is None else (Kept(row.subset, row.level, row.id),))

    settling = Settling(target, "solve")
    names = [row.id for o in settling.outcomes(rows, outcome_of) for row in o.kept]
    return names, settling.report()["taken"]


levels = st.sampled_from([*LEVELS, None, None])
pools = st.lists(st.tuples(st.sampled_from("AB"), levels), max_size=150)
targets = st.builds(
    lambda rows, subsets, by_level: Target.model_construct(
        rows=rows, per_subset=subsets, per_difficulty=by_level
    ),
    st.one_of(st.none(), st.integers(1, 30)),
    st.dictionaries(st.sampled_from("AB"), st.integers(0, 8)),
    st.dictionaries(st.sampled_from(LEVELS), st.integers(0, 8)),
)


@pytest.fixture(autouse=True)
def few_open(monkeypatch):
    """Small pools show what large ones would."""
    monkeypatch.setattr(drawing_module, "FEWEST_OPEN", 4)
    monkeypatch.setattr(drawing_module, "LOOKAHEAD", 20)


@settings(max_examples=300, deadline=None)
@given(targets, pools, st.integers(1, 30), st.integers(0, 2**32), st.integers(0, 3))
def test_every_row_that_counts_is_begun_whatever_the_timing(target, pool, window, seed, known):
    rows = pool_of(pool)
    chance = random.Random(seed)
    done = {row.id for row in rows if known and chance.randrange(4) < known}

    def recalled(row):
        if row.id not in done:
            return None
        return [] if row.level is None else [(row.subset, row.level)]

    begun, _ = run(TowardsTarget(rows, recalled, target), window, chance)
    assert len(begun) == len(set(begun))
    assert not done & set(begun)
    settled(target, rows, done | set(begun))


def mixed(count, seed=1, **shares):
    chance = random.Random(seed)
    names = [None if name == "none" else name for name in shares]
    return [("A", chance.choices(names, list(shares.values()))[0]) for _ in range(count)]


def test_a_small_target_opens_a_small_part_of_a_large_pool():
    rows = pool_of(mixed(10_000, easy=60, medium=20, hard=10, none=10))
    target = Target(rows=30, per_difficulty={"easy": 10, "medium": 10, "hard": 10})
    begun, _ = run(TowardsTarget(rows, nothing, target), 10_000, random.Random(5))
    needed, taken = settled(target, rows, set(begun))
    assert taken == 30
    last = max(int(name[1:]) for name in needed)
    assert last < len(begun) < 3 * last


def test_a_large_target_opens_a_whole_window_at_once():
    rows = pool_of(mixed(5_000, easy=50, none=50))
    begun, most = run(TowardsTarget(rows, nothing, Target(rows=1000)), 400, random.Random(5))
    assert most == 400
    assert len(begun) < 2_600
    assert settled(Target(rows=1000), rows, set(begun))[1] == 1000


def test_a_level_that_never_comes_is_tried_for_to_the_end_of_the_pool():
    rows = pool_of(mixed(500, easy=50, none=50))
    target = Target(per_difficulty={"easy": 3, "hard": 1})
    begun, _ = run(TowardsTarget(rows, nothing, target), 10_000, random.Random(5))
    assert len(begun) == 500


def test_a_subset_behind_one_that_is_filled_is_reached():
    rows = pool_of([("A", "easy")] * 1000 + [("B", "hard")] * 10)
    target = Target(per_subset={"A": 5, "B": 5})
    begun, _ = run(TowardsTarget(rows, nothing, target), 100, random.Random(5))
    assert settled(target, rows, set(begun))[1] == 10
    assert len(begun) < 60
