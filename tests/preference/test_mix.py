from collections import Counter

import pytest

from kodgen.preference.mix import order, quotas, trimmed
from kodgen.records import Pair


def pair(criterion: str, number: int) -> Pair:
    return Pair(
        id=f"q{number}/pair/{criterion}/0",
        triplet_id=f"q{number}",
        question_id=f"q{number}",
        subset="s",
        style="instruct",
        question="?",
        chosen="a",
        rejected="b",
        chosen_id="1",
        rejected_id="2",
        criterion=criterion,
        margin=1,
        difficulty="easy",
        licenses=(),
    )


def test_questions_draw_their_criterion_by_weight() -> None:
    weights = {"correctness": 0.5, "runtime": 0.3, "length": 0.2}
    drawn = [order(weights, 7, f"q{n}") for n in range(5000)]
    first = Counter(names[0] for names in drawn)
    for name, weight in weights.items():
        assert first[name] / 5000 == pytest.approx(weight, abs=0.02)
    after = Counter(names[1] for names in drawn if names[0] == "correctness")
    assert after["runtime"] / after.total() == pytest.approx(0.6, abs=0.03)
    assert order(dict(reversed(weights.items())), 7, "q1") == drawn[1]
    assert [order(weights, 8, f"q{n}") for n in range(50)] != drawn[:50]


def test_quotas_are_in_proportion() -> None:
    even = {"correctness": 1.0, "runtime": 1.0}
    assert quotas({"correctness": 100, "runtime": 30}, even) == {"correctness": 30, "runtime": 30}
    assert quotas({"correctness": 7, "runtime": 0}, even) == {"correctness": 7}
    assert quotas({"correctness": 90, "runtime": 30}, {"correctness": 3, "runtime": 1}) == {
        "correctness": 90,
        "runtime": 30,
    }
    assert quotas({}, even) == {}


def test_what_is_too_many_goes_whatever_the_order() -> None:
    pairs = [pair("correctness", n) for n in range(40)] + [
        pair("runtime", n) for n in range(50, 60)
    ]
    kept = trimmed(pairs, {"correctness": 0.5, "runtime": 0.5}, 3)
    assert len(kept) == 20
    assert sum("runtime" in name for name in kept) == 10
    assert trimmed(pairs[::-1], {"correctness": 0.5, "runtime": 0.5}, 3) == kept
    assert trimmed(pairs, {"correctness": 0.5, "runtime": 0.5}, 4) != kept
