import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kodgen.config import Subset, TableSource
from kodgen.errors import ConfigError
from kodgen.records import Seed, SeedKind, seed_id
from kodgen.seeds.draw import draw

SOURCE = TableSource(path=Path("unused.jsonl"))


def subset(method: str = "snippet", **options: Any) -> Subset:
    return Subset.model_validate({"name": "s", "method": method, "seeds": SOURCE, **options})


def seed(text: str, kind: SeedKind = "snippet", terms: str = "MIT", origin: str = "o") -> Seed:
    return Seed(
        id=seed_id("s", kind, text),
        source="s",
        kind=kind,
        text=text,
        license=terms,
        origin=origin,
    )


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
    there, back = draw(options, rows, 0), draw(options, rows[::-1], 0)
    assert [(d.id, d.seeds[0].license) for d in there] == [(d.id, d.seeds[0].license) for d in back]
    same = [d for d in there if d.seeds[0].text == "q"]
    assert [(d.sample, d.seeds[0].license) for d in same] == [(0, "0BSD"), (1, "MIT"), (2, "MIT")]
    assert len({d.id for d in there}) == 4


def test_prefill_needs_no_seeds() -> None:
    options = Subset(name="p", method="prefill", count=3)
    assert [(d.id, d.seeds) for d in draw(options, [], 0)] == [
        (f"question:p/prefill/none/{n}", ()) for n in range(3)
    ]


def test_no_seeds_no_questions() -> None:
    assert draw(subset(count=5), [], 0) == []


def test_a_hundred_thousand_seeds_are_drawn_at_once() -> None:
    assert len(draw(subset(count=120_000), seeds(100_000), 0)) == 120_000
