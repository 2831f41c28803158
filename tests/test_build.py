"""`kodgen build` as a user runs it: real process, real server, real Ray, real sandbox."""

import json
import random
import signal
import threading
import time

import pytest

from tests.building import (
    BAD,
    GOOD,
    answer,
    jsonl,
    kodgen,
    pipeline_file,
    rows,
    sealed_digests,
    start,
    stored_requests,
)
from tests.replay_server import Faults, ReplayServer, Reply

pytestmark = pytest.mark.usefixtures("shared_ray")

TOPICS = [
    "the sum of a list of integers",
    "whether a string reads the same backwards",
    "the longest common prefix of several words",
    "how many vowels a sentence holds",
    "a matrix turned by ninety degrees",
    "the median of two sorted arrays",
    "all permutations of a short tuple",
    "the number of islands in a grid of zeros and ones",
]
IMPATIENT = ("--set", "llm.give_up_seconds=3")


def questions(folder, count=6):
    texts = [f"Write a function `add` that returns {topic}." for topic in TOPICS[:count]]
    jsonl(folder / "questions.jsonl", [{"question": text} for text in texts])
    return texts


def vowels_are_beyond_it(body, request):
    return BAD if "vowels" in body["messages"][-1]["content"] else GOOD


@pytest.fixture(scope="module")
def built(shared_ray, tmp_path_factory):
    """A build that ended well, and what it said; nobody changes its run."""
    folder = tmp_path_factory.mktemp("built")
    questions(folder)
    with ReplayServer(vowels_are_beyond_it) as server:
        file = pipeline_file(folder, server.url)
        done = kodgen("build", file, "--json")
    assert done.returncode == 0, done.stderr
    return done, folder / "runs" / "run"


def test_a_build_keeps_what_passes_and_says_why_the_rest_did_not(built):
    done, run = built
    assert json.loads(done.stdout)["rows"] == 5
    (rejected,) = rows(run, "solve", "rejected")
    assert rejected["reason"] == "never_passed"
    assert "1 failed (assertion)" in rejected["evidence"]
    assert {row["isolation"] for row in rows(run, "solve")} == {"namespaces"}
    (environment,) = (run / "environments").iterdir()
    assert {row["verdict"]["environment"] for row in rows(run, "solve", "trials")} == {
        environment.stem
    }
    assert json.loads(environment.read_text())["packages"]["pytest"] == pytest.__version__
    assert "solve: 6/6, 5 accepted, 1 rejected" in done.stderr  # plain lines: no terminal here


def test_two_builds_are_equal_and_a_second_call_does_nothing(built, tmp_path):
    _, other = built
    questions(tmp_path)
    run = tmp_path / "runs" / "run"
    with ReplayServer(vowels_are_beyond_it) as server:
        file = pipeline_file(tmp_path, server.url)
        assert kodgen("build", file).returncode == 0
        digests = sealed_digests(run)
        assert digests == sealed_digests(other)
        assert len(digests) >= 12
        asked = sum(server.counts.values())
        assert kodgen("build", file).returncode == 0
        assert sum(server.counts.values()) == asked
    assert sealed_digests(run) == digests


def test_300_identical_questions_keep_one(tmp_path):
    jsonl(tmp_path / "questions.jsonl", [{"question": "Add two numbers."}] * 300)
    with ReplayServer(lambda body, request: GOOD) as server:
        done = kodgen("build", pipeline_file(tmp_path, server.url))
        assert done.returncode == 0, done.stderr
        assert len(server.counts) == 1
    run = tmp_path / "runs" / "run"
    (kept,) = rows(run, "deduplicate")
    dropped = rows(run, "deduplicate", "rejected")
    assert len(dropped) == 299
    assert {row["reason"] for row in dropped} == {"exact_duplicate"}
    assert all(kept["id"] in row["evidence"] for row in dropped)


@pytest.mark.thorough
def test_shuffling_the_input_changes_nothing_in_what_is_kept(tmp_path):
    texts = [f"Write `add`, returning {topic}." for topic in TOPICS]
    texts += [text.replace("returning", "which returns") for text in texts[:4]] + texts[:3]
    kept = []
    for number in range(2):
        folder = tmp_path / str(number)
        folder.mkdir()
        random.Random(number).shuffle(texts)
        jsonl(folder / "questions.jsonl", [{"question": text} for text in texts])
        with ReplayServer(lambda body, request: GOOD) as server:
            file = pipeline_file(folder, server.url, deduplicate={"threshold": 0.8})
            assert kodgen("build", file).returncode == 0
        run = folder / "runs" / "run"
        kept.append((rows(run, "deduplicate"), [row["id"] for row in rows(run, "solve")]))
    assert kept[0] == kept[1]
    assert len(kept[0][0]) == len(TOPICS)


# What goes wrong: one clear message each, and nothing lost.


def test_a_missing_pipeline_file(tmp_path):
    done = kodgen("build", tmp_path / "nowhere.yaml")
    assert done.returncode == 2
    assert "nowhere.yaml" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_misspelt_key_names_line_and_nearest(tmp_path):
    questions(tmp_path)
    file = pipeline_file(tmp_path, "http://127.0.0.1:9/v1", solve={"budgte": {"hard": 3}})
    done = kodgen("build", file)
    assert done.returncode == 2
    line = 1 + file.read_text().splitlines().index("  budgte:")
    assert f"pipeline.yaml:{line}: solve.budgte" in done.stderr
    assert "budget" in done.stderr
    assert not (tmp_path / "runs").exists()


def test_an_empty_seeds_file(tmp_path):
    (tmp_path / "questions.jsonl").write_text("")
    done = kodgen("build", pipeline_file(tmp_path, "http://127.0.0.1:9/v1"))
    assert done.returncode == 3
    assert "questions.jsonl: holds no rows" in done.stderr


def test_a_broken_line_in_the_middle_costs_only_itself(tmp_path):
    questions(tmp_path, 3)
    lines = (tmp_path / "questions.jsonl").read_text().splitlines()
    lines.insert(1, '{"question": "cut off in the')
    lines.insert(3, '{"other": 1}')
    (tmp_path / "questions.jsonl").write_text("\n".join(lines) + "\n")
    with ReplayServer(lambda body, request: GOOD) as server:
        done = kodgen("build", pipeline_file(tmp_path, server.url))
    assert done.returncode == 0
    assert "questions.jsonl, line 2" in done.stderr
    assert "line 4" in done.stderr
    assert "'question'" in done.stderr
    run = tmp_path / "runs" / "run"
    assert len(rows(run, "solve")) == 3
    reasons = {row["reason"] for row in rows(run, "seeds", "rejected")}
    assert reasons == {"broken_line", "missing_text"}


def test_no_seeds_file_and_then_no_server_can_be_put_right_in_the_same_run(tmp_path):
    with ReplayServer(lambda body, request: GOOD) as server:
        file = pipeline_file(tmp_path, server.url)
        done = kodgen("build", file)
        assert done.returncode == 3
        assert "questions.jsonl: no such file" in done.stderr
        assert "subset 'A'" in done.stderr
        questions(tmp_path)
        server.stop()
        done = kodgen("build", file, *IMPATIENT)
        assert done.returncode == 6
        assert "no answer from 'm'" in done.stderr
        assert "Traceback" not in done.stderr
        server.start()
        assert kodgen("build", file).returncode == 0
    assert len(rows(tmp_path / "runs" / "run", "solve")) == 6


def test_a_server_that_fails_for_a_while_costs_no_row(tmp_path):
    questions(tmp_path)
    first = []

    def answers(body, request):
        first.append(time.monotonic())
        if time.monotonic() - first[0] < 2:
            return Reply(500, {"error": {"message": "warming up"}})
        return GOOD

    with ReplayServer(answers) as server:
        done = kodgen("build", pipeline_file(tmp_path, server.url), "--set", "llm.retries=0")
    assert done.returncode == 0, done.stderr
    run = tmp_path / "runs" / "run"
    assert len(rows(run, "solve")) == 6
    assert not rows(run, "solve", "rejected")


def test_an_answer_that_is_not_json_is_asked_for_again(tmp_path):
    questions(tmp_path)
    faults = Faults(schedule={2: "not_json", 4: "cut_within"})
    with ReplayServer(lambda body, request: GOOD, faults=faults) as server:
        done = kodgen("build", pipeline_file(tmp_path, server.url))
        assert sum(server.counts.values()) == 8
    assert done.returncode == 0, done.stderr
    assert len(rows(tmp_path / "runs" / "run", "solve")) == 6


@pytest.mark.thorough
def test_a_request_that_is_never_answered_in_json_holds_up_only_its_row(tmp_path):
    questions(tmp_path)

    def answers(body, request):
        if "vowels" in body["messages"][-1]["content"]:
            return Reply(200, "<html>gateway</html>")
        return GOOD

    with ReplayServer(answers) as server:
        file = pipeline_file(tmp_path, server.url)
        done = kodgen("build", file, *IMPATIENT)
        assert done.returncode == 6
        assert "solve: 1 of 6 rows got no answer" in done.stderr
        assert "--drop-unanswered" in done.stderr
        asked = dict(server.counts)
        done = kodgen("build", file, "--drop-unanswered", *IMPATIENT)
        assert done.returncode == 0, done.stderr
        again = {name for name, count in server.counts.items() if count > asked.get(name, 0)}
        assert len(again - {"probe"}) == 1  # the answered ones were not asked again
    run = tmp_path / "runs" / "run"
    assert len(rows(run, "solve")) == 5
    assert [row["reason"] for row in rows(run, "solve", "rejected")] == ["llm_unanswered"]


def test_a_wrong_model_name_stops_at_once(tmp_path):
    questions(tmp_path)
    refusal = Reply(404, {"error": {"message": "The model `m` does not exist."}})
    with ReplayServer(lambda body, request: refusal) as server:
        done = kodgen("build", pipeline_file(tmp_path, server.url))
        assert sum(server.counts.values()) <= 16
    assert done.returncode == 6
    assert "The model `m` does not exist." in done.stderr


def test_a_server_that_refuses_everything_turns_no_row_away(tmp_path):
    questions(tmp_path)
    context = {"length": 10}

    def answers(body, request):
        if context["length"] < 100:
            return Reply(400, {"error": {"message": "maximum context length is 10 tokens"}})
        return GOOD

    with ReplayServer(answers) as server:
        file = pipeline_file(tmp_path, server.url)
        done = kodgen("build", file)
        assert done.returncode == 6
        assert "every request of solve so far was refused" in done.stderr
        assert "maximum context length" in done.stderr
        context["length"] = 1000
        assert kodgen("build", file).returncode == 0
    assert len(rows(tmp_path / "runs" / "run", "solve")) == 6


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        ({"decontaminate": {"benchmarks": [{"name": "b", "path": "none.jsonl"}]}}, "none.jsonl"),
        ({"deduplicate": {"embedder": "no/such-model"}}, "no/such-model"),
        ({"prompts": "mine"}, "nonsense"),
        ({"solve": {"llm": {"backend": "recorded", "paths": ["none.jsonl"]}}}, "none.jsonl"),
        (
            {"sandbox": {"python": "no/venv"}, "engine": {"ray_address": None}},
            "no/venv does not exist",
        ),
    ],
)
def test_a_mistake_in_a_late_stage_is_found_before_the_first_request(tmp_path, mistake, said):
    jsonl(tmp_path / "snippets.jsonl", [{"text": "def f(): ..."}])
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "solve.j2").write_text("{{ nonsense }}")
    subsets = [{"name": "S", "method": "snippet", "seeds": {"path": "snippets.jsonl"}}]
    with ReplayServer(lambda body, request: GOOD) as server:
        done = kodgen("build", pipeline_file(tmp_path, server.url, subsets=subsets, **mistake))
        assert not server.counts
    assert done.returncode in {2, 3}
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_ray_that_is_not_there_is_said(tmp_path):
    questions(tmp_path, 1)
    with ReplayServer(lambda body, request: GOOD) as server:
        file = pipeline_file(tmp_path, server.url, engine={"ray_address": "127.0.0.1:9"})
        done = kodgen("build", file)
    assert done.returncode == 2
    assert "engine.ray_address" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_edited_pipeline_goes_on_and_says_what_changed_but_another_is_refused(tmp_path):
    questions(tmp_path, 2)
    with ReplayServer(lambda body, request: GOOD) as server:
        file = pipeline_file(tmp_path, server.url)
        assert kodgen("build", file).returncode == 0
        asked = server.counts.total()
        done = kodgen("build", file, "--set", "solve.budget.easy=2")
        assert done.returncode == 0, done.stderr
        assert server.counts.total() == asked + 2
        assert "solve.budget.easy: 1 -> 2" in done.stderr
        assert "made again where that matters: solve" in done.stderr
        done = kodgen("build", file, "--set", "subsets.0.name=B")
    assert done.returncode == 4
    assert "was made by another pipeline: its subsets are A" in done.stderr


def test_verdicts_of_what_models_get_wrong(tmp_path):
    cases = {
        "sum of a list": ("def add(a, b):\n    return a +", "syntax_error"),
        "backwards": (
            "import nonexistent_package\n\ndef add(a, b):\n    return 3",
            "missing_dependency",
        ),
        "common prefix": ("def add(a, b):\n    while True:\n        pass", "cpu"),
        "vowels": ("def add(a, b):\n    raise KeyError(a)", "exception"),
        "ninety": ("import os\nos._exit(0)", "ended_early"),
    }
    questions(tmp_path, 5)
    test = "from solution import add\n\ndef test_add():\n    assert add(1, 2) == 3"

    def answers(body, request):
        prompt = body["messages"][-1]["content"]
        (solution,) = [code for words, (code, _) in cases.items() if words in prompt]
        return answer(solution, test)

    with ReplayServer(answers) as server:
        done = kodgen("build", pipeline_file(tmp_path, server.url, sandbox={"cpu_seconds": 1}))
    assert done.returncode == 8
    assert "no question was verified" in done.stderr
    trials = rows(tmp_path / "runs" / "run", "solve", "trials")
    said = {trial["verdict"]["reason"] for trial in trials}
    assert said == {reason for _, reason in cases.values()}


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_an_interrupt_keeps_everything(tmp_path, name):
    questions(tmp_path)
    with ReplayServer(lambda body, request: GOOD, latency_seconds=0.5) as server:
        file = pipeline_file(tmp_path, server.url, engine={"window": 1})
        process = start("build", file)
        deadline = threading.Event()
        while len(server.answered) < 2 and not deadline.wait(0.05):
            assert process.poll() is None
        process.send_signal(getattr(signal, name))
        output, _ = process.communicate(timeout=30)
        assert process.returncode == 130, output
        assert "run the same command to go on" in output
        stored = stored_requests(tmp_path / "runs" / "run")
        asked = dict(server.counts)
        assert kodgen("build", file).returncode == 0
        assert all(server.counts[name] == asked[name] for name in stored)
        assert len(stored) >= 1


@pytest.mark.parametrize("rows_shown", [1])
def test_preview_shows_rows_and_leaves_nothing(tmp_path, rows_shown):
    questions(tmp_path)
    with ReplayServer(lambda body, request: GOOD) as server:
        done = kodgen("preview", pipeline_file(tmp_path, server.url), "-n", str(rows_shown))
    assert done.returncode == 0, done.stderr
    assert "def add(a, b):" in done.stdout
    assert "Write a function `add`" in done.stdout
    assert not (tmp_path / "runs").exists()
