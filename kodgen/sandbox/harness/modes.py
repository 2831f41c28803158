"""Changes of mode and time where the system call filter refuses them all.

A run that shares our user could change those of any file of that user's, and no filter can see
which file is meant. So none is changed; but libraries change their own files' modes and think
nothing of it (`shelve`, `shutil.copy`), and to them it is told that it went well, as file systems
without modes do (`quiet` in mount(8)). This is no part of the wall, which is the kernel's.
"""

import functools
import os
from collections.abc import Callable
from typing import Any

_NAMES = ("chmod", "fchmod", "utime")
_SUPPORTS = (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks)


def forgive(folder: str) -> None:
    """From now on, have refused changes below a folder pass without effect."""
    inside = os.path.realpath(folder) + "/"
    for name in _NAMES:
        original = getattr(os, name)
        replacement = _forgiving(original, inside)
        for supported in _SUPPORTS:
            if original in supported:
                supported.add(replacement)
        setattr(os, name, replacement)


def _forgiving(original: Callable[..., None], inside: str) -> Callable[..., None]:
    @functools.wraps(original)
    def change(path: Any, *arguments: Any, **options: Any) -> None:
        try:
            original(path, *arguments, **options)
        except PermissionError:
            if not _place(path, options.get("dir_fd")).startswith(inside):
                raise

    return change


def _place(path: Any, above: int | None) -> str:
    """Where a file is that there is."""
    if isinstance(path, int):
        return os.readlink(f"/proc/self/fd/{path}")  # noqa: PTH115
    start = "." if above is None else f"/proc/self/fd/{above}"
    place = os.path.realpath(os.path.join(start, os.fsdecode(path)))  # noqa: PTH118
    os.lstat(place)
    return place
