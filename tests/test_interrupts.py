"""Ctrl-C during a build: the first time what is under way is kept, the second time it ends."""

import os
import re
import signal
import socket
import time
import urllib.request

import pytest

from tests import building
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


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def scraped(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        return answer.read().decode()


def test_a_stage_that_was_not_begun_is_not(tmp_path):
    questions(tmp_path)
    with ReplayServer(lambda body, request: GOOD, latency_seconds=2) as server:
        seeds = {"path": "questions.jsonl", "text": "question", "license": "MIT"}
        subsets = [{"name": "A", "method": "assessment", "seeds": seeds, "count": 2}]
        process = start("build", pipeline_file(tmp_path, server.url, subsets=subsets))
        until(lambda: sum(server.counts.values()) == 2, process)
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 130, output
    assert sum(server.answered.values()) == 2
    assert not list((tmp_path / "runs" / "run").glob("02-*"))


def test_what_is_in_flight_at_the_first_is_kept_and_nothing_new_is_asked(tmp_path):
    questions(tmp_path)
    with ReplayServer(lambda body, request: GOOD, latency_seconds=2) as server:
        settings = {**llm(server), "concurrency": 2}
        own_ray = {"ray_address": None}
        file = pipeline_file(tmp_path, server.url, llm=settings, engine=own_ray)
        process = start("build", file)
        until(lambda: sum(server.counts.values()) == 2, process)
        # As a terminal does: Ray's processes and the sandbox's hear it too.
        os.killpg(process.pid, signal.SIGINT)
        output, _ = process.communicate(timeout=60)
        assert process.returncode == 130, output
        assert "being finished and kept" in output
        assert re.search(r"run the same command to go on$", output.strip())
        assert sum(server.counts.values()) == 2
        assert len(stored_requests(tmp_path / "runs" / "run")) == 2
        server.latency_seconds = 0
        shared = f"engine.ray_address={building.ray_address}"
        assert kodgen("build", file, "--set", shared).returncode == 0
        assert set(server.counts.values()) == {1}


def test_the_second_stops_at_once_and_the_run_goes_on(tmp_path):
    questions(tmp_path)
    with ReplayServer(lambda body, request: GOOD, latency_seconds=120) as server:
        port = free_port()
        file = pipeline_file(tmp_path, server.url, llm=llm(server), engine={"metrics_port": port})
        process = start("build", file)
        until(lambda: sum(server.counts.values()) == 6, process)
        until(lambda: f'{{endpoint="{server.url}",stage="solve"}} 6.0' in scraped(port), process)
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
