"""Whole releases of small runs: what comes out, and what stops them."""

import hashlib
import json

import pyarrow.parquet as pq
import pytest
import yaml

from kodgen.config import Release
from kodgen.engine.releasing.opening import open_run
from kodgen.errors import ConfigError, InputError, ReleaseStopped, RunDirectoryError
from tests.engine.releasing.runs import BENCHMARK, ROWS, SmallRun, released

TOKEN = "hf_" + "aB3" * 12


def files(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    formats = ["kodcode", "trl_sft", "kodcode_sft", "trl_dpo", "verl_rl"]
    folder = tmp_path_factory.mktemp("run") / "crates"
    return SmallRun(formats=formats, answers=True).write(folder)


@pytest.fixture(scope="module")
def done(run):
    return released(run)


def test_the_folder_holds_all_that_a_release_has(run, done):
    result, said = done
    assert result.folder == run / "release"
    assert result.license == "MIT"
    assert result.reverified == ROWS
    assert set(result.rows) == {"kodcode", "trl_sft", "kodcode_sft", "trl_dpo", "verl_rl"}
    found = set(files(result.folder))
    assert found >= {
        "README.md",
        "LICENSE",
        "CITATION.cff",
        "croissant.json",
        "audit/report.json",
        "audit/index.html",
        "audit/rows.parquet",
        "dedup/clusters.parquet",
        "provenance/pipeline.yaml",
        "provenance/manifest.json",
        "provenance/ids.parquet",
        "provenance/sha256.txt",
        "verl_rl/reward_kodgen.py",
    }
    assert said[-1].startswith("the folder passed every check")


def test_the_card_says_what_the_files_hold(done):
    card = (done[0].folder / "README.md").read_text()
    head = yaml.safe_load(card.split("---\n")[1])
    assert head["license"] == "mit"
    assert head["size_categories"] == ["n<1K"]
    assert "synthetic" in head["tags"]
    info = {one["config_name"]: one for one in head["dataset_info"]}
    for config, splits in done[0].rows.items():
        said = {one["name"]: one["num_examples"] for one in info[config]["splits"]}
        assert said == dict(splits)
        (file,) = (done[0].folder / config).glob("train-*.parquet")
        names = pq.read_schema(file).names
        assert [one["name"] for one in info[config]["features"]] == names
        assert info[config]["download_size"] == file.stat().st_size
    assert "[More Information Needed]" not in card
    for heading in ("Motivation", "Composition", "Collection", "Uses", "Distribution"):
        assert f"## {heading}" in card
    assert "Qwen licences" in card
    assert "DeepSeek-R1" in card


def test_manifest_checksums_and_ids_agree_with_the_files(done):
    folder = done[0].folder
    manifest = json.loads((folder / "provenance/manifest.json").read_text())
    assert manifest["rows"] == {config: dict(of_it) for config, of_it in done[0].rows.items()}
    assert manifest["licences"] == {"MIT": ROWS}
    ids = pq.read_table(folder / "provenance/ids.parquet").to_pylist()
    assert len({(row["config"], row["id"]) for row in ids}) == len(ids)
    assert len(ids) == sum(sum(of_it.values()) for of_it in manifest["rows"].values())
    listed = dict(
        reversed(line.split("  "))
        for line in (folder / "provenance/sha256.txt").read_text().splitlines()
    )
    contents = files(folder)
    del contents["provenance/sha256.txt"]
    assert listed == {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()}


def test_croissant_names_every_file_of_rows_by_its_digest(done):
    folder = done[0].folder
    said = json.loads((folder / "croissant.json").read_text())
    assert said["rai:hasSyntheticData"] is True
    contents = files(folder)
    objects = [one for one in said["distribution"] if one.get("contentUrl") in contents]
    assert len(objects) == len(done[0].rows)
    for one in objects:
        assert one["sha256"] == hashlib.sha256(contents[one["@id"]]).hexdigest()
    assert {one["name"] for one in said["recordSet"]} == set(done[0].rows)


def test_no_text_of_a_benchmark_goes_out(done):
    folder = done[0].folder
    assert "pairs" not in json.loads((folder / "audit/report.json").read_text())
    assert b"lighthouses" not in b"".join(files(folder).values())
    assert "evidence" not in pq.read_schema(folder / "audit/rows.parquet").names


def test_the_same_run_gives_the_same_bytes(run, done, tmp_path):
    again, _ = released(run, output=tmp_path / "again")
    assert files(again.folder) == files(done[0].folder)


def test_an_audit_of_the_same_texts_is_taken_and_one_of_others_is_not(run, done, tmp_path):
    assert done
    taken, _ = released(run, audit=run / "release.audit", output=tmp_path / "taken", reverify=0)
    assert files(taken.folder) == files(done[0].folder)
    other = SmallRun().write(tmp_path / "other")
    with pytest.raises(ReleaseStopped, match="is of other bytes"):
        released(other, audit=run / "release.audit")


def test_answers_are_audited_too(run, done):
    assert done
    texts = pq.read_table(run / "release.audit" / "texts.parquet").to_pylist()
    assert (
        sum(" about " in row["question"] or "shop sells" in row["question"] for row in texts)
        == ROWS
    )
    assert any("dividing and rounding up" in row["question"] for row in texts)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"questions": {3: f"Use {TOKEN} to log in. Write `crates_delta(pieces)`."}},
            "Hugging Face token",
        ),
        (
            {
                "solutions": {
                    3: "# /home/maria/crates.py\ndef crates_delta(p):\n    return -(-p // 5)\n"
                }
            },
            "home",
        ),
        ({"questions": {3: "Ask maria.lopez@posteo.de. Write `crates_delta(pieces)`."}}, "e-mail"),
        ({"licenses": {3: "GPL-3.0-only"}}, "GPL-3.0-only wants its own terms"),
        ({"licenses": {3: "unknown"}}, "the licence of a seed is unknown"),
        ({"licenses": {3: "CC-BY-ND-4.0"}}, "allows no changed versions"),
    ],
)
def test_what_must_not_go_out_stops_the_release_and_the_row_is_named(tmp_path, changes, said):
    small = SmallRun(**changes)
    run = small.write(tmp_path / "crates")
    with pytest.raises(ReleaseStopped) as stopped:
        released(run)
    told = str(stopped.value)
    assert said in told
    assert small.id(3) in told
    assert not any(small.id(number) in told for number in range(ROWS) if number != 3)
    assert TOKEN not in told
    assert not (run / "release").exists()
    assert small.id(3) in (run / "release.stopped.json").read_text()


def test_a_benchmarks_question_stops_the_release(tmp_path):
    task = json.loads(BENCHMARK.read_text().splitlines()[0])
    small = SmallRun(questions={5: task["text"]})
    with pytest.raises(ReleaseStopped, match="benchmark text in rows") as stopped:
        released(small.write(tmp_path / "crates"))
    assert small.id(5) in str(stopped.value)
    assert "sample-tasks/sample/0" in str(stopped.value)


def test_a_row_that_fails_now_stops_the_release(tmp_path):
    wrong = "def crates_cedar(pieces):\n    return pieces // 4\n"
    small = SmallRun(solutions={2: wrong})
    with pytest.raises(ReleaseStopped, match="do not pass their tests now") as stopped:
        released(small.write(tmp_path / "crates"))
    assert small.id(2) in str(stopped.value)


def test_rows_left_out_and_reasons_given_clear_the_way(tmp_path):
    small = SmallRun(
        licenses={1: "unknown", 3: "GPL-3.0-only"},
        questions={4: "Ask maria.lopez@posteo.de. Write `crates_ember(pieces)`."},
    )
    run = small.write(tmp_path / "crates")
    says = Release(
        leave_out=(small.id(3) + "_I", small.id(4)),
        accepted_licenses={"unknown": "written by ourselves"},
    )
    done, _ = released(run, says, reverify=2)
    assert done.rows["kodcode"] == {"train": ROWS - 2}
    card = (done.folder / "README.md").read_text()
    assert "written by ourselves" in card
    assert "the rows of 2 questions" in card


def test_a_run_without_benchmarks_is_not_released(tmp_path):
    run = SmallRun().write(tmp_path / "crates")
    with pytest.raises(ConfigError, match="name some with -b"):
        released(run, benchmarks=())


def test_rows_that_can_not_be_verified_again_are_not_released(tmp_path):
    run = SmallRun(formats=["trl_sft"]).write(tmp_path / "crates")
    with pytest.raises(ReleaseStopped, match="add `kodcode`"):
        released(run)


def test_an_unfinished_or_changed_run_is_not_released(tmp_path):
    run = SmallRun().write(tmp_path / "crates")
    (run / "03-solve" / "manifest.json").rename(run / "03-solve" / "kept-aside.json")
    with pytest.raises(RunDirectoryError, match="not finished"):
        open_run(run, Release())
    (run / "03-solve" / "kept-aside.json").rename(run / "03-solve" / "manifest.json")
    with (run / "03-solve" / "kept.parquet").open("ab") as file:
        file.write(b"x")
    with pytest.raises(RunDirectoryError, match=r"kept\.parquet changed"):
        open_run(run, Release())


def test_a_benchmark_that_is_gone_is_told_with_the_way_out(tmp_path):
    run = SmallRun().write(tmp_path / "crates")
    record = yaml.safe_load((run / "pipeline.yaml").read_text())
    benchmarks = [{"name": "mine", "path": "nowhere.jsonl"}]
    record["pipeline"]["decontaminate"] = {"benchmarks": benchmarks}
    (run / "pipeline.yaml").write_text(yaml.safe_dump(record))
    with pytest.raises(InputError, match="-b mine=PATH"):
        released(run)
