"""The pytest plugin of a trial: says what was collected, and what each phase of each test did."""

import hashlib
from collections.abc import Generator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from .channel import Channel

_LONGEST_NAME = 300
_LONGEST_MESSAGE = 1000


class _Made(NamedTuple):
    report: pytest.TestReport
    position: int
    outcome: str
    expected: bool
    error: BaseException | None


class Reporter:
    """Registered before the fork; given its channel after it."""

    def __init__(self) -> None:
        self.channel: Channel | None = None
        self.phases = 0
        self.items: list[pytest.Item] = []
        self._index: dict[int, int] = {}
        self._subtest_error: BaseException | None = None
        self._made: list[_Made] = []

    def announce(self, items: list[pytest.Item]) -> None:
        """Report what was collected."""
        self.items = list(items)
        self._index = {id(item): position for position, item in enumerate(self.items)}
        self._send_names([name_of(item.nodeid) for item in self.items])

    def _send_names(self, names: list[str]) -> None:
        if self.channel is not None:
            self.channel.send_names(names)

    def _send(self, kind: str, **fields: Any) -> None:
        if self.channel is not None:
            self.channel.send(kind, **fields)

    @staticmethod
    def pytest_configure(config: pytest.Config) -> None:
        """Have pytest render the exception only: no source, no `repr` of untrusted arguments."""
        config.option.tbstyle = "value"

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self,
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Report what kept a module or class from being collected."""
        report = yield
        if report.outcome != "passed":
            call = getattr(report, "call", None)
            error = getattr(getattr(call, "excinfo", None), "value", None)
            if isinstance(error, pytest.Collector.CollectError) and error.__cause__ is not None:
                error = error.__cause__
            self._send("uncollected", skipped=report.outcome == "skipped", **describe(error))
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Keep a report as pytest's own plugins made it: what runs after us may be the trial's."""
        report = yield
        error = call.excinfo.value if call.excinfo is not None else None
        position = self._index.get(id(item), -1)
        expected = hasattr(report, "wasxfail")
        self._made.append(_Made(report, position, str(report.outcome), expected, error))
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Report one phase of one test, or notice a failed subtest.

        pytest reports subtests apart, and of a unittest with failed ones it says that it passed.
        """
        if not self._made:
            return
        made = self._made[-1]
        outcome, error = made.outcome, made.error
        if made.report is not report:
            if outcome == "failed" and self._subtest_error is None:
                self._subtest_error = error
            return
        self._made.clear()
        if report.when == "call":
            if self._subtest_error is not None:
                outcome, error = "failed", self._subtest_error
            self._subtest_error = None
        self.phases += 1
        self._send(
            "phase",
            test=made.position,
            when=str(report.when),
            outcome=outcome,
            expected_failure=made.expected,
            **describe(error if outcome == "failed" else None),
        )


def name_of(nodeid: str) -> str:
    """A test's name without its file, cut to a length that still tells it apart."""
    name = nodeid.split("::", 1)[-1]
    if len(name) <= _LONGEST_NAME:
        return name
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{name[: _LONGEST_NAME - 20]}...{digest[:12]}"


def describe(error: BaseException | None) -> dict[str, str]:
    """An exception as `error` (its class), `module` (that was not found) and `message`."""
    if error is None:
        return {"error": "", "module": "", "message": ""}
    name = type(error).__name__
    module = error.name if isinstance(error, ModuleNotFoundError) else None
    try:
        text = str(error)[:_LONGEST_MESSAGE]
    except Exception:  # noqa: BLE001 - untrusted __str__ may raise anything
        text = "(its text could not be had)"
    place = _place(error.__traceback__)
    return {
        "error": str(name)[:200],
        "module": str(module)[:200] if module else "",
        "message": f"{place}{name}: {text}"[:_LONGEST_MESSAGE],
    }


def _place(traceback: TracebackType | None) -> str:
    """File and line of the innermost frame in the trial's own files, as `file:line: `."""
    found = ""
    while traceback is not None:
        file = Path(traceback.tb_frame.f_code.co_filename).name
        if file in {"solution.py", "test_solution.py"}:
            found = f"{file}:{traceback.tb_lineno}: "
        traceback = traceback.tb_next
    return found
