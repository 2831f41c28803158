"""Requests exported by `kodgen batch export`, answered by vLLM's own batch runner, imported."""

import os
import subprocess
import sys

from tests.building import jsonl, kodgen
from tests.vllm.test_build import pipeline, stored

RUN_BATCH_SECONDS = 600


def test_vllm_answers_what_is_exported(tiny, tmp_path):
    # A server's section: only the model's name has to be the one that vLLM is given.
    llm = {"backend": "openai", "model": str(tiny), "base_url": "http://127.0.0.1:9/v1"}
    once = {
        "probe": 2,
        "budget": {"easy": 2, "medium": 2, "hard": 2},
        "sampling": {"max_tokens": 2000},
    }
    file = pipeline(tmp_path, tiny, 3, llm=llm, solve=once)
    exported = kodgen("batch", "export", file, "-o", tmp_path / "requests")
    assert exported.returncode == 0, exported.stdout + exported.stderr
    (shard,) = (tmp_path / "requests").glob("solve-*.jsonl")
    results = jsonl(tmp_path / "results.jsonl", [])
    command = [sys.executable, "-m", "vllm.entrypoints.openai.run_batch"]
    command += ["-i", str(shard), "-o", str(results), "--model", str(tiny), "--enforce-eager"]
    command += [
        "--max-model-len",
        "8192",
        "--no-enable-chunked-prefill",
        "--reasoning-parser",
        "qwen3",
    ]
    subprocess.run(
        [*command, "--kv-cache-memory-bytes", str(2**27)],
        check=True,
        timeout=RUN_BATCH_SECONDS,
        env=os.environ | {"OPENAI_API_KEY": "unused"},
    )
    imported = kodgen("batch", "import", file, results)
    assert imported.returncode == 0, imported.stdout + imported.stderr
    assert len(stored(tmp_path / "runs" / "run")) == 6
    done = kodgen("build", file)
    assert done.returncode in {0, 8}, done.stdout + done.stderr
    assert len(stored(tmp_path / "runs" / "run")) == 6, "a build asks nothing again"
