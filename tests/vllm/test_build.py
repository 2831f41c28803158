"""`kodgen build` on engines of its own: the path of a GPU run, on a vLLM that is built for CPUs."""

import json
import os
import signal
import time
from pathlib import Path

import yaml

from tests.building import jsonl, kodgen, rows, start
from tests.processes import descendants, kill_all, named
from tests.vllm.tiny_model import PREFIX, TASK, make, solver

SMALL = {"enforce_eager": True, "kv_cache_memory_bytes": 2**27}
START_SECONDS = 600


def pipeline(folder: Path, model: Path, questions: int, **changes) -> Path:
    """A pipeline file of given questions against a model."""
    names = [
        f"Question {number}: {chr(97 + number % 26) * 40} {number**3}"
        for number in range(questions)
    ]
    jsonl(folder / "questions.jsonl", [{"question": name} for name in names])
    content = {
        "name": "run",
        "runs": str(folder / "runs"),
        "llm": {
            "backend": "vllm",
            "model": str(model),
            "device": "cpu",
            "sequences": 4,
            "context": 8192,
            "reasoning_parser": "qwen3",
            "engine_args": SMALL,
        },
        "subsets": [
            {
                "name": "given",
                "method": "given",
                "seeds": {"path": "questions.jsonl", "text": "question", "license": "MIT"},
            }
        ],
        "sandbox": {"cpu_seconds": 5, "stubs": False, "control": False},
    } | changes
    path = folder / "pipeline.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def stored(run: Path) -> list[str]:
    """Whole lines of the store of completions."""
    file = run / "completions" / "completions.jsonl"
    raw = file.read_bytes() if file.exists() else b""
    return raw[: raw.rfind(b"\n") + 1].decode().splitlines()


def engines(process) -> set[int]:
    """Pids of the engines below a command."""
    return set(named("EngineCor", part=True)).intersection(descendants(process.pid))


def test_chats_and_begun_turns_become_verified_rows(tiny, tmp_path):
    file = pipeline(tmp_path, tiny, 6)
    content = yaml.safe_load(file.read_text())
    content["subsets"].append({"name": "begun", "method": "prefill", "count": 3, "prefix": PREFIX})
    file.write_text(yaml.safe_dump(content))
    done = kodgen("build", file, timeout=START_SECONDS)
    assert done.returncode == 0, done.stdout + done.stderr
    run = tmp_path / "runs" / "run"
    written = [row["text"] for row in rows(run, "synthesize") if row["subset"] == "begun"]
    assert written == [PREFIX + TASK] * 3
    lines = [json.loads(line) for line in stored(run)]
    answers = [line for line in lines if line["custom_id"].startswith("solve/")]
    messages = [line["response"]["body"]["choices"][0]["message"] for line in answers]
    assert all("<think>" not in one["content"] and one["reasoning_content"] for one in messages)
    assert len({one["content"] for one in messages}) == 2, "samples of a prompt should differ"
    assert all(line["response"]["body"]["model"] == str(tiny) for line in answers)
    assert rows(run, "solve"), "one good answer in two is enough for some row"
    again = kodgen("build", file, timeout=START_SECONDS)
    assert again.returncode == 0
    assert len(stored(run)) == len(lines)


def test_an_engine_that_is_killed_costs_only_what_it_was_at(tmp_path):
    model = make(tmp_path / "model", solver(400))
    once = {"probe": 1, "budget": {"easy": 1, "medium": 1, "hard": 1}}
    file = pipeline(tmp_path, model, 40, solve=once)
    process = start("build", file)
    try:
        run = tmp_path / "runs" / "run"
        deadline = time.monotonic() + START_SECONDS
        while len(stored(run)) < 5:
            assert process.poll() is None, process.stdout.read()
            assert time.monotonic() < deadline, "the engine did not start"
            time.sleep(0.05)
        (killed,) = engines(process)
        os.kill(killed, signal.SIGKILL)
        before = stored(run)
        output, _ = process.communicate(timeout=START_SECONDS)
    finally:
        if process.poll() is None:
            kill_all(process)
    assert process.returncode == 0, output
    after = stored(run)
    assert 5 <= len(before) < 40, "it was to be killed in the middle"
    assert after[: len(before)] == before
    ids = [json.loads(line)["custom_id"] for line in after]
    assert len(ids) == len(set(ids)) == 40
    assert "vLLM engine 1 of 1" in output, output
