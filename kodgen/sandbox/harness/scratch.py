"""A folder that untrusted code has written in: how full it is, and how it is emptied.

Its names, links, depths and modes are the trial's choice. So everything is reached from the open
folder above it, one name at a time, never through a link, and nothing here goes as deep in calls
or in open files as the tree does, but where its branches make it.
"""

import contextlib
import itertools
import os
import stat
from collections.abc import Iterator

_OPEN = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FULL = 0o700
_BLOCK = 512
"""Bytes of a unit of st_blocks, whatever the file system's own (stat(2))."""


class _Folder:
    """An open folder, closed when its last subfolder has been taken up."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def __del__(self) -> None:
        os.close(self.descriptor)


def usage(path: str, most_entries: int) -> tuple[int, int]:
    """Bytes on disk and entries below a folder, while others may change it.

    Counting ends once there are more than `most_entries`. What can't be looked into, or is gone
    by then, counts as an entry only.

    Raises:
        OSError: There is no such folder, or more open files would be needed than allowed.
    """
    waiting: list[tuple[_Folder, str]] = []
    entries, used = 0, 0
    folder: _Folder | None = _Folder(os.open(path, _OPEN))
    while True:
        if folder is not None:
            for name, found in _entries(folder.descriptor):
                entries += 1
                used += found.st_blocks * _BLOCK
                if entries > most_entries:
                    return used, entries
                if stat.S_ISDIR(found.st_mode):
                    waiting.append((folder, name))
        if not waiting:
            return used, entries
        above, name = waiting.pop()
        folder = None
        with contextlib.suppress(FileNotFoundError, PermissionError, NotADirectoryError):
            folder = _Folder(os.open(name, _OPEN, dir_fd=above.descriptor))


def _entries(descriptor: int) -> Iterator[tuple[str, os.stat_result]]:
    with os.scandir(descriptor) as listing:
        for entry in listing:
            try:
                yield entry.name, entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue


def empty(path: str) -> None:
    """Remove everything below a folder that nobody else changes any more.

    Folders are first moved up, one after the other, to the top: so no depth is too much, and no
    more than two are open at a time.

    Raises:
        OSError: Something can't be removed.
    """
    top = os.open(path, _OPEN)
    try:
        names = _remove_files(top)
        given = frozenset(names)
        free = (name for name in map(str, itertools.count()) if name not in given)
        while names:
            name = names.pop()
            inner = _open(name, top)
            try:
                for child in _remove_files(inner):
                    names.append(next(free))
                    _move(child, inner, names[-1], top)
            finally:
                os.close(inner)
            os.rmdir(name, dir_fd=top)
    finally:
        os.close(top)


def _remove_files(descriptor: int) -> list[str]:
    """Remove all but the subfolders of an open folder; the names of these."""
    with os.scandir(descriptor) as listing:
        found = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in listing]
    for name, folder in found:
        if not folder:
            os.unlink(name, dir_fd=descriptor)
    return [name for name, folder in found if folder]


def _open(name: str, above: int) -> int:
    """Open a folder, and make sure that it can be changed."""
    mode = os.stat(name, dir_fd=above, follow_symlinks=False).st_mode
    if mode & _FULL != _FULL:
        os.chmod(name, _FULL, dir_fd=above)
    return os.open(name, _OPEN, dir_fd=above)


def _move(name: str, source: int, new: str, target: int) -> None:
    """Move a folder, which is to write in it: its entry ".." changes."""
    try:
        os.rename(name, new, src_dir_fd=source, dst_dir_fd=target)
    except PermissionError:
        os.chmod(name, _FULL, dir_fd=source)
        os.rename(name, new, src_dir_fd=source, dst_dir_fd=target)
