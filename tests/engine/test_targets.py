"""Targets: which verified rows count, and what is said where a cell can't be filled."""

import itertools
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kodgen.config import Target
from kodgen.engine.targets import BEYOND, LEVELS, Quota, Settling, shortfall_lines
from kodgen.stages.base import Outcome, reject
from tests import specimens
from tests.building import question


def triplet(name, subset, level):
    return specimens.triplet(name, subset=subset, difficulty=level)


def settle(target, pool):
    """Outcomes of a pool of (subset, level or None for never passed), and the report."""
    rows = [question(f"q{n}").model_copy(update={"subset": s}) for n, (s, _) in enumerate(pool)]
    asked = []

    def outcome_of(row):
        asked.append(row.id)
        subset, level = pool[int(row.id[1:])]
        if level is None:
            return Outcome(rejected=(reject("solve", row, "never_passed", ""),))
        return Outcome(kept=(triplet(row.id, subset, level),))

    settling = Settling(Target.model_validate(target), "solve")
    outcomes = list(settling.outcomes(rows, outcome_of))
    return outcomes, settling.report(), asked


def kept(outcomes):
    return [(row.subset, row.difficulty) for outcome in outcomes for row in outcome.kept]


def test_the_shortest_prefix_that_fills_every_cell_is_taken():
    pool = [("A", level) for level in ("easy", "easy", "hard", None, "easy", "medium", "hard")] * 3
    wanted = {"per_difficulty": {"easy": 2, "medium": 1, "hard": 2}}
    outcomes, report, asked = settle(wanted, pool)
    assert [outcome.kept[0].id if outcome.kept else "" for outcome in outcomes[:8]] == [
        "q0", "q1", "q2", "", "", "q5", "q6", "",
    ]  # fmt: skip
    assert asked == [f"q{n}" for n in range(7)]
    assert len(outcomes) == len(pool)
    assert {one.reason for outcome in outcomes[7:] for one in outcome.rejected} == {BEYOND}
    assert report == {"taken": 5, "missing": []}
    assert shortfall_lines(report) == []
    # What was verified and not needed is kept whole as evidence.
    (spare,) = outcomes[4].rejected
    assert spare.reason == BEYOND
    assert json.loads(spare.row)["difficulty"] == "easy"


@pytest.mark.parametrize(
    ("target", "most"),
    [
        ({"rows": 30, "per_difficulty": {"easy": 10, "medium": 10, "hard": 10}}, 30),
        ({"rows": 30, "per_difficulty": {"hard": 10}}, 30),
        ({"rows": 30, "per_subset": {"A": 20, "B": 10}, "per_difficulty": {"hard": 5}}, 30),
        ({"rows": 7}, 7),
    ],
)
def test_the_number_of_rows_is_exact_where_it_is_given(target, most):
    levels = ["easy"] * 6 + ["medium", None, "hard"]
    pool = [("A" if n % 3 else "B", levels[n * 7 % len(levels)]) for n in range(300)]
    outcomes, report, _ = settle(target, pool)
    assert report == {"taken": most, "missing": []}
    found = kept(outcomes)
    assert len(found) == most
    for level, count in target.get("per_difficulty", {}).items():
        assert sum(one == level for _, one in found) >= count
    for subset, count in target.get("per_subset", {}).items():
        assert sum(one == subset for one, _ in found) >= count


def test_a_subset_that_is_filled_is_not_attempted_any_more():
    pool = [("A", "easy")] * 50 + [("B", "easy")] * 5
    outcomes, report, asked = settle({"per_subset": {"A": 2, "B": 3}}, pool)
    assert asked == ["q0", "q1", "q50", "q51", "q52"]
    assert report["taken"] == 5
    assert len(outcomes) == 55


def test_a_cell_that_can_t_be_filled_is_explained():
    pool = [("A", "easy")] * 4 + [("A", None)] * 3 + [("B", "hard")]
    target = {"per_difficulty": {"easy": 2, "hard": 3}, "per_subset": {"B": 2}}
    _, report, asked = settle(target, pool)
    assert len(asked) == len(pool)
    assert report == {
        "taken": 3,
        "missing": [
            {
                "cell": "subset B",
                "wanted": 2,
                "missing": 1,
                "verified": {"hard": 1},
                "rejected": {},
            },
            {
                "cell": "difficulty hard",
                "wanted": 3,
                "missing": 2,
                "verified": {"easy": 4, "hard": 1},
                "rejected": {"never_passed": 3, BEYOND: 2},
            },
        ],
    }
    of_subset, of_level = shortfall_lines(report)
    assert of_subset.startswith("target subset B: 1 of 2 missing")
    assert "verified: 4 easy, 1 hard; rejected: never_passed 3" in of_level


def test_without_a_target_everything_is_passed_on():
    settling = Settling(None, "solve")
    outcomes = [Outcome(kept=(n,)) for n in range(3)]
    assert list(settling.outcomes(range(3), outcomes.__getitem__)) == outcomes
    assert settling.report() == {}


cells = st.dictionaries(st.sampled_from("AB"), st.integers(0, 6))
levels = st.dictionaries(st.sampled_from(LEVELS), st.integers(0, 6))


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.none(), st.integers(1, 15)), cells, levels, st.randoms())
def test_a_quota_never_takes_more_than_it_needs(rows, subsets, by_level, chance):
    quota = Quota.of(Target.model_construct(rows=rows, per_subset=subsets, per_difficulty=by_level))
    everything = list(itertools.product("AB", LEVELS)) * 30
    chance.shuffle(everything)
    taken = []
    for subset, level in everything:
        before, closed, full = quota.needed(), quota.closed(subset), quota.full()
        takes = quota.takes(subset, level)
        assert quota.take(subset, level) == takes
        if takes:
            assert not closed
            assert not full
            taken.append((subset, level))
            assert before - 1 <= quota.needed() <= before
    if rows is not None:
        assert len(taken) <= rows
        if rows >= max(sum(subsets.values()), sum(by_level.values())):
            assert len(taken) == rows
            assert quota.full()
            assert quota.needed() == 0
    else:
        assert quota.full()
        assert len(taken) <= sum(subsets.values()) + sum(by_level.values())


def test_cells_that_need_more_than_all_rows_are_a_mistake():
    with pytest.raises(
        ValueError, match=r"`rows` is 10, but the cells of `per_difficulty` need 12"
    ):
        Target(rows=10, per_difficulty={"easy": 6, "hard": 6})
