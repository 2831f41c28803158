"""The level `rlimits`: a trial in a folder of its own, and nothing that hides the rest.

Taken only where the user has accepted that.
"""

import shutil
import tempfile
from pathlib import Path

from . import root
from .ending import descendants, kill_descendants
from .seccomp import Policy
from .settings import Layout, Settings
from .world import WITHIN


class Folder:
    """See `World`."""

    def __init__(self, settings: Settings) -> None:
        self.policy = Policy(allow_exec=settings.allow_exec)
        self._home = tempfile.mkdtemp(prefix="kodgen-trial-")
        self.layout = Layout(*(f"{self._home}/{name}" for name in ("source", "work", "tmp")))
        self._make_folders()

    def _make_folders(self) -> None:
        for folder in (self.layout.source, self.layout.work, self.layout.tmp):
            Path(folder).mkdir(parents=True, mode=0o700)

    def furnish(self) -> None:
        """Make the run's folders anew."""
        shutil.rmtree(self._home, ignore_errors=True)
        self._make_folders()

    def place(self, files: dict[str, bytes]) -> None:
        """Write the files; nothing keeps a run from changing its own."""
        root.write_sources(self.layout.source, files)

    def enter_run(self) -> None:
        """Nothing is taken from a run."""

    @staticmethod
    def fullness() -> int:
        """Nothing but the size of each file is limited."""
        return WITHIN

    @staticmethod
    def members() -> list[int]:
        """Every process below this one; orphans among them, where this is their subreaper."""
        return descendants()

    @staticmethod
    def end_all() -> None:
        """Kill all below this process, until nothing is left of it."""
        kill_descendants()

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self._home, ignore_errors=True)
