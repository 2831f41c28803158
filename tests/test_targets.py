"""`kodgen build` with a target: met exactly, the same whatever the timing, or explained."""

import json

import pytest

from tests.building import BAD, GOOD, LIGHT, jsonl, kodgen, pipeline_file, rows, sealed_digests
from tests.replay_server import LogNormal, ReplayServer, attempt_of

pytestmark = pytest.mark.usefixtures("shared_ray")

PASSES = {"easy": "11", "medium": "10", "hard": "0001", "never": "0000"}
"""What attempts at a question of each kind say; the budgets below end each sequence."""
BUDGETS = {"probe": 2, "budget": {"easy": 2, "medium": 2, "hard": 4}}
POOL = ["easy", "easy", "never", "medium", "easy", "hard"] * 5


def pool(folder, kinds):
    texts = [f"Task {number:02}: add two numbers, {kind}." for number, kind in enumerate(kinds)]
    jsonl(folder / "questions.jsonl", [{"question": text} for text in texts])


def answers(body, request):
    if request == "probe":
        return GOOD  # whether a server that is slow on a busy machine is there
    question = body["messages"][-1]["content"]
    (passes,) = [passes for kind, passes in PASSES.items() if f"numbers, {kind}." in question]
    return GOOD if passes[attempt_of(request)] == "1" else BAD


def build(folder, target, *options, latency=0.0, speculate=4):
    with ReplayServer(answers, latency_seconds=latency) as server:
        file = pipeline_file(
            folder,
            server.url,
            target=target,
            solve={**BUDGETS, "speculate": speculate},
            deduplicate={"threshold": 1},
            sandbox=LIGHT,
        )
        return kodgen("build", file, "--json", *options)


def test_a_target_is_met_exactly_whatever_the_timing(tmp_path):
    target = {"rows": 6, "per_difficulty": {"easy": 2, "medium": 2, "hard": 2}}
    digests = []
    for number, (latency, options, speculate) in enumerate(
        [(0.0, ["--set", "engine.window=2"], 1), (LogNormal(0.1, 0.6), [], 4)]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        pool(folder, POOL)
        done = build(folder, target, *options, latency=latency, speculate=speculate)
        assert done.returncode == 0, done.stderr
        digests.append(sealed_digests(folder / "runs" / "run"))
    assert digests[0] == digests[1]
    run = folder / "runs" / "run"
    levels = [row["difficulty"] for row in rows(run, "solve")]
    assert sorted(levels) == ["easy"] * 2 + ["hard"] * 2 + ["medium"] * 2
    (manifest,) = run.glob("*-solve/manifest.json")
    assert json.loads(manifest.read_text())["target"] == {"taken": 6, "missing": []}
    rejected = rows(run, "solve", "rejected")
    assert len(rejected) + len(levels) == len(POOL)
    assert "beyond_target" in {row["reason"] for row in rejected}


def test_a_cell_that_can_t_be_filled_is_named_with_the_reason(tmp_path):
    pool(tmp_path, ["easy", "never", "medium", "easy"])
    done = build(tmp_path, {"per_difficulty": {"easy": 1, "hard": 2}})
    assert done.returncode == 0, done.stderr
    (said,) = [line for line in done.stderr.splitlines() if "target difficulty hard" in line]
    assert "2 of 2 missing" in said
    assert "verified: 2 easy, 1 medium" in said
    assert "never_passed 1" in said
    assert json.loads(done.stdout)["rows"] == 1
