"""What of an audit stops a release."""

import pytest

from kodgen.engine.releasing.auditing import by_chance
from kodgen.engine.releasing.benchmarks import to_compare
from kodgen.engine.releasing.provenance import pathless

WHOLE = "question:a/snippet/0123456789ab/0_I"
PART = WHOLE + " (kodcode/train-00000-of-00001.parquet, row 1, trials.trial_0.solution_code)"


@pytest.mark.parametrize(
    ("row", "layers", "chance"),
    [
        (WHOLE, ["behaviour"], False),
        (PART, ["behaviour"], True),
        (PART, ["behaviour", "ngram"], False),
        (PART, ["exact"], False),
    ],
)
def test_only_an_attempt_does_by_chance_what_a_task_asks(row, layers, chance):
    assert by_chance({"id": row, "contamination_layers": layers}) is chance


def test_benchmarks_given_come_in_place_of_those_of_the_pipeline(tmp_path):
    (tmp_path / "mine.jsonl").write_text("{}\n")
    named = [
        {"name": "mine", "path": "mine.jsonl"},
        {"name": "mbpp", "hub": "google-research-datasets/mbpp", "revision": "abc"},
        {"name": "humaneval", "path": "gone.jsonl"},
    ]
    pipeline = {"decontaminate": {"benchmarks": named}}
    assert sorted(to_compare(pipeline, ["humaneval=he.jsonl"], tmp_path)) == [
        "humaneval=he.jsonl",
        "mbpp=hf:google-research-datasets/mbpp@abc",
        f"mine={tmp_path / 'mine.jsonl'}",
    ]


def test_settings_lose_the_folders_of_the_machine():
    given = {
        "path": "/home/maria/seeds.jsonl",
        "../data/a.jsonl": "~/x/y",
        "list": ["/srv/x/", "C:\\data\\b.csv", "a/b", 3, None],
        "prefix": "/\nnot a path",
    }
    assert pathless(given) == {
        "path": "seeds.jsonl",
        "../data/a.jsonl": "y",
        "list": ["x", "b.csv", "a/b", 3, None],
        "prefix": "/\nnot a path",
    }
