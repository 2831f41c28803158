"""The level `rlimits`: a trial in a folder of its own, and nothing that hides the rest.

Taken only where the user has accepted that; `container` builds on it.
"""

import contextlib
import os
import shutil
import signal
import tempfile
from pathlib import Path

from . import root
from .settings import Layout, Settings


class Folder:
    """See `World`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._home = tempfile.mkdtemp(prefix="kodgen-trial-")
        self.layout = Layout(*(f"{self._home}/{name}" for name in ("source", "work", "tmp")))
        self._make_folders()

    def _make_folders(self) -> None:
        for folder in (self.layout.source, self.layout.work, self.layout.tmp):
            Path(folder).mkdir(parents=True, mode=0o700)

    def furnish(self, files: dict[str, str]) -> None:
        """Make the run's folders anew."""
        shutil.rmtree(self._home, ignore_errors=True)
        self._make_folders()
        root.write_sources(self.layout.source, files)

    @staticmethod
    def members() -> list[int]:
        """Every process below this one; orphans among them, where this is their subreaper."""
        return _descendants()

    @staticmethod
    def end_all() -> None:
        """Kill all below this process, until nothing is left of it."""
        _kill_descendants()

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self._home, ignore_errors=True)


def _descendants() -> list[int]:
    found: list[int] = []
    waiting = [os.getpid()]
    while waiting:
        parent = waiting.pop()
        for path in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                children = [int(pid) for pid in path.read_text().split()]
            except OSError:
                continue
            found += children
            waiting += children
    return found


def _kill_descendants() -> None:
    # Until none is left to be seen: one may fork while the others are killed.
    while pids := _descendants():
        for pid in pids:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(-1, 0)
