"""A small OpenAI-compatible HTTP server that replays answers, with latency and faults at will.

It speaks real HTTP on the loopback interface, so the client under test is the real one. Answers
come from recorded trials, by recognising the recorded question in the prompt whatever stands
around it; or from a mapping by request id; or from a function. Which attempt a request is for is
read from the `X-Request-Id` header (`<stage>/<row id>/<attempt>`, URL-quoted; several with commas
between them where `n` samples are asked for together): attempt k gets recorded trial k. Nothing
depends on chance or on the order of arrival, but for faults scheduled by the number of the
request, and for what queues where the server has a limited number of slots.

    with ReplayServer(trials=[path], latency_seconds=0.1) as server:
        ... server.url ...

    python tests/replay_server.py --port 8000 --slots 32 --mean 2 --sigma 0.6 trials.jsonl
"""

import argparse
import asyncio
import contextlib
import hashlib
import json
import math
import statistics
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import unquote

FaultKind = Literal[
    "error",
    "unavailable",
    "rate_limited",
    "not_json",
    "truncated_json",
    "empty",
    "cut_before",
    "cut_within",
    "delay",
]
"""`empty` is a 200 without a body; `truncated_json` one whose body, sent whole, ends too soon."""

_PHRASES = {status.value: status.phrase for status in HTTPStatus}

RAW_CUT = 40
"""Bytes of the body that are sent before the connection is cut within it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer in full, for servers that misbehave in a way of their own."""

    status: int
    body: bytes | str | Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


Answers = Mapping[str, str] | Callable[[dict[str, Any], str], "str | Reply | None"]
"""Text by request id; or a function of the request's body and id. None is a refusal."""


@dataclass(frozen=True, slots=True)
class LogNormal:
    """Latencies of a log-normal distribution; a hash of the request's id gives each its own.

    Args:
        mean: Mean of the latencies, in seconds.
        sigma: Standard deviation of their logarithm.
    """

    mean: float
    sigma: float

    @classmethod
    def of_median(cls, median: float, sigma: float) -> "LogNormal":
        """With this median; mean = median * exp(sigma^2 / 2)."""
        return cls(median * math.exp(sigma**2 / 2), sigma)

    def seconds(self, request: str) -> float:
        """The latency of a request."""
        share = (_hash(f"latency\n{request}") + 0.5) / 2**64
        normal = statistics.NormalDist(math.log(self.mean) - self.sigma**2 / 2, self.sigma)
        return math.exp(normal.inv_cdf(share))


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong, and when.

    Args:
        schedule: Fault by the number of the request, counted from 1 in order of arrival.
        rates: Share of requests that meet a fault; a hash of the request's id and of how often
            it was asked before decides.
        delay_seconds: How long a delayed answer takes longer.
        retry_after: What a 429 asks for in its Retry-After header.
        salt: Goes into the hash, so that two servers fail at different requests.
    """

    schedule: Mapping[int, FaultKind] = field(default_factory=dict)
    rates: Mapping[FaultKind, float] = field(default_factory=dict)
    delay_seconds: float = 1.0
    retry_after: str = "0.05"
    salt: str = ""

    def at(self, number: int, request: str, before: int) -> FaultKind | None:
        """The fault that a request meets."""
        if number in self.schedule:
            return self.schedule[number]
        share = _hash(f"{self.salt}{request}\n{before}") / 2**64
        for kind, rate in self.rates.items():
            if share < rate:
                return kind
            share -= rate
        return None


class Recordings:
    """Recorded trials, found by the question that a prompt holds.

    Args:
        paths: JSONL files whose rows have `question`, `trial` and `response`.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._responses: dict[str, dict[int, str]] = defaultdict(dict)
        for path in paths:
            with path.open(encoding="utf-8") as file:
                for row in map(json.loads, file):
                    self._responses[_normal(row["question"])][row["trial"]] = row["response"]
        self.questions = sorted(self._responses, key=lambda text: (-len(text), text))
        """Recorded questions, white space made single, the longest first."""

    def __call__(self, body: dict[str, Any], request: str) -> str | None:
        """The recorded response; None for an unknown question or an attempt not recorded."""
        prompt = _normal(_last_user_turn(body))
        found = next((question for question in self.questions if question in prompt), None)
        return None if found is None else self._responses[found].get(attempt_of(request))


class ReplayServer:
    """The server; a context manager that runs it in a thread of its own.

    Args:
        answers: Where answers come from, unless from `trials`.
        trials: Files of recorded trials.
        latency_seconds: How long every answer takes, or how they are distributed.
        faults: What goes wrong.
        port: Where to listen; any free port if 0.
        slots: Samples served at a time; more queue inside the server, their latency counted from
            when they get a slot.
        refuse_beyond: Samples inside the server from which on more are refused at once, with 503.
        truncate: Cut answers off after the `max_tokens` words that a request allows.

    `latency_seconds`, `faults` and `refuse_beyond` may be set at any time; `stop()` takes the server down (open
    connections are cut, new ones refused), `start()` brings it back at the same port.
    """

    def __init__(
        self,
        answers: Answers | None = None,
        *,
        trials: Sequence[Path] = (),
        latency_seconds: float | LogNormal = 0.0,
        faults: Faults | None = None,
        port: int = 0,
        slots: int | None = None,
        refuse_beyond: int | None = None,
        truncate: bool = False,
    ) -> None:
        self._answers: Answers = Recordings(trials) if answers is None else answers
        self.latency_seconds = latency_seconds
        self.faults = faults or Faults()
        self.port = port
        self.refuse_beyond = refuse_beyond
        self.counts: Counter[str] = Counter()
        """Requests received, by id; faults included."""
        self.answered: Counter[str] = Counter()
        """Completions sent whole, by id; one that was sent as its client died may be lost."""
        self.bodies: deque[dict[str, Any]] = deque(maxlen=100)
        """The last requests' bodies."""
        self.headers: deque[dict[str, str]] = deque(maxlen=100)
        """The same requests' headers, names in lower case."""
        self.max_concurrency = 0
        """Most samples inside the server at a time, queued ones included."""
        self.busy_seconds = 0.0
        """Service time, from when a sample gets its slot, summed over all of them."""
        self.wasted_seconds = 0.0
        """The part of it spent on samples whose client went away before the answer."""
        self.refused = 0
        """Requests refused for being beyond `refuse_beyond`."""
        self._slots = None if slots is None else asyncio.Semaphore(slots)
        self._truncate = truncate
        self._serving = 0
        self._loop = asyncio.new_event_loop()
        self._listener: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def url(self) -> str:
        """Base URL, ending in `/v1`."""
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def start(self) -> None:
        """Listen, at the port it had before if it had one."""
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result()

    def stop(self) -> None:
        """Refuse connections and cut those that are open."""
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()

    async def _start(self) -> None:
        self._listener = await asyncio.start_server(
            self._serve, "127.0.0.1", self.port, backlog=1024
        )
        self.port = self._listener.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        open_connections = list(self._connections)
        for connection in open_connections:
            connection.cancel()
        await asyncio.gather(*open_connections, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection's requests, one after the other."""
        connection = asyncio.current_task()
        assert connection is not None
        self._connections.add(connection)
        try:
            while await self._exchange(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client went away, or this server was stopped
        finally:
            writer.transport.abort()
            self._connections.discard(connection)

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; whether the connection stays open."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ", 2)
        pairs = (line.split(":", 1) for line in head[1:] if line)
        headers = {name.strip().lower(): value.strip() for name, value in pairs}
        content = await reader.readexactly(int(headers.get("content-length", 0)))
        if (method, path) == ("GET", "/v1/models"):
            await _send(writer, Reply(200, {"object": "list", "data": [{"id": "replay"}]}))
            return True
        if (method, path) == ("GET", "/stats"):
            await _send(writer, Reply(200, self._stats()))
            return True
        if method != "POST" or path not in {"/v1/chat/completions", "/v1/completions"}:
            await _send(writer, _refusal(404, f"no such path: {method} {path}"))
            return True
        body = json.loads(content)
        samples = body.get("n") or 1
        if self.refuse_beyond is not None and self._serving + samples > self.refuse_beyond:
            self.refused += 1
            await _send(writer, _refusal(503, "too much at a time"))
            return True
        self._serving += samples
        self.max_concurrency = max(self.max_concurrency, self._serving)
        try:
            return await self._complete(headers, body, path, reader, writer)
        finally:
            self._serving -= samples

    async def _complete(
        self,
        headers: dict[str, str],
        body: dict[str, Any],
        path: str,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> bool:
        requests = _ids(headers.get("x-request-id", ""), body.get("n") or 1)
        self.bodies.append(body)
        self.headers.append(headers)
        before = self.counts[requests[0]]
        self.counts.update(requests)
        fault = self.faults.at(self.counts.total(), requests[0], before)
        await self._work(requests, self.faults.delay_seconds if fault == "delay" else 0.0, reader)
        if fault == "cut_before":
            return False
        reply = self._faulty(fault) or self._reply(body, requests, path)
        if fault == "truncated_json":
            assert isinstance(reply.body, Mapping)
            reply = Reply(
                200, json.dumps(reply.body)[:RAW_CUT], {"Content-Type": "application/json"}
            )
        elif reply.status == 200 and fault in {None, "delay"}:
            self.answered.update(requests)
        await _send(writer, reply, cut=fault == "cut_within")
        return fault != "cut_within"

    async def _work(
        self, requests: Sequence[str], more: float, reader: asyncio.StreamReader
    ) -> None:
        """Take as long as the samples take, each in a slot of its own; less if nobody waits."""
        began: list[float] = []
        samples = [asyncio.ensure_future(self._sample(one, more, began)) for one in requests]
        work = asyncio.gather(*samples)
        gone = asyncio.ensure_future(reader.read(1))
        try:
            await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                raise ConnectionResetError
        finally:
            if not work.done():
                now = time.monotonic()
                self.wasted_seconds += sum(now - start for start in began)
            work.cancel()
            gone.cancel()
            await asyncio.gather(work, gone, return_exceptions=True)

    async def _sample(self, request: str, more: float, began: list[float]) -> None:
        latency = self.latency_seconds
        seconds = latency.seconds(request) if isinstance(latency, LogNormal) else latency
        async with self._slots or contextlib.nullcontext():
            started = time.monotonic()
            began.append(started)
            try:
                await asyncio.sleep(seconds + more)
            finally:
                self.busy_seconds += time.monotonic() - started

    def _faulty(self, fault: FaultKind | None) -> Reply | None:
        """What is sent instead of an answer; None where an answer is."""
        if fault == "error":
            return _refusal(500, "something broke inside")
        if fault == "unavailable":
            return _refusal(503, "no worker is free")
        if fault == "rate_limited":
            reply = _refusal(429, "too many requests")
            return Reply(reply.status, reply.body, {"Retry-After": self.faults.retry_after})
        if fault == "not_json":
            return Reply(200, "<html><body>Bad gateway</body></html>")
        return Reply(200, "") if fault == "empty" else None

    def _reply(self, body: dict[str, Any], requests: Sequence[str], path: str) -> Reply:
        answers = self._answers
        texts = []
        for request in requests:
            found = answers.get(request) if isinstance(answers, Mapping) else answers(body, request)
            if isinstance(found, Reply):
                return found
            if found is None:
                return _refusal(400, f"nothing to replay for {request!r}")
            texts.append(found)
        chat = path.endswith("chat/completions")
        return Reply(200, _completion(body, requests, texts, chat=chat, truncate=self._truncate))

    def _stats(self) -> dict[str, Any]:
        return {
            "requests": self.counts.total(),
            "answered": self.answered.total(),
            "busy_seconds": self.busy_seconds,
            "wasted_seconds": self.wasted_seconds,
            "max_concurrency": self.max_concurrency,
        }


def _ids(header: str, samples: int) -> list[str]:
    """The id of each sample; those that the header does not name follow the last one's attempt."""
    ids = [unquote(one) for one in header.split(",")]
    while len(ids) < samples:
        ids.append(f"{ids[-1].rpartition('/')[0]}/{attempt_of(ids[-1]) + 1}")
    return ids[:samples]


def attempt_of(request: str) -> int:
    """The attempt that a request id ends in; 0 where it ends in none."""
    last = request.rsplit("/", 1)[-1]
    return int(last) if last.isdecimal() else 0


def _normal(text: str) -> str:
    return " ".join(text.split())


def _last_user_turn(body: dict[str, Any]) -> str:
    if "prompt" in body:
        return str(body["prompt"])
    turns = [m["content"] for m in body.get("messages", ()) if m.get("role") == "user"]
    return turns[-1] if turns else ""


def _completion(
    body: dict[str, Any],
    requests: Sequence[str],
    texts: Sequence[str],
    *,
    chat: bool,
    truncate: bool,
) -> dict[str, Any]:
    """The body of an answer; tokens are counted as words, which is all that tests need."""
    most = body.get("max_tokens") or body.get("max_completion_tokens")
    choices: list[dict[str, Any]] = []
    written = 0
    for index, full in enumerate(texts):
        text, finish = full, "stop"
        if truncate and most is not None and len(full.split()) > most:
            text, finish = " ".join(full.split(" ")[:most]), "length"
        written += len(text.split())
        said = {"message": {"role": "assistant", "content": text}} if chat else {"text": text}
        choices.append({"index": index, "finish_reason": finish, **said})
    prompt = len(_last_user_turn(body).split())
    return {
        "id": f"replay-{requests[0]}",
        "object": "chat.completion" if chat else "text_completion",
        "created": 0,
        "model": body.get("model", "replay"),
        "choices": choices,
        "usage": {
            "prompt_tokens": prompt,
            "completion_tokens": written,
            "total_tokens": prompt + written,
        },
    }


def _refusal(status: int, message: str) -> Reply:
    return Reply(status, {"error": {"message": message, "type": "replay", "code": None}})


async def _send(writer: asyncio.StreamWriter, reply: Reply, *, cut: bool = False) -> None:
    is_json = isinstance(reply.body, Mapping)
    body = json.dumps(reply.body) if isinstance(reply.body, Mapping) else reply.body
    content = body.encode() if isinstance(body, str) else body
    kind = "application/json" if is_json else "text/html"
    headers = {"Content-Type": kind, **reply.headers}
    lines = [
        f"HTTP/1.1 {reply.status} {_PHRASES.get(reply.status, 'Unknown')}",
        f"Content-Length: {len(content)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    writer.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
    writer.write(content[:RAW_CUT] if cut else content)
    await writer.drain()
    if cut:
        writer.close()
        await writer.wait_closed()


def main() -> None:
    """Serve recorded trials until interrupted."""
    parser = argparse.ArgumentParser(description="Replay recorded trials over the OpenAI API.")
    parser.add_argument("trials", type=Path, nargs="+", help="JSONL: question, trial, response")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--mean", type=float, default=0.0, help="mean latency, in seconds")
    parser.add_argument("--sigma", type=float, default=0.0, help="of the latency's logarithm")
    parser.add_argument("--slots", type=int, help="samples served at a time; any number if not")
    parser.add_argument("--truncate", action="store_true", help="cut answers off at max_tokens")
    options = parser.parse_args()
    spread = LogNormal(options.mean, options.sigma) if options.sigma else options.mean
    server = ReplayServer(
        trials=options.trials,
        latency_seconds=spread,
        port=options.port,
        slots=options.slots,
        truncate=options.truncate,
    )
    with server:
        print(server.url, flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print(f"{server.counts.total()} requests, {server.max_concurrency} at most at a time")


if __name__ == "__main__":
    main()
