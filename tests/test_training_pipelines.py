"""Pipelines that end in data to train on, each built in small from questions to its dataset."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests import test_pipelines
from tests.building import answer, kodgen, rows, sealed_digests, stored_requests
from tests.replay_server import ReplayServer

pytestmark = pytest.mark.usefixtures("shared_ray")

BENCHMARK = Path(__file__).resolve().parents[1] / "data" / "quickstart" / "benchmark.jsonl"
BODIES = [
    "    return sum(items)\n",
    "    found = 0\n    for item in items:\n        found += item\n    return found\n",
    "    return sum(items[1:])\n",
    (
        "    found = 0\n    for end in range(1, len(items) + 1):\n"
        "        found = sum(items[:end])\n    return found\n"
    ),
    (
        "    if not items:\n        return 0\n    middle = len(items) // 2\n"
        "    return items[0] + total(items[1:middle + 1]) + total(items[middle + 1:])\n"
    ),
]
"""Of `total(items)`: right, right, wrong, slow and right, right."""
WRONG = 2
RIGHT_TESTS = (
    "from solution import total\n\n\ndef test_some():\n    assert total([1, 2, 3]) == 6\n\n\n"
    "def test_none():\n    assert total([]) == 0\n\n\n"
    "def test_negative():\n    assert total([-4, 1]) == -3\n"
)
WRONG_TESTS = (
    "from solution import total\n\n\ndef test_some():\n    assert total([1, 2, 3]) == 5\n\n\n"
    "def test_none():\n    assert total([]) == 0\n"
)
COMPLETION = (
    "<completion>\n```python\ndef total(items):\n"
    '    """Return the sum of a list of integers, 0 for an empty one.\n\n'
    "    >>> total([2, 3])\n    5\n    >>> total([])\n    0\n"
    '    """\n```\n</completion>'
)


def code(attempt: int) -> str:
    return "def total(items):\n" + BODIES[attempt % len(BODIES)]


def reply(body: dict[str, Any], request: str) -> str:
    stage, attempt = request.split("/", 1)[0], int(request.rsplit("/", 1)[1])
    if stage == "solve":
        tests = WRONG_TESTS if attempt % len(BODIES) == WRONG else RIGHT_TESTS
        return answer(code(attempt), tests)
    if stage == "restyle":
        return COMPLETION if attempt else "I would rather not."
    if stage == "respond":
        thought = "So I add them up. " * (attempt + 1)
        return f"<think>\n{thought}\n</think>\nAdd them up:\n\n```python\n{code(attempt)}```\n"
    return test_pipelines.reply(body, request)


def command(pipeline: str, folder: Path, url: str, *more: str) -> list[str]:
    benchmark = {"name": "sample", "path": str(BENCHMARK), "text": "text"}
    given = [
        *test_pipelines.settings(pipeline, folder, url),
        "decontaminate=" + json.dumps({"embedder": "hashing", "benchmarks": [benchmark]}),
        *more,
    ]
    return ["build", pipeline, *(part for one in given for part in ("--set", one))]


def build(pipeline: str, folder: Path, *more: str, twice: bool = False) -> Path:
    folder.mkdir(exist_ok=True)
    with ReplayServer(reply) as server:
        done = kodgen(*command(pipeline, folder, server.url, *more), timeout=500)
        assert done.returncode == 0, done.stderr
        (run,) = (folder / "runs").iterdir()
        if not twice:
            return run
        before, asked = sealed_digests(run), stored_requests(run)
        # As after a kill between the last row of a stage and its sealing.
        for name in ("crosscheck", "mutate", "restyle", "respond", "prefer"):
            for manifest in run.glob(f"[0-9][0-9]-{name}/manifest.json"):
                manifest.unlink()
        again = kodgen(*command(pipeline, folder, server.url, *more), timeout=500)
    assert again.returncode == 0, again.stderr
    assert sealed_digests(run) == before
    assert stored_requests(run) == asked
    return run


def exported(run: Path, config: str) -> list[dict[str, Any]]:
    found = []
    for file in sorted((run / "dataset" / config).glob("*.parquet")):
        found += pq.read_table(file).to_pylist()
    return found


def test_sft_deep_keeps_one_long_reasoned_answer_to_each_question(tmp_path: Path) -> None:
    run = build("sft-deep", tmp_path, "select=null", twice=True)
    triplets = rows(run, "recheck")
    assert {row["style"] for row in triplets} == {"instruct", "complete"}
    assert all(row["consensus"] == pytest.approx(1.0) for row in triplets)
    assert all(row["strength"]["killed"] > 0 for row in triplets)
    kept = rows(run, "respond")
    assert sorted(row["triplet_id"] for row in kept) == sorted(row["id"] for row in triplets)
    assert {row["attempt"] for row in kept} == {1}, "the longest of those that pass"
    turned_away = {row["reason"] for row in rows(run, "respond", "rejected")}
    assert turned_away == {"wrong_answer", "not_kept"}
    chats = exported(run, "trl_sft")
    assert len(chats) == len(triplets)
    assert all("<think>" in row["messages"][-1]["content"] for row in chats)


def test_sft_diverse_keeps_right_answers_that_differ(tmp_path: Path) -> None:
    run = build("sft-diverse", tmp_path, "respond.attempts=5", "respond.keep=3")
    questions = {row["id"] for row in rows(run, "recheck")}
    kept = rows(run, "respond")
    assert {row["triplet_id"] for row in kept} == questions
    for question in questions:
        codes = [row["code"] for row in kept if row["triplet_id"] == question]
        assert len(set(codes)) == len(codes) >= 2
        assert code(WRONG) not in codes


def test_rl_has_tests_that_hold_and_both_styles(tmp_path: Path) -> None:
    run = build("rl", tmp_path, "mutate.mutants=10")
    triplets = rows(run, "select")
    assert {row["style"] for row in triplets} == {"instruct", "complete"}
    assert all(row["strength"]["score"] >= 0.7 for row in triplets)
    assert not any("suspect" in row["flags"] for row in triplets)
    prompts = exported(run, "verl_rl")
    assert len(prompts) == len(triplets)
    assert all("def test_" in row["reward_model"]["ground_truth"] for row in prompts)


def test_dpo_pairs_right_with_wrong_and_fast_with_slow(tmp_path: Path) -> None:
    run = build("dpo", tmp_path, "prefer.keep_weights=false", "prefer.repeats=3", twice=True)
    pairs = rows(run, "prefer")
    criteria = {pair["criterion"] for pair in pairs}
    assert criteria == {"correctness", "runtime"}
    for pair in pairs:
        slow, wrong = BODIES[3] in pair["rejected"], BODIES[WRONG] in pair["rejected"]
        assert slow if pair["criterion"] == "runtime" else wrong
        assert BODIES[WRONG] not in pair["chosen"]
    assert len(exported(run, "trl_dpo")) == len(pairs)
