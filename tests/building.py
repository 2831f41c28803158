"""Helpers for tests that run the command line: pipeline files, processes, sealed rows."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import yaml

from kodgen.records import Question
from tests import forking

SHARED = Path(__file__).resolve().parents[1] / ".." / "shared"
RECORDED = tuple(SHARED / "recorded" / name / "trials.jsonl" for name in ("algorithm", "leetcode"))


READ_LATE = frozenset({"OPENAI_API_KEY"})
"""Variables that nothing looks at while it is imported, so that a fork can be given them."""

LIGHT = {
    "cpu_seconds": 5,
    "workers": 1,
    "coverage": False,
    "control": False,
    "stubs": False,
}
"""A sandbox that runs tests once, for builds whose trials are only to pass or to fail."""

ray_address: str | None = None
"""A running cluster for builds to use, while the fixture `shared_ray` is active."""


def jsonl(path: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    """Write rows as JSONL."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def pipeline_file(folder: Path, url: str, **changes: Any) -> Path:
    """A pipeline of given questions (`questions.jsonl`) against a server, changed as wanted."""
    content: dict[str, Any] = {
        "name": "run",
        "runs": str(folder / "runs"),
        "llm": {
            "backend": "openai",
            "model": "m",
            "base_url": url,
            "concurrency": 16,
            "give_up_seconds": 30,
            "retries": 4,
        },
        "subsets": [
            {
                "name": "A",
                "method": "given",
                "seeds": {"path": "questions.jsonl", "text": "question", "license": "MIT"},
            }
        ],
        "solve": {"probe": 1, "budget": {"easy": 1, "medium": 1, "hard": 1}},
        "sandbox": {"cpu_seconds": 5, "workers": 1},
    }
    content.update(changes)
    if ray_address is not None:
        content["engine"] = {"ray_address": ray_address, **content.get("engine", {})}
    path = folder / "pipeline.yaml"
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return path


def kodgen(
    *arguments: str | Path, timeout: float = 300, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end: by a fork, or in a new process if `environment` wants one."""
    if environment.keys() <= READ_LATE:
        return forking.run([str(argument) for argument in arguments], timeout, environment)
    return subprocess.run(
        [sys.executable, "-m", "kodgen", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout,
        env=os.environ | environment,
        check=False,
    )


def start(*arguments: str | Path) -> subprocess.Popen[str]:
    """Start the command line as the leader of a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "kodgen", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def stored_requests(run: Path) -> set[str]:
    """Ids of the requests whose answers are in the store, a torn last line aside."""
    raw = (run / "completions" / "completions.jsonl").read_bytes()
    whole = raw[: raw.rfind(b"\n") + 1]
    return {json.loads(line)["custom_id"] for line in whole.splitlines()}


def sealed_digests(run: Path) -> dict[str, str]:
    """SHA-256 of every file that two runs on the same completions must have in common."""
    files = [path for path in sorted(run.rglob("*.parquet")) if path.name != "observations.parquet"]
    return {
        str(path.relative_to(run)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


def rows(run: Path, stage: str, name: str = "kept") -> list[dict[str, Any]]:
    """Rows of a sealed file."""
    (file,) = run.glob(f"[0-9][0-9]-{stage}/{name}.parquet")
    return pq.read_table(file).to_pylist()


def answer(solution: str, test: str) -> str:
    """A completion in the layout that the prompt asks for."""
    return (
        f"<solution>\n```python\n{solution}\n```\n</solution>\n"
        f"<tests>\n```python\n{test}\n```\n</tests>"
    )


GOOD = answer(
    "def add(a, b):\n    return a + b",
    "from solution import add\n\ndef test_add():\n    assert add(1, 2) == 3",
)
BAD = answer(
    "def add(a, b):\n    return a - b",
    "from solution import add\n\ndef test_add():\n    assert add(1, 2) == 3",
)


def question(name: str, text: str | None = None) -> Question:
    """A question brought by the user; its text is its name unless said otherwise."""
    return Question(
        id=name,
        subset="A",
        text=name if text is None else text,
        seed_ids=(),
        licenses=(),
        method="given",
        model="given",
        prompt_version="none",
    )
