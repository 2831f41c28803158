"""A run directory belongs to one pipeline, and to one process at a time."""

import json

import pytest
import yaml

from kodgen import __version__
from kodgen.engine.rundir import RunDirectory
from kodgen.errors import RunDirectoryError
from kodgen.pipeline.file import read_pipeline
from tests.building import jsonl, pipeline_file

PROMPTS = {"solve": "abc"}


@pytest.fixture
def folder(tmp_path):
    jsonl(tmp_path / "questions.jsonl", [{"question": "Add."}])
    return tmp_path


def open_run(folder, prompts=PROMPTS, **changes):
    pipeline = read_pipeline(pipeline_file(folder, "http://127.0.0.1:9/v1", **changes))
    return RunDirectory(folder / "runs" / "run", pipeline, prompts)


def with_work(run):
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
    with_work(open_run(folder))
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
