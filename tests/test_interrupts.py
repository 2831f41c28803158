"""Ctrl-C during a build: the first time what is under way is kept, the second time it ends."""

import re
import signal
import time

import pytest

from tests.building import GOOD, jsonl, kodgen, pipeline_file, start, stored_requests
from tests.replay_server import ReplayServer

pytestmark = pytest.mark.usefixtures("shared_ray")


def questions(folder):
    names = ["apples", "a river in flood", "seven clocks", "the moon", "old coins", "a wet dog"]
    jsonl(folder / "questions.jsonl", [{"question": f"Count {name}."} for name in names])


def until(condition, process, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        assert process.poll() is None
        time.sleep(0.02)


def test_what_is_in_flight_at_the_first_is_kept_and_nothing_new_is_asked(tmp_path):
    questions(tmp_path)
    with ReplayServer(lambda body, request: GOOD, latency_seconds=3) as server:
        file = pipeline_file(tmp_path, server.url, llm={**llm(server), "concurrency": 2})
        process = start("build", file)
        until(lambda: sum(server.counts.values()) == 2, process)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=60)
        assert process.returncode == 130, output
        assert "being finished and kept" in output
        assert re.search(r"run the same command to go on$", output.strip())
        assert sum(server.counts.values()) == 2
        assert len(stored_requests(tmp_path / "runs" / "run")) == 2
        server.latency_seconds = 0
        assert kodgen("build", file).returncode == 0
        assert set(server.counts.values()) == {1}


def test_the_second_stops_at_once_and_the_run_goes_on(tmp_path):
    questions(tmp_path)
    with ReplayServer(lambda body, request: GOOD, latency_seconds=120) as server:
        file = pipeline_file(tmp_path, server.url, llm=llm(server))
        process = start("build", file)
        until(lambda: sum(server.counts.values()) == 6, process)
        process.send_signal(signal.SIGINT)
        time.sleep(1)
        assert process.poll() is None  # still waiting for what is in flight
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=30)
        assert process.returncode == 130, output
        assert "Traceback" not in output
        server.latency_seconds = 0
        assert kodgen("build", file).returncode == 0


def llm(server):
    return {
        "backend": "openai",
        "model": "m",
        "base_url": server.url,
        "concurrency": 16,
        "give_up_seconds": 300,
    }
