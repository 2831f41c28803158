"""Asking a model over real HTTP: paid once, patient with faults, clear when it gives up."""

import asyncio
import time

import pytest

from kodgen.config import OpenAILLM, Sampling
from kodgen.engine.asking.asker import Asker
from kodgen.engine.asking.opening import open_endpoints
from kodgen.engine.asking.outages import LLMDown
from kodgen.engine.store.completions import CompletionStore, completion_key
from kodgen.errors import LLMMisconfigured, LLMRefusal, LLMUnanswered
from kodgen.llm.backends import open_llm
from kodgen.llm.protocol import Completion, Message, Request
from tests.replay_server import Faults, ReplayServer, Reply


def request(number, max_tokens=100, text="say"):
    return Request(
        id=f"solve/q{number}/0",
        model="m",
        messages=(Message(role="user", content=f"{text} {number}"),),
        sampling=Sampling(max_tokens=max_tokens),
        seed=number,
    )


def echo(body, request_id):
    return f"answer to {body['messages'][-1]['content']}"


def ask(server, folder, requests, **patience):
    """Ask for all at once; results and exceptions in order."""
    section = OpenAILLM(
        backend="openai",
        model="m",
        base_url=server.url,
        **({"retries": 3, "give_up_seconds": 5, "concurrency": 8} | patience),
    )

    async def main():
        store = CompletionStore(folder / "completions.jsonl")
        asker = Asker(await open_endpoints(section, folder, None), section, store)
        try:
            return await asyncio.gather(
                *(asker.complete(r, priority=0) for r in requests), return_exceptions=True
            )
        finally:
            await asker.close()
            store.close()

    return asyncio.run(main())


def test_answers_are_stored_and_never_asked_again(tmp_path):
    requests = [request(n) for n in range(20)]
    with ReplayServer(echo) as server:
        first = ask(server, tmp_path, requests)
        second = ask(server, tmp_path, requests)
        assert first == second
        assert first[3].text == "answer to say 3"
        assert set(server.counts.values()) == {1}


def test_concurrency_holds(tmp_path):
    with ReplayServer(echo, latency_seconds=0.05) as server:
        ask(server, tmp_path, [request(n) for n in range(20)], concurrency=4)
        assert server.max_concurrency == 4


@pytest.mark.parametrize("kind", ["error", "rate_limited", "not_json", "cut_before", "cut_within"])
def test_a_fault_is_tried_again(tmp_path, kind):
    with ReplayServer(echo, faults=Faults(schedule={1: kind, 2: kind})) as server:
        (answer,) = ask(server, tmp_path, [request(1)])
        assert answer.text == "answer to say 1"
        assert sum(server.counts.values()) == 3


def test_a_server_that_fails_for_longer_than_the_retries_and_recovers_costs_no_row(tmp_path):
    started = time.monotonic()

    def failing_for_a_while(body, request_id):
        if time.monotonic() - started < 1.5:
            return Reply(500, {"error": {"message": "warming up"}})
        return echo(body, request_id)

    with ReplayServer(failing_for_a_while) as server:
        answers = ask(server, tmp_path, [request(n) for n in range(5)], retries=1)
        assert [answer.text for answer in answers] == [f"answer to say {n}" for n in range(5)]


def test_a_server_that_is_down_stops_the_run_and_says_so(tmp_path):
    with ReplayServer(echo) as server:
        ask(server, tmp_path, [request(0)])
        server.stop()
        results = ask(server, tmp_path, [request(n) for n in range(3)], give_up_seconds=1)
    assert results[0].text == "answer to say 0"
    assert all(isinstance(result, LLMDown) for result in results[1:])
    assert "run the same command again" in str(results[1])


def test_one_request_the_server_chokes_on_is_told_from_a_server_that_is_down(tmp_path):
    def chokes(body, request_id):
        if request_id == "solve/q1/0":
            return Reply(500, {"error": {"message": "worker died"}})
        return echo(body, request_id)

    with ReplayServer(chokes) as server:
        answers = ask(server, tmp_path, [request(n) for n in range(3)], give_up_seconds=1)
    assert isinstance(answers[1], LLMUnanswered)
    assert "worker died" in str(answers[1])
    assert answers[0].text == "answer to say 0"
    assert answers[2].text == "answer to say 2"


@pytest.mark.parametrize("status", [400, 401, 404])
def test_a_server_that_refuses_everything_stops_the_run(tmp_path, status):
    def refusing(body, request_id):
        return Reply(status, {"error": {"message": "no such thing"}})

    with ReplayServer(refusing) as server:
        results = ask(server, tmp_path, [request(n) for n in range(3)])
        assert all(isinstance(result, LLMMisconfigured) for result in results)
        assert "no such thing" in str(results[0])
        assert set(server.counts.values()) == {1}


def test_one_refused_request_among_answered_ones_is_not_tried_again(tmp_path):
    def choosy(body, request_id):
        if request_id == "solve/q0/0":
            return Reply(400, {"error": {"message": "prompt too long"}})
        return echo(body, request_id)

    with ReplayServer(choosy, latency_seconds=0.05) as server:
        results = ask(server, tmp_path, [request(n) for n in range(3)])
        assert isinstance(results[0], LLMRefusal)
        assert [result.text for result in results[1:]] == ["answer to say 1", "answer to say 2"]
        assert set(server.counts.values()) == {1}
        # After a restart the stage's stored answers vouch for the server.
        (again,) = ask(server, tmp_path, [request(0)])
        assert isinstance(again, LLMMisconfigured)
        _, again = ask(server, tmp_path, [request(1), request(0)])
        assert isinstance(again, LLMRefusal)


def test_a_rate_limit_is_nobody_s_fault(tmp_path):
    turns = []

    def limited(body, request_id):
        turns.append(request_id)
        if len(turns) % 3:
            return Reply(429, {"error": {"message": "slow down"}}, {"Retry-After": "0.05"})
        return echo(body, request_id)

    with ReplayServer(limited) as server:
        requests = [request(n) for n in range(12)]
        answers = ask(server, tmp_path, requests, retries=0, give_up_seconds=30)
    assert [answer.text for answer in answers] == [f"answer to say {n}" for n in range(12)]


def test_an_answer_that_the_server_broke_off_is_no_answer(tmp_path):
    broken = []

    def breaking(body, request_id):
        if not broken:
            broken.append(request_id)
            choice = {"index": 0, "finish_reason": "abort", "message": {"content": "half"}}
            return Reply(200, {"model": "m", "choices": [choice]})
        return echo(body, request_id)

    with ReplayServer(breaking) as server:
        (answer,) = ask(server, tmp_path, [request(1)])
    assert answer.text == "answer to say 1"


def completion(number, finish="stop"):
    return Completion(
        request_id=f"solve/q{number}/0",
        model="m",
        text="half an ans",
        finish_reason=finish,
        prompt_tokens=3,
        completion_tokens=4,
    )


def test_the_store_keeps_answers_apart_by_what_determines_them(tmp_path):
    store = CompletionStore(tmp_path / "completions.jsonl")
    store.add(request(1), completion(1), 0.5)
    assert store.find(request(1)) == completion(1)
    assert store.find(request(2)) is None
    assert store.find(request(1, text="tell")) is None
    changed = request(1).model_copy(update={"sampling": Sampling(temperature=0.1, max_tokens=100)})
    assert store.find(changed) is None


def test_raising_max_tokens_asks_again_only_for_what_was_cut_off(tmp_path):
    store = CompletionStore(tmp_path / "completions.jsonl")
    store.add(request(1), completion(1, "stop"), 0.5)
    store.add(request(2), completion(2, "length"), 0.5)
    assert store.find(request(1, max_tokens=200)) is not None
    assert store.find(request(2, max_tokens=200)) is None
    assert store.find(request(2, max_tokens=100)) is not None
    assert completion_key(request(2, max_tokens=200)) == completion_key(request(2))


def test_the_store_can_be_read_by_the_recorded_backend(tmp_path):
    from kodgen.config import RecordedLLM

    with ReplayServer(echo) as server:
        (answer,) = ask(server, tmp_path, [request(1)])
    section = RecordedLLM(backend="recorded", model="m", paths=["completions.jsonl"])

    async def recall():
        llm = open_llm(section, tmp_path)
        try:
            return await llm.complete(request(1))
        finally:
            await llm.close()

    recalled = asyncio.run(recall())
    assert recalled.text == answer.text
    assert recalled.finish_reason == answer.finish_reason


def test_no_key_is_ever_stored(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-0123456789")
    with ReplayServer(echo) as server:
        ask(server, tmp_path, [request(1)])
        assert "sk-canary" in server.headers[-1]["authorization"]
    assert b"sk-canary" not in (tmp_path / "completions.jsonl").read_bytes()


def test_tokens_are_counted_by_stage_and_over_restarts(tmp_path):
    path = tmp_path / "completions.jsonl"
    store = CompletionStore(path)
    store.add(request(1), completion(1), 0.5)
    store.add(request(2), completion(2), 0.5)
    store.close()
    again = CompletionStore(path)
    again.add(request(3), completion(3), 0.5)
    assert (again.spent["solve"].prompt, again.spent["solve"].completion) == (9, 12)
    assert again.spent["synthesize"].prompt == 0


def test_an_outage_in_the_middle_costs_no_request(tmp_path):
    answered = []

    def failing_in_the_middle(body, request_id):
        if len(answered) >= 4 and time.monotonic() - answered[3] < 1.5:
            return Reply(503, {"error": {"message": "restarting"}})
        answered.append(time.monotonic())
        return echo(body, request_id)

    with ReplayServer(failing_in_the_middle) as server:
        requests = [request(n) for n in range(12)]
        answers = ask(server, tmp_path, requests, retries=1, concurrency=4, give_up_seconds=20)
    assert [answer.text for answer in answers] == [f"answer to say {n}" for n in range(12)]
