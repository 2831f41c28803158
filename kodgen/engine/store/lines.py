"""An append-only file of JSON lines: what is in it has happened, whatever becomes of the process.

One writer, one line per fact, one `write` call per line, so a kill leaves at most one torn last
line, which opening drops.
"""

import errno
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kodgen.errors import RunDirectoryError

FSYNC_SECONDS = 1.0
"""Longest that a line may sit in the page cache: what a power cut (not a kill) can take."""

CHUNK = 1 << 20


class Lines:
    """The lines of one file, found by offset.

    Args:
        path: The file; made if missing.
        read_only: Change nothing on disk; a missing file has no lines.

    Raises:
        RunDirectoryError: The file can't be read or written.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self._read_only = read_only
        self._torn = False
        self._file = -1
        if read_only and not path.exists():
            self.end = 0
            return
        flags = os.O_RDONLY if read_only else os.O_RDWR | os.O_CREAT | os.O_APPEND
        try:
            self._file = os.open(path, flags | os.O_CLOEXEC, 0o644)
            self.end = _whole(self._file)
            """Where the last whole line ends, in bytes."""
            if not read_only and os.fstat(self._file).st_size != self.end:
                os.ftruncate(self._file, self.end)
        except OSError as error:
            raise self._unwritable(error) from error
        self._synced = time.monotonic()

    def scan(self, start: int = 0) -> Iterator[tuple[int, bytes]]:
        """Offset and bytes of every line from an offset on, its newline included."""
        if self._file < 0:
            return
        offset, end = start, self.end
        with self.path.open("rb", buffering=CHUNK) as file:
            os.posix_fadvise(file.fileno(), start, 0, os.POSIX_FADV_SEQUENTIAL)
            file.seek(start)
            for raw in file:
                if offset >= end:
                    break
                yield offset, raw
                offset += len(raw)

    def read(self, offset: int, length: int) -> bytes:
        """A stretch of the file; shorter where the file ends before."""
        return os.pread(self._file, length, offset) if length else b""

    def append(self, raw: bytes) -> int:
        """Write one line; when this returns, a kill of the process no longer loses it.

        Returns:
            Its offset.

        Raises:
            RunDirectoryError: The disk is full; what was written before stays readable.
        """
        try:
            self._write(raw)
        except OSError as error:
            raise self._unwritable(error) from error
        offset = self.end
        self.end += len(raw)
        return offset

    def _write(self, raw: bytes) -> None:
        if self._torn:
            self._drop_torn()
        if os.write(self._file, raw) != len(raw):
            self._torn = True
            self._drop_torn()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _drop_torn(self) -> None:
        """Remove what a full disk left of a line; tried again where it fails."""
        os.ftruncate(self._file, self.end)
        self._torn = False

    def due(self) -> bool:
        """Whether it is time to sync."""
        return time.monotonic() - self._synced > FSYNC_SECONDS

    def sync(self) -> None:
        """Have the disk hold every line.

        Raises:
            RunDirectoryError: It can't.
        """
        if self._read_only:
            return
        try:
            os.fsync(self._file)
        except OSError as error:
            raise self._unwritable(error) from error
        self._synced = time.monotonic()

    def clear(self) -> None:
        """Discard every line."""
        os.ftruncate(self._file, 0)
        self.end = 0

    def close(self) -> None:
        """Sync and close."""
        if self._file >= 0:
            file = self._file
            try:
                self.sync()
            finally:
                self._file = -1
                os.close(file)

    def parsed(self, offset: int, raw: bytes) -> Any:
        """The value that a line holds.

        Raises:
            RunDirectoryError: It is not JSON; the message names file and line.
        """
        try:
            return json.loads(raw)
        except ValueError as error:
            raise RunDirectoryError(
                f"{self.path}:{self.number(offset)}: not JSON, though not the last line, so the "
                "disk or an editor broke it; delete this line to have its work done again"
            ) from error

    def number(self, offset: int) -> int:
        """Number of the line at an offset, from 1."""
        found, at = 1, 0
        while at < offset:
            chunk = self.read(at, min(CHUNK, offset - at))
            found += chunk.count(b"\n")
            at += len(chunk) or offset
        return found

    def _unwritable(self, error: OSError) -> RunDirectoryError:
        return RunDirectoryError(
            f"{self.path}: can't be written ({error.strerror}); make space or fix its "
            "permissions, then run the same command again: everything before is kept"
        )


def _whole(file: int) -> int:
    """Where the last whole line of a file ends."""
    end = os.fstat(file).st_size
    while end > 0:
        start = max(0, end - CHUNK)
        newline = os.pread(file, end - start, start).rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
        end = start
    return 0
