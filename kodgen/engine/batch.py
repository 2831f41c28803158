"""Requests written for a batch API, and what they are known by until their answers come back."""

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Never

from kodgen.config import LLMSettings, OpenAILLM
from kodgen.engine.store.files import draft_of, explained, publish
from kodgen.engine.store.journal import Journal
from kodgen.engine.tools import Run
from kodgen.errors import ConfigError, LLMUnanswered
from kodgen.llm.batch_input import to_batch_request
from kodgen.llm.protocol import LLM, Completion, Request
from kodgen.records import Verdict, content_hash
from kodgen.sandbox.scrutiny import FULL, Scrutiny

MOST_REQUESTS, MOST_BYTES = 50_000, 200_000_000
"""Of one input file, as OpenAI's Batch API takes it (its guide; 200 MB)."""
LONGEST_ID = 64
"""Characters of a `custom_id`; some providers take no more."""
TURNS = 20
"""Turns of the event loop in which a row that can go on does."""


class Exports:
    """Every request that was ever exported from a run, by its `custom_id`.

    An id once given to a request stays with it: one that an edit changed gets another id, so that
    the answer to the old one is never taken for its own.

    Args:
        folder: Where it is kept.
        variant: Digest of what determines the answer to a request beside the request itself, as
            `CompletionStore` is given it.
        read_only: Change nothing on disk.
    """

    def __init__(
        self,
        folder: Path,
        variant: Callable[[Request], str] = lambda request: "",  # noqa: ARG005
        *,
        read_only: bool = False,
    ) -> None:
        self._variant = variant
        if not read_only:
            folder.mkdir(exist_ok=True)
        self._journal = Journal(folder / "requests.jsonl", _custom_id, read_only=read_only)

    def add(self, request: Request) -> tuple[str, bool]:
        """The id of a request, and whether it had one before."""
        content = content_hash(request.model_dump_json(), self._variant(request), length=40)
        hashed = f"{request.id.split('/', 1)[0]}/{content}"
        if self.knows(hashed):
            return hashed, True
        fits = len(request.id) <= LONGEST_ID
        if fits and self.find(request.id) == request:
            return request.id, True
        name = request.id if fits and not self.knows(request.id) else hashed
        line = {"custom_id": name, "request": request.model_dump(mode="json")}
        self._journal.append(line | {"variant": self._variant(request)})
        return name, False

    def knows(self, custom_id: str) -> bool:
        """Whether an id was given to any request, also to one that nothing asks any more."""
        return custom_id in self._journal

    def find(self, custom_id: str) -> Request | None:
        """The request that an id was given to; None where there is none that is still the same."""
        line = self._journal.get(custom_id)
        if line is None:
            return None
        request = Request.model_validate(line["request"])
        return request if line["variant"] == self._variant(request) else None

    def close(self) -> None:
        """Sync and close."""
        self._journal.close()


def _custom_id(line: dict[str, Any]) -> str:
    name: str = line["custom_id"]
    return name


class Collector:
    """Writes requests down instead of having them answered; every row gets as far as it can.

    Args:
        exports: Where requests are written down.
        settled: Told the stage each time that no row gets any further, before the rows are.
    """

    def __init__(
        self,
        exports: Exports,
        settled: Callable[[str], None] = lambda stage: None,  # noqa: ARG005
    ) -> None:
        self._settled = settled
        self.wanted: dict[str, str] = {}
        """The `custom_id` of every request, by request id."""
        self.again = 0
        """How many of them were exported before."""
        self._exports = exports
        self._running = self._steps = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._settling: asyncio.Task[None] | None = None

    def backend(self, section: LLMSettings) -> LLM:
        """What is asked in the place of the backend of a section."""
        return _Backend(self, section)

    async def take(self, request: Request) -> Never:
        """Write a request down.

        Raises:
            LLMUnanswered: Always, once no row gets any further: a row asks for no more after it.
        """
        self._steps += 1
        custom_id, again = self._exports.add(request)
        self.again += again
        self.wanted[request.id] = custom_id
        if self._settling is None or self._settling.done():
            self._settling = asyncio.ensure_future(self._settle(request))
        await asyncio.shield(self._settling)
        raise LLMUnanswered(f"{request.id}: to be answered in a batch")

    def watching(self, run: Run) -> Run:
        """The same way to run a trial, seen by this collector."""

        async def watched(solution: str, test: str, scrutiny: Scrutiny = FULL) -> Verdict:
            self._running += 1
            self._idle.clear()
            try:
                return await run(solution, test, scrutiny)
            finally:
                self._steps += 1
                self._running -= 1
                if self._running == 0:
                    self._idle.set()

        return watched

    async def _settle(self, request: Request) -> None:
        """Return once no row can go on with what is stored."""
        seen = -1
        while seen != self._steps or self._running:
            await self._idle.wait()
            seen = self._steps
            for _ in range(TURNS):
                await asyncio.sleep(0)
        self._settled(request.id.split("/", 1)[0])


class _Backend:
    """A backend that answers nothing."""

    name = "batch"
    most_together = 1

    def __init__(self, collector: Collector, section: LLMSettings) -> None:
        self._collector = collector
        self.can_prefill = isinstance(section, OpenAILLM) and section.user_turn is not None

    async def start(self) -> None:
        """Nothing to do."""

    async def complete(self, request: Request) -> Completion:
        """Have a request written down."""
        await self._collector.take(request)

    async def complete_together(self, requests: Sequence[Request]) -> Sequence[Completion]:
        """Have requests written down."""
        return [await self.complete(request) for request in requests]

    async def close(self) -> None:
        """Nothing to let go of."""


@dataclass(slots=True)
class Shards:
    """Input files of one stage; each for one model and one URL, within the limits of providers.

    Args:
        folder: Where they are written.
        stage: What they are named after.
        most_requests: Lines of one file.
        most_bytes: Bytes of one file.
    """

    folder: Path
    stage: str
    most_requests: int = MOST_REQUESTS
    most_bytes: int = MOST_BYTES
    files: list[Path] = field(default_factory=list)

    def write(self, lines: Iterable[dict[str, Any]]) -> None:
        """Write requests, in their order.

        Raises:
            ConfigError: The folder holds such files already, or a request alone is too large.
            RunDirectoryError: The disk is full or the folder can't be written.
        """
        with explained(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            old = sorted(self.folder.glob(f"{self.stage}-*.jsonl"))
        if old:
            raise ConfigError(
                f"{old[0]}: left by an earlier export; delete these files, or name another folder "
                "with -o"
            )
        open_files: dict[tuple[str, str], _Shard] = {}
        for line in lines:
            raw = json.dumps(line, separators=(",", ":")).encode() + b"\n"
            if len(raw) > self.most_bytes:
                raise ConfigError(
                    f"{line['custom_id']}: a request of {len(raw):,} bytes is more than a batch "
                    "file may hold; shorten what its prompt shows"
                )
            kind = (line["url"], line["body"]["model"])
            shard = open_files.setdefault(kind, _Shard())
            full = len(shard.lines) == self.most_requests
            if full or shard.bytes + len(raw) > self.most_bytes:
                self._flush(shard)
                shard = open_files[kind] = _Shard()
            shard.lines.append(raw)
            shard.bytes += len(raw)
        for shard in open_files.values():
            self._flush(shard)

    def _flush(self, shard: "_Shard") -> None:
        path = self.folder / f"{self.stage}-{len(self.files) + 1:05d}.jsonl"
        with explained(path):
            draft_of(path).write_bytes(b"".join(shard.lines))
            publish(path)
        self.files.append(path)


@dataclass(slots=True)
class _Shard:
    lines: list[bytes] = field(default_factory=list)
    bytes: int = 0


def request_lines(
    collector: Collector, exports: Exports, sections: Mapping[str, LLMSettings]
) -> Iterator[dict[str, Any]]:
    """Input lines of all requests collected, in the order of their ids: the same every time.

    Args:
        collector: Collected them.
        exports: Holds them.
        sections: The stage's models, by name.
    """
    for name in sorted(collector.wanted):
        custom_id = collector.wanted[name]
        request = exports.find(custom_id)
        assert request is not None, "a request is written down before it is wanted"
        yield to_batch_request(request, custom_id, sections[request.model])
