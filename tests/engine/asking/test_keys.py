"""A key is sent and nowhere kept: not in what a run says, stores or seals, whoever echoes it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.building import GOOD, jsonl, kodgen, pipeline_file
from tests.replay_server import ReplayServer, Reply

pytestmark = pytest.mark.usefixtures("shared_ray")

KEY = "sk-canary-0123456789abcdef"


def kept(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every file below a folder with its content, the rows of tables in words."""
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes().decode("utf-8", "replace")
            if path.suffix == ".parquet":
                content += str(pq.read_table(path).to_pylist())
            yield path, content


def echoing(status: int) -> Reply:
    body = {"error": {"message": f"Incorrect API key provided: {KEY}", "code": None}}
    return Reply(status, body, {"X-Your-Key": KEY, "WWW-Authenticate": f'Bearer realm="{KEY}"'})


def test_no_key_is_in_what_a_run_leaves_or_says(tmp_path: Path) -> None:
    jsonl(tmp_path / "questions.jsonl", [{"question": f"Add up, {n}."} for n in range(6)])
    seen: list[str] = []

    def answers(body: dict[str, Any], name: str) -> str | Reply:
        first = name not in seen
        seen.append(name)
        prompt = body["messages"][-1]["content"]
        if "Add up, 1." in prompt:
            return echoing(400)
        if "Add up, 2." in prompt and first:
            return echoing(500)
        return GOOD

    with ReplayServer(answers) as server, ReplayServer(answers) as down:
        down.stop()
        llm = {
            "backend": "openai",
            "model": "m",
            "endpoints": [{"base_url": down.url}, {"base_url": server.url}],
            "give_up_seconds": 20,
        }
        file = pipeline_file(tmp_path, server.url, llm=llm)
        before = {path for path, _ in kept(tmp_path)}
        done = kodgen("build", file, OPENAI_API_KEY=KEY)
        assert done.returncode == 0, done.stderr
        assert server.headers[-1]["authorization"] == f"Bearer {KEY}"
        left = dict(kept(tmp_path))
        assert any("Incorrect API key provided: [key]" in content for content in left.values())
        assert len(left) > len(before) + 5
    with ReplayServer(lambda body, name: echoing(401)) as server:
        (tmp_path / "other").mkdir()
        jsonl(tmp_path / "other" / "questions.jsonl", [{"question": "Add up."}])
        file = pipeline_file(tmp_path / "other", server.url)
        stopped = kodgen("build", file, OPENAI_API_KEY=KEY)
        assert stopped.returncode == 6, stopped.stderr
    said = done.stdout + done.stderr + stopped.stdout + stopped.stderr
    assert "[key]" in said
    assert KEY not in said
    assert [path for path, content in kept(tmp_path) if KEY in content] == []
