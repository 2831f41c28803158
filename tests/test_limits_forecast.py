"""Limits and forecasts of `kodgen` as a user meets them: real process, server, Ray and sandbox."""

import hashlib
import json

import pytest

from tests.building import BAD, GOOD, LIGHT, jsonl, kodgen, pipeline_file, rows, stored_requests
from tests.replay_server import ReplayServer

pytestmark = pytest.mark.usefixtures("shared_ray")

PRICE = {"prompt": 1000, "completion": 4000}


def questions(folder, count):
    """Questions that no embedder takes for one another."""
    words = [hashlib.sha256(f"{n}".encode()).hexdigest() for n in range(count)]
    texts = [f"{' '.join(word[i : i + 6] for i in range(0, 48, 6))}" for word in words]
    jsonl(folder / "questions.jsonl", [{"question": text} for text in texts])


def priced_file(folder, url, **changes):
    file = pipeline_file(folder, url, sandbox=LIGHT, **changes)
    return [file, "--set", "llm.concurrency=4", "--set", f"llm.price={json.dumps(PRICE)}"]


def spent(run):
    lines = (run / "completions" / "completions.jsonl").read_text().splitlines()
    usages = [json.loads(line)["response"]["body"]["usage"] for line in lines]
    return (
        sum(usage["prompt_tokens"] for usage in usages),
        sum(usage["completion_tokens"] for usage in usages),
    )


def test_a_run_stops_at_its_limits_and_goes_on(tmp_path):
    questions(tmp_path, 40)
    run = tmp_path / "runs" / "run"
    with ReplayServer(lambda body, request: GOOD, latency_seconds=0.05) as server:
        build = ["build", *priced_file(tmp_path, server.url)]
        done = kodgen(*build, "--max-tokens-total", "1500")
        assert done.returncode == 9, done.stderr
        assert "--max-tokens-total 1,500 is reached" in done.stderr
        assert "Traceback" not in done.stderr
        prompt, completion = spent(run)
        each = (prompt + completion) / len(stored_requests(run))
        assert 1500 - 2 * each <= prompt + completion <= 1500 + 4 * each

        cost = 1.5 * (prompt * 1000 + completion * 4000) / 1e6
        done = kodgen(*build, "--max-cost", str(cost))
        assert done.returncode == 9, done.stderr
        assert "--max-cost" in done.stderr
        prompt, completion = spent(run)
        assert (prompt * 1000 + completion * 4000) / 1e6 == pytest.approx(cost, rel=0.5)

        done = kodgen(*build, "--json")
        assert done.returncode == 0, done.stderr
        assert max(server.counts.values()) == 1
    measured = json.loads(done.stdout)["stages"][-1]["measured"]
    prompt, completion = spent(run)
    assert measured["requests"] == 40
    assert measured["cost"] == pytest.approx((prompt * 1000 + completion * 4000) / 1e6)
    assert 0 < measured["server_utilisation"] <= 1
    assert measured["seconds"] > 0.1


def by_hash(body, request):
    """Passes four times in ten, so that questions differ in the attempts they take."""
    digest = hashlib.sha256(request.encode()).digest()
    return GOOD if digest[0] < 102 else BAD


def test_a_forecast_holds_what_the_full_run_then_measures(tmp_path):
    questions(tmp_path, 40)
    solve = {"probe": 1, "budget": {"easy": 1, "medium": 2, "hard": 4}}
    with ReplayServer(by_hash, latency_seconds=0.02) as server:
        file = priced_file(tmp_path, server.url, solve=solve)
        done = kodgen("preview", *file, "-n", "12", "--forecast", "--json")
        assert done.returncode == 0, done.stderr
        assert not (tmp_path / "runs").exists()
        forecast = json.loads(done.stdout)
        done = kodgen("build", *file, "--json")
        assert done.returncode == 0, done.stderr
    full = {stage["stage"]: stage for stage in json.loads(done.stdout)["stages"]}

    def held(interval, value):
        return interval["low"] <= value <= interval["high"]

    assert (forecast["questions"], forecast["sampled"]) == (40, 12)
    for stage in forecast["stages"]:
        assert held(stage["yield"], full[stage["stage"]]["measured"]["yield"])
    measured = full["solve"]["measured"]
    for name in ("requests", "prompt_tokens", "completion_tokens", "cost"):
        assert held(forecast["total"][name], measured[name]), name
        assert forecast["total"][name]["high"] < 2 * measured[name], name
    assert held(forecast["rows"], full["solve"]["kept"])
    assert forecast["total"]["seconds"]["estimate"] > 0
    assert len(rows(tmp_path / "runs" / "run", "solve")) == full["solve"]["kept"]
