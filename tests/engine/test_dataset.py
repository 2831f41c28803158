"""The dataset folder: configs, splits, shards, and what a reader of Parquet finds."""

import random

import pyarrow.parquet as pq
import yaml

from kodgen.config import Pipeline
from kodgen.engine.dataset import Rows, read_verified, write_dataset
from kodgen.engine.store.tables import ParquetSink, arrow_schema
from kodgen.records import Trial, Triplet
from tests.formats.samples import completed, trials, triplet


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


def test_attempts_go_to_both_styles_of_their_question(tmp_path):
    folder, solved = tmp_path / "later", tmp_path / "solve"
    folder.mkdir()
    solved.mkdir()
    kept = ParquetSink(folder / "kept.parquet", arrow_schema(Triplet))
    tried = ParquetSink(solved / "trials.parquet", arrow_schema(Trial))
    questions = [f"question:A/given/x/{n}" for n in range(3)]
    for question in questions:
        for one in trials(question):
            tried.add(one.model_dump(mode="json"))
    # The second question was rejected on the way.
    for one in (triplet(questions[0]), completed(triplet(questions[0])), triplet(questions[2])):
        kept.add(one.model_dump(mode="json"))
    kept.close()
    tried.close()
    read = list(read_verified(folder, solved))
    assert [one.id for one, _ in read] == [questions[0], f"{questions[0]}_C", questions[2]]
    for one, attempts in read:
        assert [attempt.question_id for attempt in attempts] == [one.question_id] * 3
