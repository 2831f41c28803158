from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from kodgen.config import (
    Benchmark,
    Bounds,
    ContaminationPolicy,
    Decontaminate,
    FolderSource,
    Pipeline,
    Sampling,
    Sandbox,
    Subset,
    TableSource,
    attempts_of,
)


def subset(**more: Any) -> dict[str, Any]:
    return {"name": "A", "method": "snippet", "seeds": {"path": "a.jsonl"}} | more


def pipeline(**more: Any) -> Pipeline:
    values: dict[str, Any] = {
        "name": "run",
        "llm": {"backend": "recorded", "paths": ["c.jsonl"]},
        "subsets": [subset()],
    }
    return Pipeline.model_validate(values | more)


def test_a_source_is_a_table_unless_it_says_folder() -> None:
    (table,) = Subset.model_validate(subset()).seeds
    (folder,) = Subset.model_validate(subset(seeds={"type": "folder", "path": "d"})).seeds
    assert isinstance(table, TableSource)
    assert isinstance(folder, FolderSource)
    assert Subset.model_validate(subset(seeds=folder)).seeds == (folder,)


def test_a_subset_may_have_several_sources() -> None:
    made = Subset.model_validate(subset(seeds=[{"path": "a.csv"}, {"type": "folder", "path": "d"}]))
    assert [source.type for source in made.seeds] == ["table", "folder"]
    with pytest.raises(ValidationError) as caught:
        Subset.model_validate(subset(seeds=[{"path": "a.csv"}, {"path": "b.csv", "wieght": 2}]))
    assert [error["loc"] for error in caught.value.errors()] == [("seeds", 1, "table", "wieght")]


def test_a_wrong_source_is_reported_for_its_own_kind_alone() -> None:
    with pytest.raises(ValidationError) as caught:
        Subset.model_validate(subset(seeds={"type": "folder", "path": "d", "licence": "MIT"}))
    assert [error["loc"] for error in caught.value.errors()] == [("seeds", "folder", "licence")]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"seeds": None}, "expected a mapping of keys"),
        ({"seeds": {"type": "floder", "path": "d"}}, "unknown kind"),
        ({"count": 3, "weight": 1}, "`count` or `weight`, not both"),
        ({"weight": 0}, "greater than 0"),
        ({"duplicates": "none"}, "'all' or 'subset'"),
        ({"name": "a b"}, "pattern"),
        ({"count": 0}, "greater than or equal to 1"),
    ],
)
def test_a_subset_that_makes_no_sense_is_refused(more: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Subset.model_validate(subset(**more))


def test_weights_share_questions_and_questions_need_weights() -> None:
    with pytest.raises(ValidationError, match="'A' has a `weight`: say of how many `questions`"):
        pipeline(subsets=[subset(weight=1)])
    with pytest.raises(ValidationError, match="`questions` are shared by `weight`, but no subset"):
        pipeline(questions=10)
    assert pipeline(questions=10, subsets=[subset(weight=1)]).questions == 10


def test_one_model_s_name_means_one_section() -> None:
    section = {"backend": "openai", "model": "m", "base_url": "http://127.0.0.1:1/v1"}
    two = [subset(llms=[section]), subset(name="B", llms=[{**section, "timeout_seconds": 5}])]
    with pytest.raises(ValidationError, match=r"two different sections that write.*'m'"):
        pipeline(subsets=two)


def test_a_benchmark_has_one_place_at_most() -> None:
    with pytest.raises(ValidationError, match="`path` or `hub`, not both"):
        Benchmark.model_validate({"name": "B", "path": "a.jsonl", "hub": "org/set"})


def test_a_bound_of_a_layer_that_no_build_applies_is_refused() -> None:
    policy = ContaminationPolicy(behaviour=Bounds(contaminated=0.5))
    with pytest.raises(ValidationError, match=r"`policy.behaviour` does nothing in a build"):
        Decontaminate(policy=policy)
    # As it is read from a manifest, where everything is written out.
    whole = Decontaminate().model_dump()
    assert Decontaminate.model_validate(whole) == Decontaminate()


def test_subsets_have_names_of_their_own() -> None:
    with pytest.raises(ValidationError, match="two subsets are named 'A'"):
        pipeline(subsets=[subset(), subset()])


def test_a_subset_may_override_attempts_one_by_one() -> None:
    made = pipeline(
        subsets=[subset(), subset(name="B", budget={"hard": 20, "probe": 2})],
        solve={"probe": 3, "budget": {"easy": 4}},
    )
    assert attempts_of(made, "A") == {"probe": 3, "easy": 4, "medium": 5, "hard": 10}
    assert attempts_of(made, "B") == {"probe": 2, "easy": 4, "medium": 5, "hard": 20}
    with pytest.raises(KeyError):
        attempts_of(made, "C")


def test_a_budget_below_the_probe_is_refused_and_named() -> None:
    with pytest.raises(ValidationError, match=r"subset 'A': budget\.easy is 3, but probe makes 4"):
        pipeline(solve={"probe": 4})


def test_an_infinite_number_is_refused() -> None:
    with pytest.raises(ValidationError, match="finite"):
        Sampling(temperature=float("nan"))


def test_the_clock_is_wider_than_cpu_time_unless_set() -> None:
    assert Sandbox(cpu_seconds=7).wall_limit == 42
    assert Sandbox(cpu_seconds=7, wall_seconds=9).wall_limit == 9


def test_paths_start_from_the_pipeline_file(tmp_path: Path) -> None:
    placed = pipeline().at(tmp_path)
    assert placed.resolve(Path("a.jsonl")) == tmp_path / "a.jsonl"
    assert placed.resolve(tmp_path / "b") == tmp_path / "b"


def test_every_key_says_what_it_is_for() -> None:
    def models_below(model: type[BaseModel]) -> set[type[BaseModel]]:
        found = {model}
        for child in model.__subclasses__():
            found |= models_below(child)
        return found

    sections = models_below(Pipeline.__mro__[1])
    silent = [
        f"{section.__name__}.{name}"
        for section in sections
        for name, field in section.model_fields.items()
        if not field.description
    ]
    assert len(sections) > 10
    assert silent == []
