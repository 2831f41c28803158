"""The interpreter's own notes on which lines of a module have run (PEP 669, from Python 3.12 on).

Only the module's code objects are watched, and a line only until it has run once: hot loops are as
fast as ever, and no other code notices.
"""

import ast
import sys
from types import CodeType
from typing import Any

from .statements import Survey, parts

assert sys.version_info >= (3, 12)

# 0 to 2 and 5 are meant for debuggers, coverage.py, profilers and optimizers, which tests may use.
_TOOLS = (3, 4)


class Tracker:
    """Tells which lines have run."""

    def __init__(self) -> None:
        self._lines: set[int] = set()
        self._first: dict[int, int] = {}
        self._tool = next((n for n in _TOOLS if sys.monitoring.get_tool(n) is None), None)
        if self._tool is not None:
            sys.monitoring.use_tool_id(self._tool, "kodgen")
            event = sys.monitoring.events.LINE
            sys.monitoring.register_callback(self._tool, event, self._notice)

    def _notice(self, _code: CodeType, line: int) -> Any:
        self._lines.add(line)
        return sys.monitoring.DISABLE

    def reset(self) -> None:
        """Forget what has run."""
        self._lines.clear()

    def compile(
        self, source: bytes, path: str, tree: ast.Module, survey: Survey
    ) -> tuple[CodeType, set[int]]:
        """A module's code, to be watched, and the lines of its statements.

        Args:
            source: The module.
            path: Its file.
            tree: Its syntax tree.
            survey: Of that tree.

        Raises:
            RuntimeError: Other tools watch already, as many as there can be.
        """
        del tree
        if self._tool is None:
            raise RuntimeError("no tool id of sys.monitoring is free")
        code = compile(source, path, "exec", dont_inherit=True)
        for part in parts(code):
            sys.monitoring.set_local_events(self._tool, part, sys.monitoring.events.LINE)
        self._first = survey.first
        return code, survey.statements(code)

    def ran(self, lines: set[int]) -> set[int]:
        """Those of `lines` that have run."""
        return {self._first.get(line, line) for line in self._lines} & lines
