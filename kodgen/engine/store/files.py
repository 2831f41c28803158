"""Files of a run directory: written whole or not at all, and known by their digest."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kodgen.errors import RunDirectoryError


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what goes wrong in writing `path` into a message that says what to do.

    Raises:
        RunDirectoryError: The disk is full or the folder can't be written.
    """
    try:
        yield
    except OSError as error:
        raise RunDirectoryError(
            f"{path}: can't be written ({error.strerror}); make space or fix its permissions, "
            "then run the same command again"
        ) from error


def draft_of(path: Path) -> Path:
    """Where a file is written before it is whole."""
    return path.with_name(path.name + ".draft")


def publish(path: Path) -> None:
    """Let a finished draft appear under its name, once the disk holds it."""
    draft = draft_of(path)
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.replace(path)


def write_whole(path: Path, text: str) -> None:
    """Write a text file.

    Raises:
        RunDirectoryError: The disk is full or the folder can't be written.
    """
    with explained(path):
        draft_of(path).write_text(text, encoding="utf-8")
        publish(path)


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
