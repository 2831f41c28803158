"""The dataset folder: configs, splits, shards, and what a reader of Parquet finds."""

import random
import subprocess
import sys

import pyarrow.parquet as pq
import pytest
import yaml

from kodgen.config import Pipeline
from kodgen.engine.dataset import Rows, write_dataset
from kodgen.errors import ConfigError
from kodgen.formats.registry import FORMATS
from kodgen.formats.splits import side_of
from tests.formats.samples import completed, pair, response, trials, triplet


def pipeline(**changes):
    data = {
        "name": "small",
        "llm": {"backend": "recorded", "paths": ["c.jsonl"], "model": "m"},
        "subsets": [
            {"name": "A", "method": "given", "seeds": [{"type": "table", "path": "q.csv"}]}
        ],
    }
    return Pipeline.model_validate(data | changes)


def of(count):
    """That many questions, each in both styles."""

    def read():
        for number in range(count):
            question = f"question:A/given/x/{number}"
            one = triplet(question)
            yield one, trials(question)
            yield completed(one), trials(question)

    return Rows(read)


def table(folder, config, split="train"):
    files = sorted((folder / config).glob(f"{split}-*.parquet"))
    return [row for file in files for row in pq.read_table(file).to_pylist()]


def test_configs_and_counts(tmp_path):
    counts = write_dataset(tmp_path / "dataset", pipeline(), of(3))
    assert counts == {"kodcode": {"train": 6}, "trl_sft": {"train": 6}}
    assert len(table(tmp_path / "dataset", "kodcode")) == 6
    head = yaml.safe_load((tmp_path / "dataset" / "README.md").read_text().split("---")[1])
    assert [one["config_name"] for one in head["configs"]] == ["kodcode", "trl_sft"]
    assert [path.name for path in tmp_path.iterdir()] == ["dataset"]


def test_a_second_export_replaces_the_first(tmp_path):
    write_dataset(tmp_path / "dataset", pipeline(), of(3))
    write_dataset(tmp_path / "dataset", pipeline(export={"formats": ["trl_sft"]}), of(1))
    assert len(table(tmp_path / "dataset", "trl_sft")) == 2
    assert not (tmp_path / "dataset" / "kodcode").exists()


def test_all_rows_of_a_question_are_on_one_side(tmp_path):
    built = pipeline(export={"test_fraction": 0.25})
    counts = write_dataset(tmp_path / "dataset", built, of(400))
    sides = {
        split: {row["base_question_id"] for row in table(tmp_path / "dataset", "kodcode", split)}
        for split in ("train", "test")
    }
    assert not sides["train"] & sides["test"]
    assert len(sides["train"] | sides["test"]) == 400
    # Four standard deviations of a binomial of 400 at 0.25.
    assert 65 <= len(sides["test"]) <= 135
    assert counts["kodcode"]["test"] == 2 * len(sides["test"])


def test_files_are_bounded_and_say_how_many_there_are(tmp_path, monkeypatch):
    monkeypatch.setattr("kodgen.engine.shards.GROUP_ROWS", 20)
    built = pipeline(export={"formats": ["kodcode"], "shard_mb": 1})

    def read():
        for number in range(300):
            question = f"question:A/given/x/{number}"
            text = random.Random(number).randbytes(10_000).hex()
            yield triplet(question, question=text), trials(question)

    counts = write_dataset(tmp_path / "dataset", built, Rows(read))
    names = sorted(file.name for file in (tmp_path / "dataset" / "kodcode").iterdir())
    assert len(names) > 2
    assert names == [f"train-{n:05d}-of-{len(names):05d}.parquet" for n in range(len(names))]
    assert counts == {"kodcode": {"train": 300}}
    for name in names:
        assert (tmp_path / "dataset" / "kodcode" / name).stat().st_size < 1.5 * 2**20


def test_what_readers_of_parquet_find(tmp_path):
    write_dataset(tmp_path / "dataset", pipeline(), of(2000))
    (file,) = (tmp_path / "dataset" / "trl_sft").iterdir()
    metadata = pq.read_metadata(file)
    assert b"huggingface" not in (metadata.metadata or {})
    assert max(metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)) == 1000
    column = metadata.row_group(0).column(0)
    assert column.compression == "ZSTD"
    assert column.has_offset_index
    assert column.has_column_index


def test_the_same_rows_give_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        write_dataset(tmp_path / name, pipeline(), of(5))
    for path in (tmp_path / "one").rglob("*.parquet"):
        other = tmp_path / "two" / path.relative_to(tmp_path / "one")
        assert path.read_bytes() == other.read_bytes()


def answered(count):
    """As `of`, with one right and one wrong answer to each, and a pair of them."""

    def responses():
        for one, _ in of(count).triplets():
            yield one, [response(one, 0)], [response(one, 1, "failed")]

    def pairs():
        for one, _ in of(count).triplets():
            yield pair(one)

    return Rows(of(count).triplets, responses, pairs)


POSTTRAINED = {"respond": {}, "prefer": {}}


def test_every_format_and_its_files_are_written(tmp_path):
    built = pipeline(**POSTTRAINED, export={"formats": tuple(FORMATS)})
    counts = write_dataset(tmp_path / "dataset", built, answered(2))
    assert counts == {name: {"train": 8 if name == "trl_kto" else 4} for name in FORMATS}
    there = {str(path.relative_to(tmp_path / "dataset")) for path in tmp_path.rglob("*.*")}
    assert {
        "verl_rl/reward_kodgen.py",
        "llama_factory_sft/dataset_info.json",
        "environments/kodgen_v1/kodgen_v1/taskset.py",
        "training/trl_sft.yaml",
        "training/llama_factory_sft_sweep.yaml",
    } <= there
    assert not [path for path in there if path.endswith(".draft")]


def test_right_answers_are_what_is_trained_on_where_there_are_any(tmp_path):
    write_dataset(tmp_path / "dataset", pipeline(respond={}), answered(1))
    said = [row["messages"][1]["content"] for row in table(tmp_path / "dataset", "trl_sft")]
    assert said == [f"<think>\nSum them.\n</think>\n\n{response(triplet()).answer}"] * 2


def test_wrong_answers_of_questions_in_the_test_split_are_nowhere(tmp_path):
    def responses():
        for one, _ in of(200).triplets():
            yield one, [], [response(one, 0, "failed")]

    built = pipeline(respond={}, export={"formats": ["kodcode_sft"], "test_fraction": 0.5})
    counts = write_dataset(tmp_path / "dataset", built, Rows(of(200).triplets, responses))
    wrong = table(tmp_path / "dataset", "kodcode_sft", "incorrect")
    assert counts == {"kodcode_sft": {"incorrect": len(wrong)}}
    assert all(side_of(0, row["base_question_id"], 0.5) == "train" for row in wrong)
    assert 140 <= len(wrong) <= 260


def test_a_config_without_rows_is_left_out_of_the_card(tmp_path, caplog):
    built = pipeline(prefer={}, export={"formats": ["trl_dpo", "kodcode"]})
    counts = write_dataset(
        tmp_path / "dataset", built, Rows(of(1).triplets, pairs=lambda: iter(()))
    )
    assert counts == {"trl_dpo": {}, "kodcode": {"train": 2}}
    head = yaml.safe_load((tmp_path / "dataset" / "README.md").read_text().split("---")[1])
    (only,) = head["configs"]
    assert (only["config_name"], only["default"]) == ("kodcode", True)
    assert "trl_dpo has no row" in caplog.text


def test_a_format_that_nothing_is_made_for_is_told_before_anything_is_written(tmp_path):
    with pytest.raises(ConfigError, match="section `prefer`"):
        write_dataset(tmp_path / "dataset", pipeline(export={"formats": ["trl_dpo"]}), of(1))
    assert not list(tmp_path.iterdir())


MEASURE = """
import resource, sys, tempfile
from pathlib import Path
from tests.engine.test_dataset import POSTTRAINED, answered, pipeline, write_dataset
from kodgen.engine import shards

shards.GROUP_ROWS = 200
with tempfile.TemporaryDirectory() as place:
    formats = ("kodcode", "kodcode_sft", "trl_dpo", "alpaca")
    built = pipeline(**POSTTRAINED, export={"formats": formats, "shard_mb": 1})
    write_dataset(Path(place) / "dataset", built, answered(int(sys.argv[1])))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def peak(questions):
    """Peak memory in MiB of a process that exports that many questions in every format."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(questions)], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


def test_memory_does_not_grow_with_rows():
    # The records alone of these 3,200 questions take 57 MiB.
    assert peak(3600) - peak(400) < 20
