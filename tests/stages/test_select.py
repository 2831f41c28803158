"""Selection: filters one by one, quotas of questions whatever the order of rows."""

import itertools
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kodgen.config import Pipeline
from kodgen.stages.quotas import within_quotas
from kodgen.stages.select import SelectStage
from tests.stages.restyling import triplet

LEVELS = ("easy", "medium", "hard")
SUBSETS = ("A", "B", "C")


def pipeline(seed=7, **select):
    return Pipeline.model_validate(
        {
            "name": "t",
            "seed": seed,
            "llm": {"backend": "recorded", "model": "m", "paths": ["none.jsonl"]},
            "subsets": [
                {"name": name, "method": "given", "seeds": {"path": "q.jsonl"}} for name in SUBSETS
            ],
            "select": select,
        }
    )


def row(number, subset="A", difficulty="easy", style="instruct", **changes):
    question = f"question:{subset}/given/x/{number}"
    fields = {
        "id": question + ("_C" if style == "complete" else ""),
        "question_id": question,
        "subset": subset,
        "difficulty": difficulty,
        "style": style,
        "flags": (),
    }
    made = triplet("Add up the values.", "def f(): pass", "def test(): pass")
    return made.model_copy(update=fields | changes)


def select(rows, seed=7, **section):
    return SelectStage(pipeline(seed, **section)).process(rows)


def ids(rows):
    return [one.id for one in rows]


def both(number, *where):
    return [row(number, *where), row(number, *where, style="complete")]


@pytest.mark.parametrize(
    ("section", "unwanted", "reason"),
    [
        ({"difficulty": ["hard"]}, row(1), "unwanted_difficulty"),
        ({"styles": ["complete"]}, row(1, "A", "hard"), "unwanted_style"),
        ({"question_tokens": [2, 10]}, row(1, question="x" * 41), "question_length"),
        ({"question_tokens": [2, 10]}, row(1, question="x" * 7), "question_length"),
        ({"suspect": False}, row(1, flags=("suspect",)), "suspect"),
    ],
)
def test_what_is_not_wanted_goes_with_its_reason(section, unwanted, reason):
    wanted = row(2, "B", "hard", "complete", question="x" * 40)
    outcome = select([unwanted, wanted], **section)
    assert outcome.kept == (wanted,)
    (rejected,) = outcome.rejected
    assert (rejected.id, rejected.stage, rejected.reason) == (unwanted.id, "select", reason)


def test_without_wishes_everything_stays():
    rows = [row(1, flags=("suspect",)), *both(2), row(3, "B", "hard")]
    outcome = select(rows)
    assert outcome.kept == tuple(rows)
    assert not outcome.rejected


def test_a_question_may_lose_one_style_to_its_length():
    long = row(1, style="complete", question="x" * 100)
    outcome = select([row(1), long], question_tokens=[0, 20], per_difficulty={"easy": 1})
    assert ids(outcome.kept) == [row(1).id]
    assert outcome.rejected[0].evidence == "about 25 tokens, not 0 to 20"


def test_a_quota_counts_questions_and_keeps_their_styles_together():
    rows = [one for number in range(10) for one in both(number)]
    outcome = select(rows, per_difficulty={"easy": 4})
    assert len(outcome.kept) == 8
    assert Counter(one.question_id for one in outcome.kept).most_common()[-1][1] == 2
    assert {one.reason for one in outcome.rejected} == {"beyond_quota"}
    assert "its difficulty has a quota of 4" in outcome.rejected[0].evidence
    order = ids(rows)
    assert ids(outcome.kept) == sorted(ids(outcome.kept), key=order.index)


def test_what_fills_a_quota_depends_on_the_seed_and_not_on_the_place():
    rows = [row(number) for number in range(30)]
    chosen = {tuple(ids(select(rows, seed, per_subset={"A": 5}).kept)) for seed in range(5)}
    assert len(chosen) == 5
    assert tuple(ids(rows[:5])) not in chosen


def test_rows_that_are_not_wanted_take_no_place_of_a_quota():
    rows = [row(n, flags=("suspect",)) for n in range(20)] + [row(n) for n in range(20, 23)]
    outcome = select(rows, suspect=False, per_subset={"A": 3})
    assert ids(outcome.kept) == ids(rows[20:])


def test_quotas_of_subsets_and_difficulties_are_met_together():
    # B has easy questions alone; those of A must leave it room.
    rows = [row(n, "A", level) for n, level in enumerate(LEVELS * 50)]
    rows += [row(n, "B", "easy") for n in range(100)]
    outcome = select(rows, per_difficulty=dict.fromkeys(LEVELS, 40), per_subset={"A": 80, "B": 40})
    assert len(outcome.kept) == 120
    assert outcome.facts["shortfalls"] == {"per_subset": {}, "per_difficulty": {}}


def test_the_facts_count_each_cell_and_what_a_quota_lacks():
    rows = [*both(1), row(2, "A", "hard"), row(3, "A", "hard"), row(4, "B")]
    outcome = select(rows, per_difficulty={"easy": 5, "hard": 1}, per_subset={"A": 2, "C": 1})
    assert outcome.facts == {
        "cells": {
            "A": {"easy": {"came": 1, "stayed": 1}, "hard": {"came": 2, "stayed": 1}},
            "B": {"easy": {"came": 1, "stayed": 1}},
        },
        "shortfalls": {"per_subset": {"C": 1}, "per_difficulty": {"easy": 3}},
    }


def test_a_quota_of_none_keeps_none():
    assert not select([row(1)], per_subset={"A": 0}).kept
    assert not select([], per_subset={"A": 3}).kept


ROWS = st.lists(
    st.tuples(st.sampled_from(SUBSETS), st.sampled_from(LEVELS), st.booleans()), max_size=14
)


def quotas(names):
    return st.dictionaries(st.sampled_from(names), st.integers(0, 5), max_size=3)


@settings(max_examples=150, deadline=None)
@given(ROWS, quotas(SUBSETS), quotas(LEVELS), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing_but_their_order(cells, per_subset, per_level, random):
    rows = []
    for number, (subset, level, twice) in enumerate(cells):
        rows += both(number, subset, level)[: 1 + twice]
    section = {"per_subset": per_subset, "per_difficulty": per_level}
    outcome = select(rows, **section)
    mixed = list(rows)
    random.shuffle(mixed)
    other = select(mixed, **section)
    assert set(ids(other.kept)) == set(ids(outcome.kept))
    assert ids(other.kept) == [one.id for one in mixed if one.id in set(ids(outcome.kept))]
    assert other.facts == outcome.facts
    assert sorted(ids(other.rejected)) == sorted(ids(outcome.rejected))


def most_possible(cells, per_subset, per_level):
    """By trying all counts of each cell."""
    counts = Counter(cells)
    best = 0
    for taken in itertools.product(*(range(count + 1) for count in counts.values())):
        subsets, levels = Counter(), Counter()
        for (subset, level), count in zip(counts, taken, strict=True):
            subsets[subset] += count
            levels[level] += count
        fits = all(subsets[name] <= most for name, most in per_subset.items())
        if fits and all(levels[name] <= most for name, most in per_level.items()):
            best = max(best, sum(taken))
    return best


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(SUBSETS), st.sampled_from(LEVELS)), max_size=11),
    quotas(SUBSETS),
    quotas(LEVELS),
)
def test_no_other_choice_would_keep_more_and_no_quota_is_passed(cells, per_subset, per_level):
    questions = {str(number): cell for number, cell in enumerate(cells)}
    chosen = within_quotas(questions, per_subset, per_level)
    taken = [questions[one] for one in chosen]
    assert all(sum(c[0] == name for c in taken) <= most for name, most in per_subset.items())
    assert all(sum(c[1] == name for c in taken) <= most for name, most in per_level.items())
    assert len(chosen) == most_possible(cells, per_subset, per_level)


def test_wishes_that_contradict_each_other_are_refused():
    with pytest.raises(ValueError, match="give the least first"):
        pipeline(question_tokens=[9, 3])
    with pytest.raises(ValueError, match="quota of 'easy', but `difficulty` keeps only hard"):
        pipeline(difficulty=["hard"], per_difficulty={"easy": 3})
    with pytest.raises(ValueError, match=r"select\.per_subset names 'D'"):
        pipeline(per_subset={"D": 1})
    with pytest.raises(ValueError, match="select"):
        SelectStage(pipeline().model_copy(update={"select": None}))
