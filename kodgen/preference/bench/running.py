"""Has a solution work on inputs of growing size, one unit at a time.

A unit is a call of the tests, a way to grow its inputs and a factor: `0.draw.16`. Its inputs are
the same in every process, drawn from a chance of its own. What is measured is the solution alone,
each time as a module made anew: what it remembers of earlier calls does not make it fast.
"""

import copy
import gc
import itertools
import math
import random
import signal
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

LADDER = tuple(2**step for step in range(15))
"""Factors; each chain of a call and a way is climbed until it takes long enough, or fails."""
SAMPLES = 3
"""Inputs of a unit: another draw may end sooner or later than the first."""
MOST_CALLS = 3
"""Calls whose inputs are grown: the largest that tests make, no two alike."""
LARGEST = 60_000
"""Elements of all inputs of a unit."""
MOST_COPIED = 400_000
"""Elements of all copies of these inputs: some 0.1 s to copy, and 20 MB."""
ENOUGH = 0.04
"""CPU seconds from which no larger input is tried: twice what is asked of the slowest."""
LIMIT = 0.6
"""CPU seconds after which a call is given up."""
_LONGEST_RESULT = 1_000_000

_clock = time.thread_time
"""To the microsecond also under a limit of CPU time, as that of the process is not."""


class TooLong(BaseException):
    """A call took more CPU time than it may; no `except Exception` keeps it."""


class Unfit(Exception):
    """The unit has no inputs, or the trusted solution does not take them."""


class Differs(Exception):
    """The solution's results are not those of the trusted one."""


def _interrupt(*_: Any) -> None:
    raise TooLong


def limited(function: Callable[..., Any], *args: Any, seconds: float = LIMIT) -> Any:
    """Call a function with little CPU time.

    Raises:
        TooLong: It took more.
    """
    before = signal.signal(signal.SIGPROF, _interrupt)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return function(*args)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def settled(result: Any) -> Any:
    """A result with all its work done: what is made as it is read, is read."""
    if hasattr(result, "__next__"):
        return list(itertools.islice(result, _LONGEST_RESULT))
    return result


def same(one: Any, other: Any) -> bool:
    """Whether two results are equal, floats within the last digits."""
    if isinstance(one, float) and isinstance(other, float):
        close = math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
        return close or (math.isnan(one) and math.isnan(other))
    if type(one) is type(other) and isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return bool(one == other)


class Job:
    """One unit, ready to be run."""

    def __init__(self, works: list[Any], expected: list[Any] | None) -> None:
        self._works = works
        self._expected = expected
        self.results: list[Any] = []
        self.seconds = 0.0

    def run(self) -> None:
        """Do the work; only this is measured."""
        before = _clock()
        self.results = [
            settled(function(*args, **kwargs)) for function, args, kwargs in self._works
        ]
        self.seconds = _clock() - before

    def check(self) -> None:
        """Compare with the trusted solution.

        Raises:
            Differs: They are not the same.
        """
        if self._expected is not None:
            found = [
                _outcome(result, work)
                for result, work in zip(self.results, self._works, strict=True)
            ]
            if not same(found, self._expected):
                raise Differs


def _outcome(result: Any, work: Any) -> Any:
    """What a call came to: its result; its arguments where it has none but changes them."""
    return result if result is not None else ("changed", [*work[1], *work[2].values()])


class Bench:
    """All units of one solution.

    Args:
        growing: The module `growing`.
        recording: The module `recording`.
        trusted: Source of the solution whose results count.
        tests: Source of the tests whose calls are taken.
        names: Functions that are called, or methods as `Class.method`.
        solution: Source of the solution that is run.
    """

    def __init__(
        self,
        growing: ModuleType,
        recording: ModuleType,
        trusted: str,
        tests: str,
        names: list[str],
        solution: str,
    ) -> None:
        self._growing, self._module_of = growing, recording.module_of
        self._trusted_code = compile(trusted, "trusted.py", "exec")
        self._solution_code = compile(solution, "solution.py", "exec")
        noted = recording.calls_of(self._module_of(trusted, "trusted"), tests, names, limited)
        self._calls = self._choose(noted)
        self._closed: set[str] = set()

    def _choose(self, noted: list[Any]) -> list[Any]:
        plain: dict[str, Any] = {}
        for call in noted:
            name, args, kwargs = call
            if all(map(self._growing.is_plain, [*args, *kwargs.values()])):
                plain.setdefault(repr((name, args, sorted(kwargs.items()))), call)
        values = list(plain.items())
        values.sort(key=lambda item: (-self._weight(item[1]), item[0]))
        return [call for _, call in values[:MOST_CALLS]]

    def _weight(self, call: Any) -> float:
        """How much a call asks for: its elements, and its numbers a little."""
        values = [*call[1], *call[2].values()]
        numbers = [abs(v) for v in values if type(v) in {int, float} and abs(v) < 1e300]
        return float(sum(map(self._growing.size, values))) + sum(map(math.log1p, numbers))

    def ladder(self) -> list[str]:
        """Every unit, small factors first."""
        return [
            f"{number}.{way}.{factor}"
            for factor in LADDER
            for number, (_, args, kwargs) in enumerate(self._calls)
            for way in self._growing.ways([*args, *kwargs.values()])
        ]

    def probe(self, unit: str) -> Job:
        """A unit with its expected results.

        Raises:
            Unfit: There is nothing to run.
        """
        chain = unit.rpartition(".")[0]
        if chain in self._closed:
            raise Unfit("a smaller factor was enough, or failed")
        self._closed.add(chain)
        calls, expected, took = self._accepted(unit)
        job = Job([self._work(self._solution_code, call) for call in calls], expected)
        job.seconds = took
        return job

    def passed(self, unit: str, job: Job, trusted_seconds: float) -> None:
        """Note that a unit went well, so that the next factor may be tried."""
        if max(job.seconds, trusted_seconds) < ENOUGH:
            self._closed.discard(unit.rpartition(".")[0])

    def timed(self, unit: str, copies: int) -> Job:
        """A unit as often as asked for, without its expected results.

        Raises:
            Unfit: There is nothing to run.
        """
        calls, _, _ = self._accepted(unit)
        elements = sum(self._growing.size([*args, *kwargs.values()]) for _, args, kwargs in calls)
        copies = max(1, min(copies, MOST_COPIED // elements))
        works = [self._work(self._solution_code, call) for _ in range(copies) for call in calls]
        gc.collect()
        gc.freeze()
        return Job(works, None)

    def _accepted(self, unit: str) -> tuple[list[Any], list[Any], float]:
        """Inputs that the trusted solution takes, what it makes of them, and its CPU seconds.

        Raises:
            Unfit: There are none.
        """
        calls, expected, took = [], [], 0.0
        for call in self._inputs(unit):
            function, args, kwargs = work = self._work(self._trusted_code, call)
            before = _clock()
            try:
                result = limited(lambda f=function, a=args, k=kwargs: settled(f(*a, **k)))
            except (Exception, TooLong):  # noqa: BLE001, S112 - whatever it raises, it declines
                continue
            took += _clock() - before
            expected.append(_outcome(result, work))
            calls.append(call)
        if not calls:
            raise Unfit("the trusted solution does not take it")
        return calls, expected, took

    def _inputs(self, unit: str) -> list[Any]:
        number, way, factor = unit.split(".")
        name, args, kwargs = self._calls[int(number)]
        values = [*args, *kwargs.values()]
        if (
            sum(map(self._growing.size, values)) * int(factor) * SAMPLES > LARGEST
            and int(factor) > 1
        ):
            raise Unfit("too large")
        inputs = []
        for sample in range(1 if factor == "1" or way == "repeat" else SAMPLES):
            chance = random.Random(f"{unit}.{sample}")  # noqa: S311 - no secret
            larger = self._growing.grown(copy.deepcopy(values), way, int(factor), chance)
            given = larger[: len(args)], dict(zip(kwargs, larger[len(args) :], strict=True))
            inputs.append((name, *given))
        return inputs

    def _work(self, code: Any, call: Any) -> tuple[Any, list[Any], dict[str, Any]]:
        """A function of a module made anew, and arguments that are its own to change."""
        module = ModuleType("solution")
        exec(code, module.__dict__)  # noqa: S102 - within the sandbox
        name, args, kwargs = call
        owner, _, last = name.rpartition(".")
        holder = getattr(module, owner)() if owner else module
        return getattr(holder, last), copy.deepcopy(args), copy.deepcopy(kwargs)
