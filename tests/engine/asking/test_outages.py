"""Endpoints that take time to be ready, fail, or come and go; the first one up is enough."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from kodgen.config import OpenAILLM, Sampling
from kodgen.engine.asking.asker import Asker
from kodgen.engine.asking.endpoint import Endpoint
from kodgen.engine.asking.outages import LLMDown
from kodgen.engine.stopping import Stop, StoppedEarly
from kodgen.engine.store.completions import CompletionStore
from kodgen.errors import Interrupted, LLMError, LLMFault, LLMMisconfigured
from kodgen.llm.protocol import Completion, Message, Request


class Engine:
    """Answers at once, when it has loaded its model; loading may fail a few times."""

    can_prefill = True
    most_together = 1

    def __init__(self, name: str, seconds: float, *failures: LLMError) -> None:
        self.name = name
        self.starts = self.answers = 0
        self.closed = False
        self._seconds = seconds
        self._failures = list(failures)

    async def start(self) -> None:
        self.starts += 1
        await asyncio.sleep(self._seconds)
        if self._failures:
            raise self._failures.pop(0)

    async def complete(self, request: Request) -> Completion:
        await asyncio.sleep(0.005)
        self.answers += 1
        return Completion(request_id=request.id, model="m", text="x", finish_reason="stop")

    async def complete_together(self, requests: Sequence[Request]) -> Sequence[Completion]:
        return [await self.complete(one) for one in requests]

    async def close(self) -> None:
        self.closed = True


def request(number: int) -> Request:
    return Request(
        id=f"solve/q{number}/0",
        model="m",
        messages=(Message(role="user", content=f"say {number}"),),
        sampling=Sampling(),
        seed=number,
    )


def with_engines(
    folder: Path,
    engines: Sequence[Engine],
    work: Callable[[Asker], Awaitable[Any]],
    stop: Stop | None = None,
    give_up: float = 5,
    retries: int = 8,
) -> Any:
    settings = OpenAILLM(
        backend="openai",
        model="m",
        base_url="http://h/v1",
        give_up_seconds=give_up,
        retries=retries,
    )

    async def main() -> Any:
        store = CompletionStore(folder / "completions.jsonl")
        endpoints = [Endpoint(one, 4, adaptive=False) for one in engines]
        asker = Asker(endpoints, settings, store, stop or Stop())
        try:
            async with asyncio.timeout(30):
                return await work(asker)
        finally:
            await asker.close()
            store.close()
            assert all(one.closed for one in engines)

    return asyncio.run(main())


async def ask(asker: Asker, numbers: range) -> list[Any]:
    asked = (asker.complete(request(n), 0) for n in numbers)
    return await asyncio.gather(*asked, return_exceptions=True)


def test_the_first_engine_that_is_up_answers_and_the_others_join(tmp_path: Path) -> None:
    quick, slow = Engine("quick", 0.1), Engine("slow", 0.8)

    async def work(asker: Asker) -> None:
        await asker.start()
        states = [one.state for one in asker.snapshot().endpoints]
        assert states == ["up", "starting"]
        await ask(asker, range(20))
        assert slow.answers == 0
        await asyncio.sleep(1.0)
        await ask(asker, range(20, 60))

    with_engines(tmp_path, [slow, quick][::-1], work)
    assert quick.answers + slow.answers == 60
    assert slow.answers > 10
    assert (quick.starts, slow.starts) == (1, 1)


def test_requests_wait_for_the_first_engine_without_work(tmp_path: Path) -> None:
    async def work(asker: Asker) -> float:
        asked = asyncio.create_task(ask(asker, range(3000)))
        await asyncio.sleep(0.5)
        spent = time.process_time()
        await asyncio.sleep(1.0)
        spent = time.process_time() - spent
        asked.cancel()
        return spent

    assert with_engines(tmp_path, [Engine("one", 60)], work) < 0.3


def test_an_engine_that_could_not_start_is_started_again(tmp_path: Path) -> None:
    flaky = Engine("flaky", 0.0, LLMFault("lost a node"), LLMFault("lost another"))
    answers = with_engines(tmp_path, [flaky], lambda asker: ask(asker, range(5)))
    assert [answer.text for answer in answers] == ["x"] * 5
    assert flaky.starts == 3


def test_one_that_never_starts_is_given_up_and_one_that_never_will_stops_the_run(
    tmp_path: Path,
) -> None:
    never = Engine("never", 0.0, *[LLMFault("lost a node")] * 99)
    answers = with_engines(tmp_path, [never], lambda asker: ask(asker, range(3)), give_up=1)
    assert [type(answer) for answer in answers] == [LLMDown] * 3
    assert "lost a node" in str(answers[0])
    wrong = Engine("wrong", 0.0, LLMMisconfigured("no such model"))
    answers = with_engines(tmp_path, [wrong], lambda asker: ask(asker, range(3)))
    assert [type(answer) for answer in answers] == [LLMMisconfigured] * 3
    both = [Engine("wrong", 0.0, LLMMisconfigured("no such model")), Engine("right", 0.2)]
    answers = with_engines(tmp_path, both, lambda asker: ask(asker, range(3)))
    assert [answer.text for answer in answers] == ["x"] * 3


def test_a_run_that_is_to_end_does_not_wait_for_an_engine(tmp_path: Path) -> None:
    stop = Stop()

    async def work(asker: Asker) -> list[Any]:
        asked = asyncio.create_task(ask(asker, range(3)))
        await asyncio.sleep(0.2)
        stop.request(Interrupted("enough"))
        return await asked

    answers = with_engines(tmp_path, [Engine("one", 60)], work, stop)
    assert [type(answer) for answer in answers] == [StoppedEarly] * 3


def test_a_bug_met_by_a_probe_is_not_waited_for(tmp_path: Path) -> None:
    class Broken(Engine):
        async def complete(self, asked: Request) -> Completion:
            if asked.id == "probe":
                raise ZeroDivisionError
            raise LLMFault("lost")

    broken = Broken("broken", 0.0)
    answers = with_engines(tmp_path, [broken], lambda asker: ask(asker, range(3)), give_up=60)
    assert [type(answer) for answer in answers] == [ZeroDivisionError] * 3


def test_an_error_that_is_a_bug_is_not_waited_for(tmp_path: Path) -> None:
    class Broken(Engine):
        async def start(self) -> None:
            raise ZeroDivisionError

    async def work(asker: Asker) -> None:
        with pytest.raises(ZeroDivisionError):
            await asker.start()

    with_engines(tmp_path, [Broken("broken", 0.0)], work)


@pytest.mark.parametrize("seed", range(2))
def test_engines_that_come_and_go_answer_everything_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    for name in ("breaker.FIRST_PROBE", "breaker.LONGEST_PROBE", "asker.FIRST_WAIT"):
        monkeypatch.setattr(f"kodgen.engine.asking.{name}", 0.01)
    chance = random.Random(seed)

    class Flapping(Engine):
        """Up or down for a random number of requests; in flight ones may go either way."""

        left = 0
        up = True

        async def complete(self, asked: Request) -> Completion:
            if self.left <= 0:
                self.up, self.left = chance.random() < 0.5, chance.randrange(1, 40)
            self.left -= 1
            up = self.up
            await asyncio.sleep(chance.choice((0, 0, 0.001, 0.02)))
            if not up:
                raise LLMFault("lost", busy=chance.random() < 0.2)
            return await super().complete(asked)

    settled: list[Asker] = []

    async def work(asker: Asker) -> list[Any]:
        settled.append(asker)
        return await ask(asker, range(300))

    engines = [Flapping("one", 0.0), Flapping("other", 0.0)]
    answers = with_engines(tmp_path, engines, work, give_up=60, retries=10_000)
    assert [answer.text for answer in answers] == ["x"] * 300
    end = settled[0].snapshot()
    assert (end.in_flight, end.waiting, end.answers) == (0, 0, 300)
