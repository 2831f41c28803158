import json
import math
import socket
import statistics
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.replay_server import FaultKind, Faults, LogNormal, ReplayServer

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


def body_of(server: ReplayServer, request: str, **more: Any) -> dict[str, Any]:
    body = {"model": "m", "messages": [{"role": "user", "content": "?"}], **more}
    call = urllib.request.Request(
        f"{server.url}/chat/completions",
        data=json.dumps(body).encode(),
        headers={"X-Request-Id": request},
    )
    with urllib.request.urlopen(call, timeout=10) as response:
        answer: dict[str, Any] = json.loads(response.read())
        return answer


def test_n_samples_are_the_attempts_named_or_those_that_follow() -> None:
    with ReplayServer(answers=lambda body, request: f"for {request}") as server:
        for header, names in {"s/q/2,s/q/5": (2, 5), "s/q/2": (2, 3)}.items():
            found = body_of(server, header, n=2)
            texts = [choice["message"]["content"] for choice in found["choices"]]
            assert texts == [f"for s/q/{name}" for name in names]
            assert found["usage"]["completion_tokens"] == 4
        assert server.answered == {"s/q/2": 2, "s/q/5": 1, "s/q/3": 1}


def test_truncated_answers_say_so() -> None:
    with ReplayServer(answers={"a": "one two three"}, truncate=True) as server:
        for most, text, finish in ((3, "one two three", "stop"), (2, "one two", "length")):
            (choice,) = body_of(server, "a", max_tokens=most)["choices"]
            assert (choice["message"]["content"], choice["finish_reason"]) == (text, finish)


def test_latencies_are_log_normal_and_each_request_has_its_own() -> None:
    latency = LogNormal(mean=2.0, sigma=0.6)
    found = [latency.seconds(f"r/{n}") for n in range(4000)]
    assert found == [latency.seconds(f"r/{n}") for n in range(4000)]
    assert statistics.fmean(found) == pytest.approx(2.0, rel=0.05)
    assert statistics.stdev(map(math.log, found)) == pytest.approx(0.6, rel=0.05)
    median = LogNormal.of_median(1.5, 0.6)
    middle = statistics.median(median.seconds(f"r/{n}") for n in range(4000))
    assert middle == pytest.approx(1.5, rel=0.05)


def test_requests_beyond_the_slots_queue_and_service_time_counts_from_the_slot() -> None:
    with (
        ReplayServer(lambda body, request: "x", latency_seconds=0.2, slots=2) as server,
        ThreadPoolExecutor(6) as pool,
    ):
        started = time.monotonic()
        list(pool.map(lambda n: post(server, "?", f"r/{n}"), range(6)))
        assert time.monotonic() - started >= 0.6
        assert 1.2 <= server.busy_seconds < 1.2 + 0.5
        assert server.max_concurrency > 2


def test_requests_beyond_what_it_bears_are_refused_at_once() -> None:
    with (
        ReplayServer(lambda body, request: "x", latency_seconds=1.0, refuse_beyond=2) as server,
        ThreadPoolExecutor(4) as pool,
    ):
        statuses = pool.map(lambda n: status_of(server, "?", f"r/{n}"), range(4))
        assert sorted(statuses) == [200, 200, 503, 503]
        assert (server.refused, server.max_concurrency) == (2, 2)


def test_a_client_that_goes_away_frees_its_slot() -> None:
    with ReplayServer(lambda body, request: "x", latency_seconds=30, slots=1) as server:
        body = json.dumps({"messages": []})
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            head = f"POST /v1/completions HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n"
            client.sendall((head + body).encode())
            while not server.counts:
                time.sleep(0.01)
            time.sleep(0.2)
        server.latency_seconds = 0.0
        assert post(server, "?", "r/0") == "x"
        assert 0.1 < server.wasted_seconds < 10


@pytest.mark.parametrize(
    ("kind", "status"), [("unavailable", 503), ("empty", None), ("truncated_json", None)]
)
def test_faults_of_the_answer_itself(kind: FaultKind, status: int | None) -> None:
    with ReplayServer({"a": "y"}, faults=Faults(schedule={1: kind})) as server:
        if status is None:
            with pytest.raises(json.JSONDecodeError):
                body_of(server, "a")
        else:
            assert status_of(server, "?", "a") == status
        assert server.answered.total() == 0
        assert post(server, "?", "a") == "y"
