"""`kodgen explain`: what became of a row, wherever its life ended."""

from pathlib import Path

import pytest

from tests.building import answer, jsonl, kodgen, pipeline_file, rows
from tests.replay_server import ReplayServer

pytestmark = pytest.mark.usefixtures("shared_ray")

TESTS = (
    "from solution import twice\n\n\ndef test_twice():\n    assert twice(3) == 6\n\n\n"
    "def test_none():\n    assert twice(0) == 0\n"
)
RIGHT = answer("def twice(n):\n    return 2 * n", TESTS)
WRONG = answer("def twice(n):\n    return n * n", TESTS)
TEXTS = ["Write twice for ants.", "Write twice for bees.", "Write twice for ants."]


def reply(body: dict[str, object], request: str) -> str:
    if "bees" in str(body) or request.endswith("/1"):
        return WRONG
    return RIGHT


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explain")
    questions = [{"question": text, "id": str(n)} for n, text in enumerate(TEXTS)]
    jsonl(folder / "questions.jsonl", questions)
    with ReplayServer(reply) as server:
        file = pipeline_file(
            folder,
            server.url,
            solve={"probe": 3, "budget": {"easy": 3, "medium": 3, "hard": 3}},
            crosscheck={},
            mutate={},
        )
        done = kodgen("build", file)
    assert done.returncode == 0, done.stderr
    return folder / "runs" / "run"


def test_a_kept_row_is_told_from_its_seed_to_its_tests(run: Path) -> None:
    (kept,) = rows(run, "mutate")
    told = kodgen("explain", kept["id"], "--run", run)
    assert told.returncode == 0, told.stderr
    lines = told.stdout
    for part in ("seeds: kept", "licence MIT", "solve: kept", "passes 101", "crosscheck: kept"):
        assert part in lines
    assert f"{kept['id']}/1: failed (assertion), 1 of 2 tests" in lines
    assert "mutants noticed" in lines
    assert "return 2 * n" in lines
    by_trial = kodgen("explain", f"{kept['id']}/2", "--runs", run.parent)
    assert by_trial.stdout == lines


def test_a_rejected_row_is_told_with_reason_and_evidence(run: Path) -> None:
    (rejected,) = rows(run, "solve", "rejected")
    told = kodgen("explain", rejected["id"], "--run", run).stdout
    assert "solve: rejected" in told
    assert "never_passed" in told
    assert "3 attempts: 3 failed (assertion)" in told
    assert "crosscheck" not in told


def test_what_the_model_said_is_shown_word_by_word(run: Path) -> None:
    (kept,) = rows(run, "mutate")
    told = kodgen("explain", kept["id"], "--run", run, "--raw").stdout
    assert f"solve/{kept['id']}/0\n{RIGHT}" in told


def test_a_seed_leads_to_its_questions(run: Path) -> None:
    draws = rows(run, "seeds")
    seed = draws[0]["seeds"][0]["id"]
    told = kodgen("explain", seed, "--run", run)
    drawn = [draw["id"] for draw in draws if draw["seeds"][0]["id"] == seed]
    assert told.stdout.split() == drawn
    assert 0 < len(drawn) < len(draws)


def test_an_id_that_is_nowhere_says_where_ids_are(run: Path) -> None:
    told = kodgen("explain", "question:A/given/nothing/0", "--runs", run.parent)
    assert told.returncode == 3
    assert "no run in" in told.stderr
    assert "question_id" in told.stderr
