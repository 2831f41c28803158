import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kodgen.config import Subset, TableSource
from kodgen.errors import ConfigError
from kodgen.records import Draw, Seed, SeedKind
from kodgen.seeds.draw import draw
from tests import specimens

SOURCE = TableSource(path=Path("unused.jsonl"))


def subset(method: str = "snippet", **options: Any) -> Subset:
    return Subset.model_validate({"name": "s", "method": method, "seeds": SOURCE, **options})


def seed(
    text: str,
    kind: SeedKind = "snippet",
    terms: str = "MIT",
    origin: str = "o",
    source: str = "s",
    weight: float = 1,
) -> Seed:
    return specimens.seed(text, source, kind, license=terms, origin=origin, weight=weight)


def seeds(number: int) -> list[Seed]:
    return [seed(f"text {n}") for n in range(number)]


def test_one_question_per_seed_if_nothing_is_said() -> None:
    drawn = draw(subset(), seeds(20), 0)
    assert Counter(d.seeds[0].text for d in drawn) == {f"text {n}": 1 for n in range(20)}
    assert {d.sample for d in drawn} == {0}
    assert drawn[0].id == f"question:s/snippet/{drawn[0].seeds[0].id.rsplit('/', 1)[-1]}/0"


def test_order_of_the_source_changes_nothing() -> None:
    shuffled = seeds(50)
    random.Random(1).shuffle(shuffled)
    options = subset(count=70, shots=3)
    assert draw(options, seeds(50), 5) == draw(options, shuffled, 5)


def test_run_seed_changes_what_is_drawn() -> None:
    drawn = [[d.id for d in draw(subset(count=5), seeds(50), run)] for run in (1, 2)]
    assert drawn[0] != drawn[1]


def test_further_passes_have_an_order_of_their_own_and_count_samples() -> None:
    drawn = draw(subset(count=25), seeds(10), 0)
    passes = [[d.seeds[0].id for d in drawn[n : n + 10]] for n in (0, 10, 20)]
    assert set(passes[0]) == set(passes[1])
    assert passes[0] != passes[1]
    assert len(set(passes[2])) == 5
    assert [d.sample for d in drawn] == [0] * 10 + [1] * 10 + [2] * 5


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 12), st.integers(1, 5), st.integers(1, 60), st.integers(0, 2**31 - 1))
def test_every_group_is_distinct_seeds_evenly_used(
    number: int, shots: int, count: int, run_seed: int
) -> None:
    if shots > number:
        with pytest.raises(ConfigError, match="lower `shots`"):
            draw(subset(count=count, shots=shots), seeds(number), run_seed)
        return
    drawn = draw(subset(count=count, shots=shots), seeds(number), run_seed)
    assert len(drawn) == count
    assert len({d.id for d in drawn}) == count
    for d in drawn:
        assert len({s.id for s in d.seeds}) == shots
    used = Counter(s.id for d in drawn for s in d.seeds)
    most, least = max(used.values()), min(used.get(s.id, 0) for s in seeds(number))
    # Without replacement within a pass; a question that straddles two passes may take a seed of
    # the next one early, never twice.
    assert most - least <= 2


def test_given_questions_are_taken_once_each_whatever_their_order() -> None:
    options = subset("given")
    rows = [seed("q", "instruction", lic, f"q:{n}") for n, lic in enumerate(["MIT", "0BSD", "MIT"])]
    rows.append(seed("other", "instruction"))
    rows.append(seed("q", "instruction", "0BSD", "q:9", source="second"))
    there, back = draw(options, rows, 0, once=True), draw(options, rows[::-1], 0, once=True)
    assert [(d.id, d.seeds[0].license) for d in there] == [(d.id, d.seeds[0].license) for d in back]
    same = [d for d in there if d.seeds[0].text == "q"]
    assert [(d.sample, d.seeds[0].license) for d in same] == [
        (0, "0BSD"),
        (1, "MIT"),
        (2, "MIT"),
        (3, "0BSD"),
    ]
    assert len({d.id for d in there}) == 5


def test_prefill_needs_no_seeds() -> None:
    options = Subset(name="p", method="prefill", count=3)
    assert [(d.id, d.seeds) for d in draw(options, [], 0)] == [
        (f"question:p/prefill/none/{n}", ()) for n in range(3)
    ]


def test_texts_that_two_sources_share_are_drawn_once() -> None:
    rows = [*seeds(10), *(seed(f"text {n}", source="second", terms="0BSD") for n in range(15))]
    drawn = draw(subset(), rows, 0)
    assert Counter(d.seeds[0].text for d in drawn) == {f"text {n}": 1 for n in range(15)}
    assert {d.seeds[0].license for d in drawn} == {"0BSD"}
    assert draw(subset(), rows[::-1], 0) == drawn


def test_a_count_given_goes_before_the_subset_s_own() -> None:
    assert len(draw(subset(count=3), seeds(9), 0, count=7)) == 7
    assert draw(subset(), seeds(9), 0, count=4) == draw(subset(count=4), seeds(9), 0)


WEIGHTS = (1.0, 2.0, 4.0, 8.0)


def weighed(number: int) -> list[Seed]:
    return [seed(f"text {n}", weight=WEIGHTS[n % len(WEIGHTS)]) for n in range(number)]


def test_equal_weights_of_any_size_draw_as_none_do() -> None:
    heavy = [s.model_copy(update={"weight": 0.3}) for s in seeds(50)]
    plain = draw(subset(count=120), seeds(50), 3)
    assert [d.id for d in draw(subset(count=120), heavy, 3)] == [d.id for d in plain]


def test_the_first_drawn_is_each_seed_by_its_share_of_the_weights() -> None:
    first = Counter(
        draw(subset(count=1), weighed(4), run)[0].seeds[0].weight for run in range(3000)
    )
    for weight in WEIGHTS:
        # Five standard deviations of a binomial share of 3000 are below 0.05.
        assert first[weight] / 3000 == pytest.approx(weight / sum(WEIGHTS), abs=0.05)


def test_heavy_seeds_come_early_and_every_one_comes_once_a_pass() -> None:
    drawn = [d.seeds[0] for d in draw(subset(count=400), weighed(200), 0)]
    for begin in (0, 200):
        assert len({s.id for s in drawn[begin : begin + 200]}) == 200
    early = Counter(s.weight for s in drawn[:60])
    assert early[8.0] > early[4.0] > early[1.0]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0.01, 1e6), min_size=2, max_size=20), st.randoms(use_true_random=False))
def test_weighted_draws_do_not_depend_on_the_order_of_seeds(
    weights: list[float], shuffle: random.Random
) -> None:
    rows = [seed(f"text {n}", weight=weight) for n, weight in enumerate(weights)]
    shuffled = rows[:]
    shuffle.shuffle(shuffled)
    options = subset(count=2 * len(rows), shots=2)
    assert draw(options, rows, 1) == draw(options, shuffled, 1)


VARIANTS = ("harder", "broader", "stranger")


def models(*names: str) -> list[dict[str, Any]]:
    return [{"backend": "recorded", "model": name, "paths": ["x.jsonl"]} for name in names]


def ways(drawn: list[Draw]) -> dict[str, tuple[str, str]]:
    return {d.id: (d.variant, d.model) for d in drawn}


def test_a_method_without_variants_and_a_subset_without_models_say_nothing() -> None:
    assert set(ways(draw(subset(), seeds(3), 0)).values()) == {("", "")}


def test_variants_and_models_are_spread_evenly_over_seeds() -> None:
    options = subset(llms=models("a", "b"))
    drawn = draw(options, seeds(1200), 0, variants=VARIANTS)
    met = Counter(ways(drawn).values())
    assert set(met) == {(variant, model) for variant in VARIANTS for model in "ab"}
    assert all(130 < number < 270 for number in met.values())


def test_further_samples_of_one_seed_take_the_next_variant_then_the_next_model() -> None:
    drawn = draw(subset(count=60, llms=models("a", "b")), seeds(10), 0, variants=VARIANTS)
    for text in {d.seeds[0].text for d in drawn}:
        own = [(d.variant, d.model) for d in drawn if d.seeds[0].text == text]
        assert len(set(own)) == 6
        assert [one[0] for one in own[:3]] == [one[0] for one in own[3:]]


def test_how_a_question_is_written_stays_when_seeds_are_added() -> None:
    options = subset(llms=models("a", "b", "c"))
    few = ways(draw(options, seeds(40), 0, variants=VARIANTS))
    many = ways(draw(options, seeds(90), 7, variants=VARIANTS))
    assert {name: many[name] for name in few} == few


def test_a_subset_s_own_variants_are_the_only_ones() -> None:
    drawn = draw(subset(variants=["broader"]), seeds(5), 0, variants=VARIANTS)
    assert {d.variant for d in drawn} == {"broader"}


def test_without_seeds_models_and_variants_take_turns() -> None:
    options = Subset.model_validate(
        {"name": "m", "method": "magpie", "count": 8, "llms": models("a", "b")}
    )
    assert [d.model for d in draw(options, [], 0)] == ["a", "b"] * 4
    both = [(d.variant, d.model) for d in draw(options, [], 0, variants=("x", "y"))]
    assert both[:4] == [("x", "a"), ("y", "a"), ("x", "b"), ("y", "b")]
    assert both[4:] == both[:4]


def test_no_seeds_no_questions() -> None:
    assert draw(subset(count=5), [], 0) == []


def test_a_hundred_thousand_seeds_are_drawn_at_once() -> None:
    assert len(draw(subset(count=120_000), seeds(100_000), 0)) == 120_000
