"""What is read of a run, against the rows that its files hold."""

import json
from collections import Counter
from itertools import groupby

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from kodgen.cli import cli
from kodgen.engine.reporting.files import numbers_of, rows_at
from kodgen.engine.reporting.running import read_run, write_report
from kodgen.engine.reporting.sampling import question_of, samples
from kodgen.engine.reporting.stages import sealed_stages, subset_of
from kodgen.errors import RunDirectoryError
from kodgen.records import question_id, response_id, trial_id
from tests.engine.reporting.recorded import SHARED, RecordedRun
from tests.engine.reporting.synthetic import SUBSETS, SyntheticRun

ROWS = 400


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return SyntheticRun(ROWS).write(tmp_path_factory.mktemp("runs") / "run")


@pytest.fixture(scope="module")
def values(run):
    return read_run(run)


def table(run, stage, name="kept"):
    (path,) = run.glob(f"*-{stage}/{name}.parquet")
    return pq.read_table(path).to_pylist()


def test_rows_by_stage_and_subset(run, values):
    for stage in values.stages:
        kept = table(run, stage.name)
        assert stage.kept_by == Counter(row["subset"] for row in kept)
        turned = table(run, stage.name, "rejected")
        assert stage.rejected == Counter(row["reason"] for row in turned)
        for reason, by_subset in stage.rejected_by.items():
            assert sum(by_subset.values()) == stage.rejected[reason]
    assert values.subsets == tuple(SUBSETS)
    assert values.final == "restyle"


def test_pass_sequences(run, values):
    trials = table(run, "solve", "trials")
    passed, made, sizes = Counter(), Counter(), Counter()
    for question, group in groupby(trials, key=lambda row: row["question_id"]):
        said = [row["verdict"]["outcome"] == "passed" for row in group]
        passed[subset_of(question)] += sum(said)
        made[subset_of(question)] += len(said)
        sizes[len(said)] += 1
    for subset, one in values.attempts.items():
        assert (one.made, one.passed, one.certain) == (made[subset], passed[subset], 3)
        assert one.at[1].low <= one.at[5].low <= one.at[10].low <= one.at[10].high
    assert Counter(values.spent.verified) + Counter(values.spent.never) == sizes
    told = sum((Counter(one) for one in values.outcomes.values()), Counter())
    assert told.total() == len(trials)
    assert told["passed"] == sum(passed.values())


def test_labels_add_up_to_the_questions_attempted(run, values):
    kept, turned = table(run, "solve"), table(run, "solve", "rejected")
    told = sum((Counter(one) for one in values.difficulty.values()), Counter())
    expected = Counter(row["difficulty"] for row in kept)
    assert told == expected + Counter(row["reason"] for row in turned)


def test_lengths_are_of_rows_that_are_not_completion_tasks(run, values):
    rows = [row for row in table(run, "restyle") if row["id"] == row["question_id"]]
    assert 0 < len(rows) < len(table(run, "restyle"))
    for subset, told in values.lengths["test_count"].items():
        mine = [row["test"].count("def test_") for row in rows if row["subset"] == subset]
        assert (told.count, told.max) == (len(mine), max(mine))
        assert told.mean == pytest.approx(sum(mine) / len(mine))
    assert values.quality["strength"].spread.count == len(rows)
    assert sum(values.quality["coverage"].counts) == len(rows)


def test_clusters_name_kept_rows_and_all_that_was_dropped(run, values):
    told = Counter(
        json.loads(row["evidence"])["kept_id"] for row in table(run, "deduplicate", "rejected")
    )
    assert {one.kept: one.dropped for one in values.duplicates.largest}.items() <= told.items()
    assert sum(size * times for size, times in values.duplicates.sizes.items()) == told.total()
    texts = {row["id"]: row["text"] for row in table(run, "deduplicate")}
    for one in values.duplicates.largest:
        assert one.text
        assert texts[one.kept].startswith(one.text)


def test_leaks_and_similarities(run, values):
    compared = len(table(run, "decontaminate")) + len(table(run, "decontaminate", "rejected"))
    assert values.leaks.every.spread.count == compared
    assert sum(values.leaks.compared.values()) == compared
    assert values.leaks.benchmarks == ("HumanEval", "MBPP", "BigCodeBench", "LiveCodeBench")
    turned = table(run, "decontaminate", "rejected")
    assert sum(values.leaks.cells.values()) == len(turned)


def test_the_slowest_are_the_slowest(run, values):
    seconds = {}
    for row in table(run, "solve", "observations"):
        question = row["id"].rpartition("/")[0]
        seconds[question] = max(seconds.get(question, 0), row["wall_seconds"])
    slowest = sorted(seconds.values(), reverse=True)[: len(values.slowest)]
    assert [one.seconds for one in values.slowest] == slowest
    failed = [one.attempts - one.passed for one in values.failing]
    assert failed == sorted(failed, reverse=True)
    assert failed[0] == 10


def test_samples_are_of_every_kind_and_tell_a_rows_whole_life(run, values):
    outcomes = {one.outcome for one in values.samples}
    reasons = {f"{one.name}: {reason}" for one in values.stages for reason in one.rejected}
    assert outcomes == reasons | {"verified"}
    assert {one.subset for one in values.samples if one.outcome == "verified"} == set(SUBSETS)
    listed = {one.shown["id"] for one in values.samples}
    assert {one.id for one in (*values.slowest, *values.failing)} <= listed
    (one, *_) = [one for one in values.samples if one.outcome == "verified" and one.style]
    labels = [label for label, _ in one.shown["texts"]]
    assert labels[:3] == ["Question", "Solution", "Tests"]
    assert labels[3].startswith("Seed from code, seeds.jsonl:")
    assert one.shown["attempts"]
    assert dict(one.shown["facts"])["Solution by"] == "some/model, prompt 0123456789ab"


def test_samples_keep_to_their_bytes(run):
    from kodgen.engine.reporting.choosing import Place
    from kodgen.engine.reporting.sampling import Origins

    stages = {one.name: one for one in sealed_stages(run)[0]}
    ids = [row["id"] for row in table(run, "solve")]
    places = [Place("solve", True, number, one) for number, one in enumerate(ids)]
    origins = Origins(stages["seeds"], Counter(), stages["solve"])
    found = samples(places, stages, origins, 50_000)
    assert 0 < len(found) < len(places)
    assert sum(len(json.dumps(one.shown)) for one in found) <= 50_000


def test_rows_are_found_by_number_and_value(run):
    path = run / "04-solve" / "kept.parquet"
    rows = pq.read_table(path).to_pylist()
    found = rows_at(path, [0, len(rows) - 1])
    assert found == {0: rows[0], len(rows) - 1: rows[-1]}
    assert numbers_of(path, "id", {rows[3]["id"], "none"}) == {rows[3]["id"]: [3]}


def test_ids_tell_subset_and_question():
    one = question_id("A.b", "snippet", ["seed:s/1", "seed:s/2"], 0)
    assert subset_of(one) == "A.b"
    assert subset_of("seed:s/1") == ""
    for derived in (one, f"{one}_C", trial_id(one, 2), response_id(f"{one}_C", 1)):
        assert question_of(derived) == one


def test_no_run_is_told_from_one_that_has_begun(tmp_path):
    with pytest.raises(RunDirectoryError, match="holds no finished stage to report on"):
        read_run(tmp_path)


def test_a_folder_of_an_edited_pipeline_is_left_out(tmp_path):
    run = SyntheticRun(60).write(tmp_path / "run", posttraining=False)
    stale = run / "04-annotate"
    stale.mkdir()
    for path in (run / "03-decontaminate").iterdir():
        (stale / path.name).write_bytes(path.read_bytes())
    manifest = json.loads((stale / "manifest.json").read_text())
    (stale / "manifest.json").write_text(json.dumps(manifest | {"made_from": "elsewhere"}))
    found, left = sealed_stages(run)
    assert [one.folder.name for one in found][-1] == "04-solve"
    assert left == ("04-annotate",)


def test_the_command_says_where_the_page_is_which_is_the_same_for_the_same_run(run, tmp_path):
    done = CliRunner().invoke(cli, ["report", str(run)])
    assert done.exit_code == 0, done.output
    page = run / "report" / "index.html"
    assert done.output.startswith(f"{page}: ")
    assert "9 stages" in done.output
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    again = tmp_path / "folder" / "again.html"
    write_report(run, again)
    assert again.read_bytes() == page.read_bytes()


@pytest.mark.slow
@pytest.mark.skipif(not (SHARED / "recorded").exists(), reason="needs the recorded corpora")
def test_the_recorded_corpora_as_a_run(tmp_path):
    run = RecordedRun().write(tmp_path / "run")
    values = write_report(run, tmp_path / "index.html")
    algorithm = values.attempts["Algorithm"]
    assert algorithm.certain == 3
    assert 0.05 < algorithm.at[1].low < 0.15
    assert values.answers["kept"]["Algorithm"] > 0
    assert (tmp_path / "index.html").stat().st_size < 15_000_000
