"""Each text of a subset is one seed, whichever of its sources it comes from."""

from pathlib import Path
from typing import Any

import pytest

from kodgen.config import Pipeline
from kodgen.engine.gather import gather
from kodgen.errors import InputError
from kodgen.records import Seed
from kodgen.seeds.pool import pooled
from tests import specimens
from tests.building import jsonl


def seed(text: str, source: str, terms: str = "MIT", origin: str = "o") -> Seed:
    return specimens.seed(text, source, license=terms, origin=origin)


def test_of_one_text_in_two_sources_one_seed_stays_and_the_other_says_which() -> None:
    first, second = seed("x", "a", "MIT", "a.jsonl:1"), seed("x", "b", "0BSD", "b.jsonl:7")
    other = seed("y", "a")
    kept, rejected = pooled([first, second, other])
    assert {one.id for one in kept} == {second.id, other.id}
    (double,) = rejected
    assert (double.id, double.stage, double.reason) == (first.id, "seeds", "duplicate_seed")
    assert double.evidence == "a a.jsonl:1: the same text as b b.jsonl:7, which is kept"
    assert Seed.model_validate_json(double.row) == first


def test_the_order_of_seeds_decides_nothing() -> None:
    rows = [seed(text, source, terms) for text in "xyz" for source in "ab" for terms in ("B", "A")]
    assert pooled(rows) == pooled(rows[::-1])
    kept, rejected = pooled(rows)
    assert (len(kept), len(rejected)) == (3, 9)
    assert {(one.source, one.license) for one in kept} == {("a", "A")}


def taking_in(folder: Path, method: str, **more: Any) -> Pipeline:
    sources = [{"path": f"{name}.jsonl", "name": name} for name in ("first", "second")]
    subset = {"name": "S", "method": method, "seeds": sources, **more}
    recorded = {"backend": "recorded", "paths": ["c.jsonl"]}
    return Pipeline.model_validate({"name": "n", "llm": recorded, "subsets": [subset]}).at(folder)


def test_a_text_of_two_sources_is_one_question_and_a_rejected_row(tmp_path: Path) -> None:
    jsonl(tmp_path / "first.jsonl", [{"text": "x"}, {"text": "y"}])
    jsonl(tmp_path / "second.jsonl", [{"text": "y"}, {"text": "z"}])
    outcome = gather(taking_in(tmp_path, "snippet"))
    assert len({draw.id for draw in outcome.kept}) == len(outcome.kept) == 3
    (double,) = outcome.rejected
    assert double.reason == "duplicate_seed"
    assert double.evidence.startswith("second second.jsonl:1: the same text as first first.jsonl:2")
    # The user's own questions all pass: choosing among equal ones is a later stage's work.
    given = gather(taking_in(tmp_path, "given"))
    assert len({draw.id for draw in given.kept}) == len(given.kept) == 4
    assert given.rejected == ()


def test_a_missing_source_is_told_before_what_follows_from_it(tmp_path: Path) -> None:
    jsonl(tmp_path / "first.jsonl", [{"text": "x"}])
    with pytest.raises(InputError, match=r"subset 'S': .*second\.jsonl"):
        gather(taking_in(tmp_path, "assessment", shots=2))
