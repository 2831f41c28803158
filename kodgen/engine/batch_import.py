"""Reads what a batch API answered back into a run's store of completions."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kodgen.engine.batch import Exports
from kodgen.engine.store.completions import CompletionStore
from kodgen.engine.store.journal import Journal
from kodgen.engine.store.rundir import batch_folder, completions_file, locked
from kodgen.errors import InputError, LLMRefusal, RunDirectoryError
from kodgen.llm.batch_format import batch_id, from_batch_line, provider_message
from kodgen.llm.protocol import BROKEN_OFF, Completion, Request

NAMED = 5
"""Unknown ids that are told one by one."""
BROKEN_LINE = "broken_line"


@dataclass(slots=True)
class Imported:
    """What came of reading results."""

    stored: int = 0
    known: int = 0
    """Answers that were stored before."""
    failed: dict[str, str] = field(default_factory=dict)
    """Requests without an answer, with the code that the provider gave."""
    unknown: list[str] = field(default_factory=list)
    """Ids, or places in files, of lines that answer nothing this run ever exported."""
    truncated: int = 0
    """Of the answers stored, those that reached `max_tokens`."""

    @property
    def errors(self) -> Counter[str]:
        """How many requests got no answer, by code."""
        return Counter(self.failed.values())

    def as_dict(self) -> dict[str, Any]:
        """For a script."""
        return {
            "stored": self.stored,
            "known": self.known,
            "truncated": self.truncated,
            "errors": dict(sorted(self.errors.items())),
            "unknown": self.unknown,
        }


def import_batch(
    run: Path,
    results: Sequence[Path],
    variant: Callable[[Request], str] = lambda request: "",  # noqa: ARG005
) -> Imported:
    """Store the answers that result files hold; what failed is kept apart, and stays to be asked.

    Args:
        run: The run directory that the requests were exported from.
        results: Output files and error files, in the OpenAI Batch output format.
        variant: How the models are set up now, as `CompletionStore` is given it.

    Raises:
        InputError: A file can't be read, or no line of any answers a request of this run.
        RunDirectoryError: Nothing was exported from the run, another process works on it, or it
            can't be written.
    """
    folder = batch_folder(run)
    if not (folder / "requests.jsonl").exists():
        raise RunDirectoryError(
            f"{run}: nothing was exported from it, so no answer can be its own; run `kodgen batch "
            "export` first, with the same pipeline file and the same --set"
        )
    imported = Imported()
    with locked(run):
        exports = Exports(folder, variant, read_only=True)
        store = CompletionStore(completions_file(run), variant)
        failed = Journal(folder / "errors.jsonl", lambda line: str(line["custom_id"]))
        try:
            for path in results:
                for place, raw in _lines(path):
                    _take(raw, place, exports, store, failed, imported)
        finally:
            for one in (failed, store, exports):
                one.close()
    if not (imported.stored or imported.known or imported.failed):
        raise InputError(
            f"none of {len(imported.unknown)} lines answers a request that was exported from "
            f"{run}; are these its results?"
        )
    return imported


def _lines(path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        with path.open("rb") as file:
            for number, raw in enumerate(file, 1):
                if raw.strip():
                    yield f"{path}:{number}", raw
    except OSError as error:
        raise InputError(f"{path}: can't be read ({error.strerror}); check the name") from error


def _take(
    raw: bytes,
    place: str,
    exports: Exports,
    store: CompletionStore,
    failed: Journal,
    imported: Imported,
) -> None:
    try:
        line = json.loads(raw.decode("utf-8-sig"))
        custom_id = batch_id(line, place)
    except (ValueError, RecursionError, InputError):
        imported.unknown.append(f"{place} (no line of the Batch output format)")
        return
    request = exports.find(custom_id)
    if request is None:
        which = " (exported for a model set up otherwise)" if exports.knows(custom_id) else ""
        imported.unknown.append(custom_id + which)
        return
    if store.answered(request):
        imported.known += 1
        imported.failed.pop(custom_id, None)
        return
    read = _answer(line, place)
    if not isinstance(read, Completion):
        code, message = read
        imported.failed[custom_id] = code
        entry = {"custom_id": custom_id, "code": code, "message": message}
        if failed.get(custom_id) != entry:
            failed.append(entry)
        return
    completion = read.model_copy(
        update={"request_id": request.id, "model": read.model or request.model}
    )
    store.add(request, completion, None)
    imported.failed.pop(custom_id, None)
    imported.stored += 1
    imported.truncated += completion.finish_reason == "length"


def _answer(line: Mapping[str, Any], place: str) -> Completion | tuple[str, str]:
    """The completion that a line holds; or else the code and the words of what went wrong."""
    try:
        completion = from_batch_line(line, place)
    except LLMRefusal as refusal:
        return _code(line), str(refusal)
    except InputError as error:
        return BROKEN_LINE, str(error)
    if completion.finish_reason in BROKEN_OFF:
        return completion.finish_reason, "the server broke off its answer"
    return completion


def _code(line: Mapping[str, Any]) -> str:
    """What the provider calls an error: its code, its type, or the HTTP status."""
    response = line.get("response")
    body = response.get("body") if isinstance(response, Mapping) else None
    for holder in (line.get("error"), body):
        found = holder
        while isinstance(found, Mapping):
            for key in ("code", "type"):
                if isinstance(found.get(key), str) and found[key]:
                    return str(found[key])
            found = found.get("error")
    status = response.get("status_code") if isinstance(response, Mapping) else None
    return f"http_{status}" if status is not None else provider_message(line.get("error"))[:40]


def imported_lines(imported: Imported, run: Path, file: str) -> list[str]:
    """What to tell a user, and what to do next."""
    lines = [f"{imported.stored:,} answers stored, {imported.known:,} known before"]
    if imported.truncated:
        lines.append(f"{imported.truncated:,} of them reached max_tokens")
    if imported.failed:
        told = ", ".join(f"{code} {count:,}" for code, count in imported.errors.most_common())
        lines.append(f"{len(imported.failed):,} without an answer: {told}")
        lines.append(
            f"  they are listed in {batch_folder(run) / 'errors.jsonl'}, and are to be asked again"
        )
    if imported.unknown:
        named = ", ".join(imported.unknown[:NAMED])
        more = ", ..." if len(imported.unknown) > NAMED else ""
        lines.append(f"{len(imported.unknown):,} lines answer nothing exported here: {named}{more}")
    lines.append(
        f"next: kodgen batch export {file} -o FOLDER writes what is to be asked next; once nothing "
        f"is, kodgen build {file}"
    )
    return lines
