"""Answers from files in the OpenAI Batch output format: no server, no key, the same every time."""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from kodgen import config
from kodgen.errors import InputError, LLMRefusal, LLMUnanswered
from kodgen.llm.batch_format import batch_id, excerpt, from_batch_line
from kodgen.llm.protocol import BROKEN_OFF, Completion, Request


class RecordedLLM:
    """Completions looked up by request id.

    Every line is checked when the files are opened; in memory stay only ids and offsets. Where an
    id has several lines, the last answer holds (files later in the list correct earlier ones, and
    an appended line the ones before it), and a failed request never hides an answer.

    Args:
        section: Its `model` is the one named in the completions, whatever the files say.
        paths: The files, as paths of this machine.

    Raises:
        InputError: A file is missing, unreadable or holds no line; or a line is malformed.
    """

    name = "recorded completions"
    can_prefill = True
    most_together = 1

    def __init__(self, section: config.RecordedLLM, paths: Sequence[Path]) -> None:
        self._model = section.model
        self._names = [str(path) for path in paths]
        self._index: dict[str, tuple[int, int, int]] = {}
        """Per request id the number of its file, the byte offset and the number of its line."""
        self._open = ExitStack()
        try:
            self._files = [self._open.enter_context(_opened(path)) for path in paths]
            for number, file in enumerate(self._files):
                self._read(number, file)
        except BaseException:
            self._open.close()
            raise

    def __len__(self) -> int:
        """How many requests have a line."""
        return len(self._index)

    def _read(self, number: int, file: IO[bytes]) -> None:
        name = self._names[number]
        empty = True
        for line_number, offset, raw in _lines(file):
            empty = False
            place = f"{name}:{line_number}"
            line = _parsed(raw, place)
            request = batch_id(line, place)
            try:
                from_batch_line(line, place)
            except LLMRefusal:
                if request in self._index:
                    continue
            self._index[request] = (number, offset, line_number)
        if empty:
            raise InputError(f"{name}: holds no line; is this a Batch output file?")

    async def start(self) -> None:
        """Nothing to do: the files were read when they were opened."""

    async def complete(self, request: Request) -> Completion:
        """Look one request up.

        Raises:
            LLMUnanswered: It has no line.
            LLMRefusal: Its line says that it failed.
        """
        found = self._index.get(request.id)
        if found is None:
            raise LLMUnanswered(
                f"no recorded completion for {request.id!r} in any of `llm.paths`; add its line"
            )
        number, offset, line_number = found
        file = self._files[number]
        file.seek(offset)
        place = f"{self._names[number]}:{line_number}"
        completion = from_batch_line(_parsed(file.readline(), place), place)
        if completion.finish_reason in BROKEN_OFF:
            raise LLMUnanswered(f"{request.id}: the recorded answer was broken off; record it anew")
        return completion.model_copy(update={"model": self._model})

    async def complete_together(self, requests: Sequence[Request]) -> Sequence[Completion]:
        """Look several up; raises as `complete` does."""
        return [await self.complete(request) for request in requests]

    async def close(self) -> None:
        """Close the files."""
        self._open.close()


def _opened(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError(
            f"{path}: can't be read ({error.strerror}); check `llm.paths` in the pipeline file, "
            "whose relative paths start from its own folder"
        ) from error


def _lines(file: IO[bytes]) -> Iterator[tuple[int, int, bytes]]:
    """Number (from 1), byte offset and bytes of every line that is not blank."""
    offset = 0
    for line_number, raw in enumerate(file, start=1):
        if raw.strip():
            yield line_number, offset, raw
        offset += len(raw)


def _parsed(raw: bytes, place: str) -> Any:
    try:
        return json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{place}: not JSON ({error}): {excerpt(raw)}; fix the line or delete it"
        ) from error
