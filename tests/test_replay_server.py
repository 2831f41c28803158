import json
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.replay_server import Faults, ReplayServer

SHARED = Path(__file__).resolve().parents[1] / ".." / "shared"
TRIALS = [SHARED / "recorded" / name / "trials.jsonl" for name in ("algorithm", "leetcode")]


def post(server: ReplayServer, prompt: str, request: str) -> str:
    body = {"model": "m", "messages": [{"role": "user", "content": prompt}]}
    call = urllib.request.Request(
        f"{server.url}/chat/completions",
        data=json.dumps(body).encode(),
        headers={"X-Request-Id": quote(request)},
    )
    with urllib.request.urlopen(call, timeout=10) as response:
        text: str = json.loads(response.read())["choices"][0]["message"]["content"]
        return text


def status_of(server: ReplayServer, prompt: str, request: str) -> int:
    try:
        post(server, prompt, request)
    except urllib.error.HTTPError as error:
        return error.code
    return 200


@pytest.mark.skipif(not TRIALS[0].exists(), reason="the recorded trials are not there")
def test_every_recorded_question_is_recognised_in_a_prompt_of_ours() -> None:
    rows = [json.loads(line) for path in TRIALS for line in path.open(encoding="utf-8")]
    assert len({row["question"] for row in rows}) == 199
    with ReplayServer(trials=TRIALS) as server:
        for row in rows:
            prompt = f"Solve this.\n\n> {row['question']}\n\nThen   write tests."
            assert post(server, prompt, f"solve/q/{row['trial']}") == row["response"]
        assert status_of(server, rows[0]["question"], "solve/q/3") == 400
        assert status_of(server, "What is this?", "solve/q/0") == 400


def test_the_longest_question_counts_and_an_attempt_has_its_own_answer(tmp_path: Path) -> None:
    rows = [
        {"question": "Sort a list.", "trial": 0, "response": "short"},
        {"question": "Sort a list.\n Then  reverse it.", "trial": 0, "response": "long 0"},
        {"question": "Sort a list.\n Then  reverse it.", "trial": 1, "response": "long 1"},
    ]
    path = tmp_path / "trials.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    with ReplayServer(trials=[path]) as server:
        assert post(server, "Please: Sort a list.", "solve/q/0") == "short"
        assert post(server, "Please: Sort a list. Then reverse\nit.", "solve/q/1") == "long 1"
        assert server.counts == {"solve/q/0": 1, "solve/q/1": 1}
        assert server.answered.total() == 2


def test_scheduled_faults_happen_and_pass() -> None:
    faults = Faults(schedule={1: "error", 2: "rate_limited", 4: "not_json"})
    with ReplayServer(answers={"a": "yes"}, faults=faults) as server:
        assert [status_of(server, "?", "a") for _ in range(3)] == [500, 429, 200]
        with pytest.raises(json.JSONDecodeError):
            post(server, "?", "a")
        server.faults = Faults()
        assert post(server, "?", "a") == "yes"
        assert (server.counts["a"], server.answered["a"]) == (5, 2)


def test_faults_by_rate_depend_on_the_request_alone() -> None:
    faults = Faults(rates={"error": 0.3, "not_json": 0.2})
    found = [faults.at(0, f"r/{n}", 0) for n in range(1000)]
    assert found == [faults.at(99, f"r/{n}", 0) for n in range(1000)]
    assert 0.25 < found.count("error") / 1000 < 0.35
    assert 0.15 < found.count("not_json") / 1000 < 0.25
    assert any(faults.at(0, "r/0", before) is None for before in range(20))


def test_it_goes_down_and_comes_back_at_the_same_port() -> None:
    with ReplayServer(answers={"a": "yes"}) as server:
        port = server.port
        server.stop()
        with pytest.raises(urllib.error.URLError, match="refused"):
            post(server, "?", "a")
        server.start()
        assert server.port == port
        assert post(server, "?", "a") == "yes"
