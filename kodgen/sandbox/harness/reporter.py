"""The pytest plugin of a run: says what was collected, and what each test did."""

import hashlib
import random
import resource
from collections.abc import Generator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from .channel import Channel
    from .probe import Hook

_LONGEST_NAME = 300
_LONGEST_MESSAGE = 1000

_usage, _WHOSE = resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
"""Taken before untrusted code can replace it."""


class _Made(NamedTuple):
    report: pytest.TestReport
    position: int
    outcome: str
    expected: bool
    error: BaseException | None


class Reporter:
    """Registered before the fork; told after it what kind of run this is, and given its channel."""

    def __init__(self) -> None:
        self.channel: Channel | None = None
        self.hook: Hook | None = None
        """Of a control run: tells whether the impossible check was reached."""
        self.reorder = 0
        self.stop_at_failure = False
        self.reports = 0
        self.items: list[pytest.Item] = []
        self._index: dict[int, int] = {}
        self._subtest_error: BaseException | None = None
        self._made: list[_Made] = []
        self._test: dict[str, Any] = {}
        self._called = 0.0

    def begin(self, *, reorder: int, stop_at_failure: bool) -> None:
        """Forget what was reported, for the tests to be collected and run anew."""
        self.reorder = reorder
        self.stop_at_failure = stop_at_failure
        self.reports = 0
        self.items = []
        self._made.clear()
        self._subtest_error = None

    def _send(self, kind: str, **fields: Any) -> None:
        if self.channel is not None:
            self.channel.send(kind, **fields)

    @staticmethod
    def pytest_configure(config: pytest.Config) -> None:
        """Have pytest render the exception only: no source, no `repr` of untrusted arguments."""
        config.option.tbstyle = "value"

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Put the tests into another order, if the run is to have one."""
        if self.reorder == 1:
            items.reverse()
        elif self.reorder > 1:
            random.Random(self.reorder).shuffle(items)  # noqa: S311 - no secret

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Report what was collected."""
        self.items = list(session.items)
        self._index = {id(item): position for position, item in enumerate(self.items)}
        if self.channel is not None:
            self.channel.send_names([name_of(item.nodeid) for item in self.items])

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

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_call(self) -> Generator[None, None, None]:
        """Measure the CPU time of a test's call, closer to it than any other plugin."""
        before = _cpu_seconds()
        try:
            return (yield)
        finally:
            self._called = _cpu_seconds() - before

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
        """Note one phase of a test, or a failed subtest; report the test after its last phase.

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
        when = str(report.when)
        if when == "setup":
            self._begin(made.position)
        elif when == "call":
            if self._subtest_error is not None:
                outcome, error = "failed", self._subtest_error
            self._subtest_error = None
        test = self._test
        test[when] = outcome
        test["seconds"] += report.duration
        test["expected_failure"] |= made.expected
        if outcome == "failed" and not test["error"]:
            test.update(describe(error))
        if when == "teardown":
            self._end()

    def _begin(self, position: int) -> None:
        self._called = 0.0
        if self.hook is not None:
            self.hook.begin()
        self._test = {
            "test": position,
            "setup": "",
            "call": "",
            "teardown": "",
            "expected_failure": False,
            "seconds": 0.0,
            **describe(None),
        }

    def _end(self) -> None:
        hook, test = self.hook, self._test
        test["seconds"] = round(test["seconds"], 6)
        test["cpu_seconds"] = round(max(0.0, self._called), 6)
        test["reached"] = hook is not None and bool(hook.reached)
        # A test that failed and is reported as passed: someone lied about it, too.
        false = hook is not None and hook.failed and test["call"] == "passed"
        test["lied"] = hook is not None and bool(hook.lied or false)
        self.reports += 1
        self._send("test", **test)


def _cpu_seconds() -> float:
    """Of this process with all threads, and of children that it waited for.

    Under a limit of CPU time the kernel keeps `process_time` by its clock's ticks, 4 ms apart.
    """
    return sum(usage.ru_utime + usage.ru_stime for usage in map(_usage, _WHOSE))


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
