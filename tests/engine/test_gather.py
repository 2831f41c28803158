"""Taking in seeds: all subsets, in order, limited for a preview; every missing source is named."""

import pytest

from kodgen.engine.gather import gather
from kodgen.errors import InputError
from kodgen.pipeline.file import read_pipeline
from tests.building import jsonl, pipeline_file


def subsets(*names):
    return [
        {"name": name, "method": "snippet", "seeds": {"path": f"{name}.jsonl"}} for name in names
    ]


def test_draws_of_all_subsets_in_the_pipeline_s_order(tmp_path):
    for name in ("B", "A"):
        jsonl(tmp_path / f"{name}.jsonl", [{"text": f"{name}{n}"} for n in range(3)])
    pipeline = read_pipeline(pipeline_file(tmp_path, "http://x/v1", subsets=subsets("B", "A")))
    outcome = gather(pipeline)
    assert [draw.subset for draw in outcome.kept] == ["B"] * 3 + ["A"] * 3
    assert [draw.subset for draw in gather(pipeline, limit=1).kept] == ["B", "A"]
    assert gather(pipeline, limit=1).kept[0] == outcome.kept[0]


def test_every_missing_source_is_named_at_once(tmp_path):
    jsonl(tmp_path / "A.jsonl", [{"text": "x"}])
    names = ("A", "B", "C")
    pipeline = read_pipeline(pipeline_file(tmp_path, "http://x/v1", subsets=subsets(*names)))
    with pytest.raises(InputError) as caught:
        gather(pipeline)
    assert "subset 'B'" in str(caught.value)
    assert "subset 'C'" in str(caught.value)
    assert "subset 'A'" not in str(caught.value)
