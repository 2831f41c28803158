"""An append-only JSONL file: what is in it has happened, whatever becomes of the process.

One writer, one line per fact, one `write` call per line, so a kill leaves at most one torn last
line, which opening drops. Lines are found again by key through an index of offsets, so memory
holds keys and not contents.
"""

import errno
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kodgen.errors import RunDirectoryError

FSYNC_SECONDS = 1.0
"""Longest that a line may sit in the page cache: what a power cut (not a kill) can take."""


class Journal:
    """A journal on disk with an index by key.

    Args:
        path: The file; made if missing.
        key: The index key of a line, or None for a line not to index. A later line with the same
            key replaces an earlier one.

    Raises:
        RunDirectoryError: A line other than the last is broken, or the file can't be written.
    """

    def __init__(self, path: Path, key: Callable[[dict[str, Any]], str | None]) -> None:
        self._path = path
        self._key = key
        self._offsets: dict[str, int] = {}
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise self._unwritable(error) from error
        self._end = self._load()
        self._synced = time.monotonic()

    def _load(self) -> int:
        end = 0
        with self._path.open("rb") as file:
            for number, raw in enumerate(file, 1):
                if not raw.endswith(b"\n"):
                    break
                try:
                    line = json.loads(raw)
                except ValueError as error:
                    raise RunDirectoryError(
                        f"{self._path}:{number}: not JSON, though not the last line, so the disk "
                        "or an editor broke it; delete this line to have its work done again"
                    ) from error
                key = self._key(line)
                if key is not None:
                    self._offsets[key] = end
                end += len(raw)
        os.ftruncate(self._file, end)
        return end

    def __contains__(self, key: str) -> bool:
        return key in self._offsets

    def __len__(self) -> int:
        return len(self._offsets)

    def keys(self) -> Iterator[str]:
        """All keys, in the order they were first written."""
        return iter(self._offsets)

    def get(self, key: str) -> dict[str, Any] | None:
        """The latest line with this key; None if there is none."""
        offset = self._offsets.get(key)
        if offset is None:
            return None
        chunks = []
        while True:
            chunk = os.pread(self._file, 1 << 16, offset)
            head, newline, _ = chunk.partition(b"\n")
            chunks.append(head)
            if newline or not chunk:
                line: dict[str, Any] = json.loads(b"".join(chunks))
                return line
            offset += len(chunk)

    def append(self, line: dict[str, Any]) -> None:
        """Write one line; when this returns, a kill of the process no longer loses it.

        Raises:
            RunDirectoryError: The disk is full; what was written before stays readable.
        """
        raw = json.dumps(line, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"
        try:
            _write_whole(self._file, raw, self._end)
            if time.monotonic() - self._synced > FSYNC_SECONDS:
                self.sync()
        except OSError as error:
            raise self._unwritable(error) from error
        key = self._key(line)
        if key is not None:
            self._offsets[key] = self._end
        self._end += len(raw)

    def sync(self) -> None:
        """Have the disk hold every line."""
        os.fsync(self._file)
        self._synced = time.monotonic()

    def close(self) -> None:
        """Sync and close."""
        self.sync()
        os.close(self._file)

    def _unwritable(self, error: OSError) -> RunDirectoryError:
        return RunDirectoryError(
            f"{self._path}: can't be written ({error.strerror}); make space or fix its "
            "permissions, then run the same command again: everything before is kept"
        )


def _write_whole(file: int, raw: bytes, end: int) -> None:
    if os.write(file, raw) != len(raw):
        os.ftruncate(file, end)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
