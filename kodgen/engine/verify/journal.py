"""The rows that `verify` has verdicts for, kept beside its output until that is whole.

The first line says what the verdicts are of; each other one is a row's number and its verdict, in
order of arrival. After a kill the same command finds there what is done.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from kodgen.engine.store.lines import Lines
from kodgen.errors import RunDirectoryError
from kodgen.pipeline.identity import differences


class VerifyJournal:
    """Verdicts by row number, on disk as soon as they are added.

    Memory holds the numbers of rows that are done ahead of one that is not, and no verdicts.

    Args:
        path: The file; made if missing.
        work: What the verdicts are of: input, columns, settings, versions.
        restart: Discard what is there.

    Raises:
        RunDirectoryError: It has verdicts of other work (the differences are named), another
            process is writing to it, or it is broken or can't be written.
    """

    def __init__(self, path: Path, work: Mapping[str, Any], *, restart: bool) -> None:
        self.path = path
        self.done = 0
        """Number of rows that have a verdict."""
        self.passed = 0
        """How many of them passed."""
        self._below = 0
        self._beyond: set[int] = set()
        self._work: Any = None
        self._lock = _lock(path)
        try:
            if restart:
                os.truncate(path, 0)
            self._lines = Lines(path)
            for offset, raw in self._lines.scan():
                self._note(self._lines.parsed(offset, raw))
            self._claim(work)
        except BaseException:
            self._lock.close()
            raise

    def _note(self, line: Any) -> None:
        """Count a line, one that was there before or one just added."""
        if isinstance(line, dict) and "verdicts_of" in line:
            self._work = line["verdicts_of"]
            return
        try:
            number, outcome = line["row"], line["verdict"]["outcome"]
        except (KeyError, TypeError) as error:
            raise RunDirectoryError(
                f"{self.path}: has a line that `kodgen verify` did not write; move the file away"
            ) from error
        self.done += 1
        self.passed += outcome == "passed"
        self._beyond.add(number)
        while self._below in self._beyond:
            self._beyond.remove(self._below)
            self._below += 1

    def _claim(self, work: Mapping[str, Any]) -> None:
        plain = json.loads(json.dumps(work))
        found = differences(self._work or {}, plain)
        if self.done and found:
            self._lines.close()
            told = "\n".join(f"  {line}" for line in found)
            raise RunDirectoryError(
                f"{self.path}: holds {self.done:,} verdicts of a command that was stopped and that "
                f"differs from this one in:\n{told}\n"
                "Repeat that command to go on with it, give another -o, or discard its verdicts "
                "with --restart."
            )
        if found:
            self._lines.clear()
            self._append({"verdicts_of": plain})

    def __contains__(self, number: int) -> bool:
        return number < self._below or number in self._beyond

    def add(self, number: int, verdict: Mapping[str, Any]) -> None:
        """Keep a row's verdict; when this returns, a kill of the process no longer loses it.

        Raises:
            RunDirectoryError: The disk is full; what was written before stays readable.
        """
        self._append({"row": number, "verdict": dict(verdict)})

    def _append(self, line: Mapping[str, Any]) -> None:
        self._lines.append(json.dumps(line, separators=(",", ":")).encode() + b"\n")
        if self._lines.due():
            self._lines.sync()
        self._note(line)

    def verdicts(self) -> Iterator[dict[str, Any]]:
        """All verdicts, in the order of their rows."""
        ahead: dict[int, dict[str, Any]] = {}
        due = 0
        with self.path.open("rb") as file:
            for raw in file:
                line = json.loads(raw)
                if "row" in line:
                    ahead[line["row"]] = line["verdict"]
                while due in ahead:
                    yield ahead.pop(due)
                    due += 1
        assert not ahead, f"no verdict for row {due}"

    def discard(self) -> None:
        """Remove the file: its verdicts are elsewhere now."""
        self.path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.done == 0:
            self.discard()
        self._lines.close()
        self._lock.close()


def _lock(path: Path) -> IO[bytes]:
    try:
        file = path.open("ab")
    except OSError as error:
        raise RunDirectoryError(
            f"{path}: can't be written ({error.strerror}); give -o a file in a folder that can"
        ) from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise RunDirectoryError(
            f"{path}: another `kodgen verify` is writing to it; wait for it, stop it, or give "
            "another -o"
        ) from error
    return file
