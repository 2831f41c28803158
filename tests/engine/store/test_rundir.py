"""A run directory belongs to one pipeline, edited or not, and to one process at a time."""

import contextlib
import json
import os

import pytest
import yaml

from kodgen import __version__
from kodgen.engine.fingerprints import Fingerprints
from kodgen.engine.inputs import benchmark_digests, seed_digests, template_digests
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
    prints = Fingerprints(
        pipeline,
        prompts,
        stages,
        seed_digests(pipeline),
        benchmark_digests(pipeline),
        template_digests(pipeline),
    )
    return RunDirectory(folder / "runs" / "run", prints.described())


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
    again = open_run(folder)
    assert again.changes == ()
    again.close()


def test_operational_changes_are_none(folder):
    with_work(open_run(folder))
    again = open_run(folder, engine={"window": 7})
    assert again.changes == ()
    again.close()


def test_an_edited_pipeline_may_go_on_and_the_differences_are_named(folder):
    with_work(open_run(folder), "solve")
    again = open_run(folder, seed=9, prompts={"solve": "xyz"})
    changes = "\n".join(again.changes)
    again.close()
    assert "seed: 0 -> 9" in changes
    assert "prompts.solve: " in changes
    assert "xyz" in changes
    assert "solve.budget" not in changes
    recorded = yaml.safe_load((folder / "runs/run/pipeline.yaml").read_text())["pipeline"]
    assert recorded["seed"] == 9


def test_another_pipeline_under_the_same_name_is_refused(folder):
    with_work(open_run(folder))
    other = {"name": "B", "method": "prefill", "count": 2}
    with pytest.raises(RunDirectoryError, match="subsets are A, this one's are B"):
        open_run(folder, subsets=[other])
    ours = {"name": "A", "method": "prefill", "count": 2}
    open_run(folder, subsets=[ours, other]).close()


def test_a_changed_input_file_is_a_difference(folder):
    with_work(open_run(folder))
    jsonl(folder / "questions.jsonl", [{"question": "Subtract."}])
    again = open_run(folder)
    assert [line.split(":")[0] for line in again.changes] == ["inputs.questions.jsonl"]
    again.close()


def test_a_first_try_without_any_work_does_not_stand_in_the_way(folder):
    open_run(folder).close()
    again = open_run(folder, subsets=[{"name": "B", "method": "prefill", "count": 2}])
    assert again.changes == ()
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
    again = open_run(folder, subsets=subsets)
    assert again.changes == ()
    again.close()
    (folder / "docs" / "b.md").write_text("another page")
    again = open_run(folder, subsets=subsets)
    assert again.changes[0].startswith("inputs.docs/*.md")
    again.close()


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


def test_folders_are_numbered_as_the_pipeline_has_its_stages_now(tmp_path):
    with contextlib.closing(RunDirectory(tmp_path / "run", {})) as run:
        for number, name in enumerate(["seeds", "solve", "recheck"]):
            (run.stage(number, name) / "journal.jsonl").write_text(name)
        run.arrange(["seeds", "solve", "crosscheck", "recheck"])
        assert (run.path / "03-recheck" / "journal.jsonl").read_text() == "recheck"
        run.stage(2, "crosscheck")
        run.arrange(["seeds", "solve", "recheck"])
        found = {path.name for path in run.path.iterdir() if path.is_dir()}
        assert found == {"completions", "00-seeds", "01-solve", "02-recheck", "set-aside"}
        run.arrange(["seeds", "solve", "crosscheck", "recheck"])
        assert (run.path / "02-crosscheck").is_dir()
        assert (run.path / "03-recheck" / "journal.jsonl").read_text() == "recheck"
