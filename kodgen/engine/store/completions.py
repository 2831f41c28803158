"""The store of raw completions: what was paid for, apart from what is parsed out of it.

Each line is a line of the OpenAI Batch output format with one field more, `kodgen`, so the file
can be read by the `recorded` backend as it is. The key is what determines a text: model, prompt,
sampling and seed. `max_tokens` is left out of it: raising it asks again only for completions that
were cut off.
"""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kodgen.engine.store.journal import Journal
from kodgen.llm.batch_format import from_batch_line, to_batch_line
from kodgen.llm.protocol import Completion, Request


def completion_key(request: Request) -> str:
    """SHA-256 over everything that determines the text of a completion, in hex."""
    parts = request.model_dump(mode="json", exclude={"id": True, "sampling": {"max_tokens"}})
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@dataclass(slots=True)
class Tokens:
    """Tokens as the server counted them; of answers it counted nothing for, none."""

    prompt: int = 0
    completion: int = 0


class CompletionStore:
    """Completions on disk, found by the request that asks for them.

    `spent` holds the tokens of all stored answers by stage, those of earlier processes too.

    Raises:
        RunDirectoryError: The file is broken or can't be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.spent: dict[str, Tokens] = defaultdict(Tokens)
        self._journal = Journal(path, self._index)

    def find(self, request: Request) -> Completion | None:
        """The stored answer to a request; None if it must be asked (again)."""
        line = self._journal.get(completion_key(request))
        if line is None:
            return None
        completion = from_batch_line(line, place=str(self._path))
        cut_off = completion.finish_reason == "length"
        if cut_off and request.sampling.max_tokens > line["kodgen"]["max_tokens"]:
            return None
        return completion

    def add(
        self,
        request: Request,
        completion: Completion,
        seconds: float,
        *,
        together: tuple[str, int] | None = None,
    ) -> None:
        """Store an answer and how long it took; returns once a kill can't lose it.

        `together` names a sample of several given in one request: the id of the first of them,
        whose seed drove all, and this one's number among them.
        """
        extra: dict[str, Any] = {
            "key": completion_key(request),
            "max_tokens": request.sampling.max_tokens,
            "seconds": round(seconds, 3),
        }
        if together is not None:
            extra["together"] = {"first": together[0], "sample": together[1]}
        self._journal.append(to_batch_line(completion) | {"kodgen": extra})

    def close(self) -> None:
        """Sync and close."""
        self._journal.close()

    def _index(self, line: dict[str, Any]) -> str:
        """Count a line's tokens; its key. The journal calls this once for each line."""
        spent = self.spent[line["custom_id"].split("/", 1)[0]]
        usage = line["response"]["body"].get("usage") or {}
        spent.prompt += usage.get("prompt_tokens") or 0
        spent.completion += usage.get("completion_tokens") or 0
        key: str = line["kodgen"]["key"]
        return key
