"""Statement coverage of the solution: measured in the trial, so worth no more than advice.

The solution is imported by a loader of our own that has its lines watched: by the interpreter where
that can watch single code objects, else by marks in the code. Either way only the solution's code
pays, and little; a trace function would slow down all Python code of a trial, pytest's above all.
The numbers are those of coverage.py, which is asked itself where its exclusions may apply.
"""

import ast
import bisect
import re
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import decode_source, spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from .statements import Survey

if sys.version_info >= (3, 12):
    from .monitor import Tracker
else:
    from .marks import Tracker


class Coverage:
    """Measures one file, made before the fork and started after it."""

    def __init__(self, path: str) -> None:
        """Prepare.

        Args:
            path: The file, which tests import by its name.
        """
        import coverage

        self._path = path
        self._name = Path(path).stem
        self._coverage: Any = coverage.Coverage(data_file=None, config_file=False, messages=False)
        patterns = self._coverage.get_exclude_list("exclude")
        self._exclusion = re.compile("|".join(f"(?:{p})" for p in patterns), re.MULTILINE)
        self._tracker = Tracker()
        self._loaded = False
        self._statements: set[int] | None = None
        self._warm_up()

    def _warm_up(self) -> None:
        """Have imported and looked up what would be in each trial."""
        # A file of the interpreter's, as our own are out of sight by now; and a short one, as each
        # fork server does this once.
        sample = bisect.__file__
        self._compile(Path(sample).read_bytes())
        self._coverage.analysis2(sample)

    def start(self) -> None:
        """Measure what is imported from now on."""
        self._tracker.reset()
        self._loaded, self._statements = False, None
        sys.meta_path.insert(0, self)

    def stop(self) -> tuple[int, int] | None:
        """End; statements that ran and statements in all, or None if that can't be told."""
        try:
            if self in sys.meta_path:
                sys.meta_path.remove(self)
            if not self._loaded:
                self._compile(Path(self._path).read_bytes())
                return None if self._statements is None else (0, len(self._statements))
            if self._statements is None:
                return None
            return len(self._tracker.ran(self._statements)), len(self._statements)
        except Exception:  # noqa: BLE001 - the trial's code may have changed anything
            return None

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Answer `importlib`, which asks every finder: how to load the file, if it is asked for."""
        del path, target
        if name != self._name:
            return None
        return spec_from_file_location(name, self._path, loader=_Loader(name, self._path, self))

    def load(self, source: bytes) -> CodeType:
        """The file's code, watched; or unwatched, and not measured, where that can't be done.

        Raises:
            SyntaxError: It is not Python.
            ValueError: Likewise.
        """
        code = self._compile(source)
        self._loaded = True
        return compile(source, self._path, "exec", dont_inherit=True) if code is None else code

    def _compile(self, source: bytes) -> CodeType | None:
        try:
            text = decode_source(source)
            tree = ast.parse(source, self._path)
            code, statements = self._tracker.compile(source, self._path, tree, Survey(tree, text))
            if self._exclusion.search(text):
                statements = set(self._coverage.analysis2(self._path)[1])
        except Exception:  # noqa: BLE001 - as many kinds as there are of bad source
            self._statements = None
            return None
        self._statements = statements
        return code


class _Loader(SourceFileLoader):
    """Loads the file, without a cache."""

    def __init__(self, name: str, path: str, coverage: Coverage) -> None:
        super().__init__(name, path)
        self._coverage = coverage

    def get_code(self, fullname: str) -> CodeType:
        try:
            source = self.get_data(self.get_filename(fullname))
        except FileNotFoundError as error:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname) from error
        return self._coverage.load(source)
