"""A run directory belongs to one pipeline, and to one process at a time."""

import json
import os

import pytest
import yaml

from kodgen import __version__
from kodgen.engine.store.rundir import RunDirectory
from kodgen.errors import InputError, RunDirectoryError
from kodgen.pipeline.file import read_pipeline
from kodgen.sandbox import Environment
from tests.building import jsonl, pipeline_file

PROMPTS = {"snippet": "123", "solve": "abc"}
STAGES = {"synthesize": 1, "deduplicate": 1, "solve": 1}


@pytest.fixture
def folder(tmp_path):
    jsonl(tmp_path / "questions.jsonl", [{"question": "Add."}])
    return tmp_path


def open_run(folder, prompts=PROMPTS, stages=STAGES, **changes):
    pipeline = read_pipeline(pipeline_file(folder, "http://127.0.0.1:9/v1", **changes))
    return RunDirectory(folder / "runs" / "run", pipeline, prompts, stages)


def with_work(run, *begun):
    for number, stage in enumerate(begun):
        (run.stage(number, stage) / "manifest.json").write_text("{}")
    run.completions.write_text(json.dumps({"kodgen": {"key": "k"}}) + "\n")
    run.close()


def test_it_records_the_resolved_pipeline_and_who_made_it(folder):
    run = open_run(folder)
    content = yaml.safe_load((run.path / "pipeline.yaml").read_text())
    assert content["kodgen"]["version"] == __version__
    assert content["pipeline"]["solve"]["budget"]["hard"] == 1
    assert content["pipeline"]["prompts"] == PROMPTS
    assert len(content["pipeline"]["inputs"]["questions.jsonl"]) == 64
    run.close()


def test_no_secret_and_no_path_of_the_machine_is_recorded(folder):
    run = open_run(folder)
    recorded = (run.path / "pipeline.yaml").read_text()
    assert str(folder) not in recorded
    assert "127.0.0.1" not in recorded
    run.close()


def test_the_same_pipeline_may_go_on(folder):
    with_work(open_run(folder))
    open_run(folder).close()


def test_operational_changes_may_go_on(folder):
    with_work(open_run(folder))
    open_run(folder, engine={"window": 7}).close()


def test_another_pipeline_is_refused_with_the_differences_named(folder):
    with_work(open_run(folder), "solve")
    with pytest.raises(RunDirectoryError) as caught:
        open_run(folder, seed=9, prompts={"solve": "xyz"})
    message = str(caught.value)
    assert "seed: 0 -> 9" in message
    assert "prompts.solve: " in message
    assert "abc" in message
    assert "xyz" in message
    assert "solve.budget" not in message


def test_a_changed_input_file_is_a_difference(folder):
    with_work(open_run(folder))
    jsonl(folder / "questions.jsonl", [{"question": "Subtract."}])
    with pytest.raises(RunDirectoryError, match=r"inputs\.questions\.jsonl"):
        open_run(folder)


def test_a_first_try_without_any_answer_does_not_stand_in_the_way(folder):
    run = open_run(folder, seed=1)
    (run.stage(0, "seeds") / "kept.parquet").write_bytes(b"x")
    run.close()
    again = open_run(folder, seed=2)
    assert not (again.path / "00-seeds").exists()
    assert yaml.safe_load((again.path / "pipeline.yaml").read_text())["pipeline"]["seed"] == 2
    again.close()


def test_two_processes_can_t_share_it(folder):
    run = open_run(folder)
    with pytest.raises(RunDirectoryError, match="another kodgen process"):
        open_run(folder)
    run.close()
    open_run(folder).close()


def test_a_folder_of_something_else_is_left_alone(folder):
    place = folder / "runs" / "run"
    place.mkdir(parents=True)
    (place / "pipeline.yaml").write_text("something: else\n")
    with pytest.raises(RunDirectoryError, match="really a run directory"):
        open_run(folder)
    assert (place / "pipeline.yaml").read_text() == "something: else\n"


def test_stages_not_begun_may_be_set_otherwise(folder):
    with_work(open_run(folder), "deduplicate")
    solve = {"probe": 2, "budget": {"easy": 2, "medium": 2, "hard": 2}}
    prompts, stages = PROMPTS | {"solve": "xyz"}, STAGES | {"solve": 2}
    open_run(folder, prompts, stages, solve=solve, export={"formats": ["kodcode"]}).close()
    recorded = yaml.safe_load((folder / "runs/run/pipeline.yaml").read_text())["pipeline"]
    assert recorded["solve"]["probe"] == 2
    for change in (
        {"deduplicate": {"threshold": 0.5}},
        {"prompts": PROMPTS | {"snippet": "456"}},
        {"stages": STAGES | {"deduplicate": 2}},
    ):
        with pytest.raises(RunDirectoryError, match="another pipeline"):
            open_run(folder, **({"prompts": prompts, "stages": stages, "solve": solve} | change))


def test_a_begun_stage_binds_through_its_journal_too(folder):
    run = open_run(folder)
    (run.stage(4, "solve") / "journal.jsonl").write_text("{}\n")
    with_work(run)
    with pytest.raises(RunDirectoryError, match=r"solve\.probe"):
        open_run(folder, solve={"probe": 2, "budget": {"easy": 2, "medium": 2, "hard": 2}})


def test_a_run_that_lost_its_pipeline_is_not_adopted(folder):
    run = open_run(folder)
    with_work(run)
    (run.path / "pipeline.yaml").unlink()
    with pytest.raises(RunDirectoryError, match="is gone"):
        open_run(folder)


def test_only_the_files_a_folder_source_means_are_compared(folder):
    (folder / "docs").mkdir()
    (folder / "docs" / "a.md").write_text("page")
    seeds = {"type": "folder", "path": "docs", "glob": "*.md"}
    subsets = [{"name": "D", "method": "documentation", "seeds": seeds}]
    with_work(open_run(folder, subsets=subsets))
    (folder / "docs" / "notes.txt").write_text("not meant")
    open_run(folder, subsets=subsets).close()
    (folder / "docs" / "b.md").write_text("another page")
    with pytest.raises(RunDirectoryError, match=r"inputs\.docs/\*\.md"):
        open_run(folder, subsets=subsets)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_source_is_said(folder):
    (folder / "questions.jsonl").chmod(0)
    with pytest.raises(InputError, match="can't be read"):
        open_run(folder)


def test_an_environment_is_written_down_once(folder):
    run = open_run(folder)
    details = {"python": "3.11.7", "implementation": "cpython", "machine": "x86_64", "packages": {}}
    environment = Environment.of(details)
    for _ in range(2):
        run.record_environment(environment)
    (file,) = (run.path / "environments").iterdir()
    assert file.name == f"{environment.digest}.json"
    assert json.loads(file.read_text()) == {"digest": environment.digest, **details}
    run.close()
