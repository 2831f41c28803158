"""`kodgen plan` beside `kodgen build`: what it says is what then happens, and it writes nothing."""

import asyncio
import json

import pytest
import yaml

from kodgen.engine.build import build, fingerprints_of, load_used_prompts
from kodgen.engine.plan import plan_lines
from kodgen.engine.planning import plan
from kodgen.engine.store.completions import CompletionStore
from kodgen.engine.store.rundir import RunDirectory
from kodgen.errors import RunDirectoryError
from kodgen.pipeline.file import read_pipeline
from kodgen.stages.solve import SolveStage
from kodgen.stages.synthesize import SynthesizeStage
from tests.building import (
    BAD,
    GOOD,
    jsonl,
    kodgen,
    pipeline_file,
    rows,
    sealed_digests,
    start,
    stored_requests,
)
from tests.processes import kill_all
from tests.replay_server import ReplayServer, Reply

pytestmark = pytest.mark.usefixtures("shared_ray")

WORDS = ["apples", "badgers", "cedars", "dunes", "eagles", "ferns", "geysers", "herons"]
LONG = 60
"""Words of an answer that a limit of 50 tokens cuts off."""


def texts(count):
    return [f"Write `add` for {word}, {word * 2} and {word * 3}." for word in WORDS[:count]]


def snapshot(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def planned(file, *overrides):
    """The plan as it is printed; that nothing is written is seen to."""
    run = file.parent / "runs"
    before = snapshot(run)
    found = asyncio.run(plan(read_pipeline(file, overrides), run / "run")).as_dict()
    assert snapshot(run) == before
    return found | {"by_stage": {stage["stage"]: stage for stage in found["stages"]}}


def built(file, server, *overrides):
    """How many requests a build asked."""
    before = server.counts.total()
    sets = [word for override in overrides for word in ("--set", override)]
    done = kodgen("build", file, *sets)
    assert done.returncode == 0, done.stderr
    return server.counts.total() - before


def fresh(folder, server, **changes):
    """What a first run of the edited pipeline seals."""
    folder.mkdir()
    for name in ("questions.jsonl", "snippets.jsonl"):
        source = folder.parent / name
        if source.exists():
            (folder / name).write_bytes(source.read_bytes())
    file = pipeline_file(folder, server.url, **changes)
    assert kodgen("build", file).returncode == 0
    return sealed_digests(folder / "runs" / "run")


def in_words(body, text):
    """A completion as a server gives it that counts words as tokens and holds to the limit."""
    words = text.split(" ")
    limit = body["max_tokens"]
    cut = len(words) > limit
    return {
        "id": "x",
        "object": "chat.completion",
        "created": 0,
        "model": body["model"],
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": " ".join(words[:limit])},
                "finish_reason": "length" if cut else "stop",
            }
        ],
        "usage": {"prompt_tokens": 10, "completion_tokens": min(len(words), limit)},
    }


def test_raising_max_tokens_asks_for_the_truncated_ones_alone(tmp_path):
    jsonl(tmp_path / "questions.jsonl", [{"question": text} for text in texts(8)])

    def answers(body, request):
        asked = body["messages"][-1]["content"]
        padding = " word" * LONG if any(text in asked for text in texts(7)) else ""
        return Reply(200, in_words(body, padding + " " + GOOD))

    short = {"probe": 1, "budget": {"easy": 1, "medium": 1, "hard": 1}}
    raised = short | {"sampling": {"max_tokens": 500}}
    with ReplayServer(answers) as server:
        file = pipeline_file(tmp_path, server.url, solve=short | {"sampling": {"max_tokens": 50}})
        assert built(file, server) == 8
        file = pipeline_file(tmp_path, server.url, solve=raised)
        before = planned(file)
        assert (before["requests"], before["at_most"]) == (7, 7)
        assert before["changes"] == ["solve.sampling.max_tokens: 50 -> 500"]
        assert before["by_stage"]["solve"]["remade"] == 1
        assert built(file, server) == 7
        assert planned(file)["at_most"] == 0


def test_another_parser_asks_for_nothing_and_needs_no_server(tmp_path, monkeypatch):
    jsonl(tmp_path / "questions.jsonl", [{"question": text} for text in texts(4)])
    with ReplayServer(lambda body, request: GOOD) as server:
        file = pipeline_file(tmp_path, server.url)
        assert built(file, server) == 4
    run = tmp_path / "runs" / "run"
    sealed = sealed_digests(run)
    for stage in (SolveStage, SynthesizeStage):
        monkeypatch.setattr(stage, "version", 99)
    pipeline = read_pipeline(file)
    before = asyncio.run(plan(pipeline, run))
    assert before.at_most == 0
    assert [stage.remade for stage in before.stages if stage.stage == "solve"] == [4]
    asyncio.run(build(pipeline, run))
    assert sealed_digests(run) == sealed
    manifest = json.loads((run / "04-solve" / "manifest.json").read_text())
    assert manifest["stage_version"] == 99


def test_a_prompt_of_one_method_touches_its_rows_alone(tmp_path):
    jsonl(tmp_path / "questions.jsonl", [{"question": text} for text in texts(3)])
    jsonl(tmp_path / "snippets.jsonl", [{"text": f"def {word}(): ..."} for word in WORDS[5:8]])
    subsets = [
        {"name": "A", "method": "given", "seeds": {"path": "questions.jsonl", "text": "question"}},
        {"name": "S", "method": "snippet", "seeds": {"path": "snippets.jsonl"}},
    ]
    prompts = tmp_path / "mine"
    prompts.mkdir()
    (prompts / "snippet.j2").write_text("From: {{ seeds[0] }}")

    def answers(body, request):
        asked = body["messages"][-1]["content"]
        if asked.startswith("From: "):
            return f"<question>\nWrite `add`, inspired by {asked[6:]}\n</question>"
        if asked.startswith("Anew: "):
            return f"<question>\nWrite `add`, and think of {asked[6:]}\n</question>"
        return GOOD

    changes = {"subsets": subsets, "prompts": str(prompts)}
    with ReplayServer(answers) as server:
        file = pipeline_file(tmp_path, server.url, **changes)
        assert built(file, server) == 3 + 6
        (prompts / "snippet.j2").write_text("Anew: {{ seeds[0] }}")
        before = planned(file)
        stage = before["by_stage"]["synthesize"]
        assert (stage["recalled"], stage["asked"], stage["requests"]) == (3, 3, 3)
        assert before["by_stage"]["deduplicate"]["state"] == "unknown"
        solve = before["by_stage"]["solve"]
        assert (solve["state"], solve["unknown"], solve["requests"]) == ("unknown", 3, 0)
        assert solve["at_most"] == 3
        assert built(file, server) == 3 + 3
        # An edit undone finds everything where it was.
        (prompts / "snippet.j2").write_text("From: {{ seeds[0] }}")
        assert planned(file)["at_most"] == 0


@pytest.mark.thorough
def test_a_threshold_is_applied_anew_and_asks_only_for_what_it_lets_in(tmp_path):
    near = [f"Write `add` that returns the sum of {n} numbers, please do." for n in ("2", "two")]
    jsonl(tmp_path / "questions.jsonl", [{"question": text} for text in [*near, *texts(3)]])
    with ReplayServer(lambda body, request: GOOD) as server:
        strict = pipeline_file(tmp_path, server.url, deduplicate={"threshold": 0.6})
        assert built(strict, server) == 4
        loose = ("deduplicate.threshold=1.0",)
        before = planned(strict, *loose)
        assert before["by_stage"]["synthesize"]["state"] == "up to date"
        assert (before["requests"], before["at_most"]) == (1, 1)
        assert built(strict, server, *loose) == 1
        assert built(strict, server) == 0
        assert len(rows(tmp_path / "runs" / "run", "solve")) == 4


def test_more_attempts_are_counted_by_what_is_known_and_priced_by_what_was_spent(tmp_path):
    jsonl(tmp_path / "questions.jsonl", [{"question": text} for text in texts(4)])

    def answers(body, request):
        return BAD if WORDS[0] in body["messages"][-1]["content"] else GOOD

    with ReplayServer(answers) as server:
        file = pipeline_file(tmp_path, server.url)
        lines = "\n".join(plan_lines(asyncio.run(plan(read_pipeline(file), tmp_path / "none"))))
        assert "not begun yet" in lines
        assert "no answer is stored yet" in lines
        assert not (tmp_path / "runs").exists()
        built(file, server)
        more = ("solve.budget.hard=3", "solve.budget.medium=2")
        before = planned(file, *more)
        # The one question that failed is hard, and certain to get one more attempt at least.
        assert (before["requests"], before["at_most"]) == (1, 2)
        stage = before["by_stage"]["solve"]
        assert stage["remade"] == 3
        assert stage["cost"] is None
        price = "llm.price.completion=1000000"
        stage = planned(file, *more, price)["by_stage"]["solve"]
        run = tmp_path / "runs" / "run"
        store = CompletionStore(run / "completions" / "completions.jsonl", read_only=True)
        mean = store.spent["solve"].completion / 4
        store.close()
        assert stage["completion_tokens"] == mean
        assert stage["cost"] == pytest.approx(mean)
        assert stage["cost_at_most"] == pytest.approx(2 * mean)
        shown = plan_lines(asyncio.run(plan(read_pipeline(file, (*more, price)), run)))
        assert f"cost about {mean:,.4g} to {2 * mean:,.4g}" in "\n".join(shown)


@pytest.mark.thorough
def test_a_seed_more_asks_for_itself_alone(tmp_path):
    jsonl(tmp_path / "questions.jsonl", [{"question": text} for text in texts(4)[1:]])
    with ReplayServer(lambda body, request: GOOD) as server:
        file = pipeline_file(tmp_path, server.url)
        assert built(file, server) == 3
        # At the top, so that every other one is of another line than before.
        jsonl(tmp_path / "questions.jsonl", [{"question": text} for text in texts(4)])
        before = planned(file)
        assert before["changes"][0].startswith("inputs.questions.jsonl")
        assert (before["requests"], before["at_most"]) == (1, 1)
        assert built(file, server) == 1
        assert fresh(tmp_path / "fresh", server) == sealed_digests(tmp_path / "runs" / "run")


@pytest.mark.thorough
def test_a_killed_rerun_is_as_safe_as_a_first_run(tmp_path):
    jsonl(tmp_path / "questions.jsonl", [{"question": text} for text in texts(8)])
    twice = {"probe": 2, "budget": {"easy": 2, "medium": 2, "hard": 2}}
    run = tmp_path / "runs" / "run"
    with ReplayServer(lambda body, request: GOOD) as server:
        file = pipeline_file(tmp_path, server.url)
        assert built(file, server) == 8
        file = pipeline_file(tmp_path, server.url, solve=twice)
        server.latency_seconds = 0.3
        process = start("build", file, "--set", "llm.concurrency=1")
        while len(server.answered) < 11:
            assert process.poll() is None
        kill_all(process)
        server.latency_seconds = 0
        stored = stored_requests(run)
        asked = dict(server.counts)
        assert built(file, server) > 0
        assert all(server.counts[name] == asked[name] for name in stored)
        assert fresh(tmp_path / "fresh", server, solve=twice) == sealed_digests(run)


def test_another_pipeline_is_refused_by_the_plan_too(tmp_path):
    jsonl(tmp_path / "questions.jsonl", [{"question": text} for text in texts(1)])
    file = pipeline_file(tmp_path, "http://127.0.0.1:9/v1")
    run = tmp_path / "runs" / "run"
    pipeline = read_pipeline(file)
    prints = fingerprints_of(pipeline, load_used_prompts(pipeline))
    RunDirectory(run, prints.described()).close()
    with pytest.raises(RunDirectoryError, match="another pipeline"):
        planned(file, "subsets.0.name=B")
    (run / "pipeline.yaml").write_text(yaml.safe_dump({"something": "else"}))
    done = kodgen("plan", file)
    assert done.returncode == 4
    assert "really a run directory" in done.stderr
