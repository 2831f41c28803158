"""The shipped quickstart, as `make quickstart` runs it."""

import json
from collections import Counter

import pytest

from tests.building import kodgen, rows, sealed_digests

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("quickstart")
    done = kodgen("build", "quickstart", "--set", f"runs={folder}", "--json")
    assert done.returncode == 0, done.stderr
    return folder, json.loads(done.stdout)


@pytest.fixture(scope="module")
def run(built):
    return built[0] / "quickstart"


def reasons(run, stage):
    return Counter(row["reason"] for row in rows(run, stage, "rejected"))


def test_the_funnel(built):
    _, result = built
    kept = {stage["stage"]: stage["kept"] for stage in result["stages"]}
    assert kept["seeds"] >= 30
    # The second look for leaks finds none in what passed the first.
    assert result["rows"] == kept.pop("recheck") == kept["solve"] >= 25
    counts = list(kept.values())
    assert counts == sorted(counts, reverse=True)
    assert len(set(counts)) == len(counts)  # every other stage turns something away


def test_every_way_through_is_walked(run):
    assert reasons(run, "synthesize") == {"abstained": 1, "truncated": 1}
    assert set(reasons(run, "deduplicate")) == {"exact_duplicate", "near_duplicate"}
    assert reasons(run, "decontaminate") == {"benchmark_leak": 1}
    assert reasons(run, "solve") == {"never_passed": 1}
    said = Counter(trial["verdict"]["reason"] for trial in rows(run, "solve", "trials"))
    assert {
        "assertion",
        "exception",
        "cpu",
        "syntax_error",
        "missing_dependency",
        "no_solution_found",
        "truncated",
    } <= set(said)


def test_questions_are_solved_at_the_second_and_the_seventh_attempt(run):
    first_pass = {row["pass_sequence"].index(1) for row in rows(run, "solve")}
    assert {0, 1, 6} <= first_pass


def test_dropped_rows_name_what_they_are_too_close_to(run):
    kept = {row["id"] for row in rows(run, "deduplicate")}
    for row in rows(run, "deduplicate", "rejected"):
        evidence = json.loads(row["evidence"])
        assert evidence["kept_id"] in kept
        assert evidence["score"] >= 0.9
    (leak,) = rows(run, "decontaminate", "rejected")
    evidence = json.loads(leak["evidence"])
    assert evidence["task"].startswith("sample-tasks/")
    assert evidence["score"] >= 0.9


def test_every_kept_row_ran_isolated_and_carries_its_lineage(run):
    prompts = set()
    for row in rows(run, "solve"):
        assert row["isolation"] == "namespaces"
        assert row["benchmark_similarity"] is not None
        assert set(row["licenses"]) <= {"CC0-1.0", "Apache-2.0"}
        assert row["chosen_trial"].startswith(row["id"])
        assert all(seed.rsplit("/", 1)[1] in row["id"] for seed in row["seed_ids"])
        prompts.add(row["solution_prompt_version"])
    assert len(prompts) == 1


def test_the_dataset_opens_with_datasets(built, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path))
    datasets = pytest.importorskip("datasets")
    _, result = built
    for config in (None, "kodcode", "trl_sft"):
        data = datasets.load_dataset(
            result["dataset"], config, split="train", cache_dir=str(tmp_path)
        )
        assert len(data) == result["rows"]
    assert data[0]["messages"][1]["role"] == "assistant"
    kodcode = datasets.load_dataset(
        result["dataset"], "kodcode", split="train", cache_dir=str(tmp_path)
    )
    assert set(kodcode["gpt_difficulty"]) == {"easy", "medium", "hard"}
    assert kodcode[0]["trials"][kodcode[0]["chosen_trial"]]["test_result"] == "passed"


@pytest.mark.thorough
def test_a_second_build_elsewhere_is_the_same(built, run, tmp_path):
    done = kodgen("build", "quickstart", "--set", f"runs={tmp_path}")
    assert done.returncode == 0, done.stderr
    assert sealed_digests(tmp_path / "quickstart") == sealed_digests(run)
    assert f"{built[1]['rows']} verified rows" in done.stdout
