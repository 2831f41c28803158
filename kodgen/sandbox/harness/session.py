"""The pytest session of a trial, made before the fork so that no trial pays for its making.

A trial only collects and runs. The making leans on pytest's own entry points for a session
(`_prepareconfig`, `Session.from_config`), which are not public; should a pytest lack them, the
session is made in the trial by `pytest.main` instead, slower and otherwise alike.
"""

import importlib
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .reporter import Reporter
from .settings import Layout

if TYPE_CHECKING:
    from collections.abc import Callable

_WITHOUT = (
    # What writes files, prints, or only matters to a person watching.
    "cacheprovider",
    "terminal",
    "faulthandler",
    "junitxml",
    "pastebin",
    "stepwise",
    "doctest",
    "setuponly",
    "setupplan",
    # These two only warn, and the first collects garbage five times over at the end.
    "unraisableexception",
    "threadexception",
)


def arguments(layout: Layout) -> list[str]:
    """The command line of a trial's pytest."""
    disabled = [word for name in _WITHOUT for word in ("-p", f"no:{name}")]
    fixed = ["-c", "/dev/null", "--rootdir", layout.source, "--noconftest", "--capture=no"]
    return [*disabled, *fixed, "--assert=plain", f"{layout.source}/test_solution.py"]


class TestFile(pytest.Module):
    """The one test file, imported from where it is known to lie.

    pytest's own way renders a traceback of each failed import, sources and all, for 60 ms.
    """

    __test__ = False

    def _getobj(self) -> Any:
        folder = str(self.path.parent)
        if sys.path[0] != folder:
            sys.path.insert(0, folder)
        try:
            module = importlib.import_module(self.path.stem)
        except pytest.skip.Exception as error:
            if error.allow_module_level:
                raise
            raise self.CollectError("skipped outside of a test") from error
        self.config.pluginmanager.consider_module(module)
        return module


class Runner:
    """Collects and runs the one test file of a run, any number of times."""

    def __init__(self, layout: Layout, reporter: Reporter) -> None:
        self._arguments = arguments(layout)
        self._reporter = reporter
        self.config: pytest.Config | None = None
        """Of the session made beforehand; None where pytest would not have it."""
        self._run: Callable[[], None] = self._run_main
        try:
            self._prepare(layout)
        except (ImportError, AttributeError, TypeError):
            self._run = self._run_main

    def _prepare(self, layout: Layout) -> None:
        from _pytest.config import _prepareconfig

        config = _prepareconfig(self._arguments, [self._reporter])
        session = pytest.Session.from_config(config)
        config._do_configure()  # noqa: SLF001
        config.hook.pytest_sessionstart(session=session)
        path = Path(layout.source, "test_solution.py")

        def collect() -> None:
            # Where the one file lies is known, so that no folder has to be searched for it.
            module = TestFile.from_parent(session, path=path)
            # As pytest does: what a file does to the filters of warnings ends with its import.
            with warnings.catch_warnings(record=True):
                session.items = list(session.genitems(module))
            session.testscollected = len(session.items)
            items = session.items
            config.hook.pytest_collection_modifyitems(session=session, config=config, items=items)
            config.hook.pytest_collection_finish(session=session)

        def run() -> None:
            # Through its public name, a wish to stop can't be taken back.
            session.testsfailed, session._shouldfail = 0, False  # noqa: SLF001
            config.option.maxfail = 1 if self._reporter.stop_at_failure else 0
            collect()
            if session.testsfailed:
                return
            try:
                config.hook.pytest_runtestloop(session=session)
            except session.Failed:
                # Stopped between two tests, with the fixtures of both still set up.
                session._setupstate.teardown_exact(None)  # noqa: SLF001

        self._run = run
        self.config = config

    def _run_main(self) -> None:
        pytest.main(self._arguments, plugins=[self._reporter])

    def run(self) -> None:
        """Collect and run; what came of it, the reporter has said.

        Raises:
            BaseException: The tests ended the session (`pytest.exit`, `sys.exit` at import).
        """
        self._run()
