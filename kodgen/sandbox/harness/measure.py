"""Statement coverage of the solution: measured in the trial, so worth no more than advice."""

from typing import Any


class Coverage:
    """A tracer for one file, made before the fork and started after it."""

    def __init__(self, path: str) -> None:
        import coverage

        self._path = path
        self._coverage: Any = coverage.Coverage(
            data_file=None, include=[path], config_file=False, messages=False
        )
        self._coverage.set_option("run:disable_warnings", ["no-data-collected"])

    def start(self) -> None:
        """Begin to trace."""
        self._coverage.start()

    def stop(self) -> tuple[int, int] | None:
        """End; statements that ran and statements in all, or None if that can't be told."""
        from coverage.exceptions import CoverageException

        try:
            self._coverage.stop()
            _, statements, _, missing, _ = self._coverage.analysis2(self._path)
        except (CoverageException, OSError, ValueError, SyntaxError):
            return None
        return len(statements) - len(missing), len(statements)
