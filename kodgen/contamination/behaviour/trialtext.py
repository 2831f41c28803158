"""The test file that runs a task's own tests against a function of someone's solution.

Tests of a benchmark are few, and some let another function through: the highest of some lists by
their sums is the highest by their first elements as well, in each of MBPP/805's three asserts. So
the arguments of the tests' calls are altered a little, and where the reference solution takes
`ASKED` such calls and gives different results, the function has to give the same in `AGREEING` of
them; special cases that a statement leaves open may differ.

Where it does not, the tests have to ask for `RESULTS` different results, or for one that takes
`LENGTH` characters to write and is not in the arguments; and to make `TRUTHS` different calls
where all results are truth values (0 and 1 equal them) or None.
"""

from typing import Final

from kodgen.contamination.behaviour.aliasing import Alias
from kodgen.contamination.task import BenchmarkTask

TASK_TEST: Final = "test_task"
ASKED, AGREEING = 8, 0.9
"""Calls of which a function of another purpose gets some wrong, and the share to get right."""
MOST_CALLS = 60
"""Altered calls made; they take a few milliseconds."""
RESULTS = 2
"""Any constant passes tests that ask for a single result."""
LENGTH = 16
"""Characters of a result that no other function gives by chance: a list of six numbers."""
TRUTHS = 4
"""A guess passes n calls for a truth value in one of 2**n times."""
LATE: Final = "Late"
"""Error of a test that took longer than it was given."""

_TEXT = '''\
"""A benchmark task's tests, run against a function of the solution."""

import copy
import math
import re
import signal

import solution

REFERENCE = {reference!r}
TESTS = {tests!r}
ENTRY_POINT = {entry_point!r}
PARAMETERS = {parameters!r}
ORDER = {order!r}
SECONDS = {seconds!r}
CALLS = {{}}
TOLD = set()
GIVEN = []
PASSED = []


def said(value):
    try:
        return re.sub(r" at 0x[0-9a-f]+", "", repr(value))
    except Exception:
        return type(value).__name__


def call(given, named):
    given = list(given)
    if len(ORDER) == len(given):
        given = [given[place] for place in ORDER]
    return solution.{call}(*given, **named)


def candidate(*given, **named):
    given = list(given)
    for name in PARAMETERS[len(given):] if PARAMETERS else tuple(named):
        if name not in named:
            break
        given.append(named.pop(name))
    asked = said((given, named))
    if asked not in CALLS and len(asked) < 2000 and not named:
        try:
            GIVEN.append(copy.deepcopy(given))
        except Exception:
            pass
    try:
        result = call(given, named)
    except Exception as error:
        CALLS[asked] = (type(error).__name__, False)
        raise
    text = said(result)
    CALLS[asked] = (text, text in ("None", "True", "False", "0", "1"))
    if len(text) >= {length} and text not in asked:
        TOLD.add(text)
    return result


def near(value):
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1] if value > 1 else [value + 1]
    if isinstance(value, float):
        return [value + 1, value / 2]
    if isinstance(value, (str, list, tuple)):
        found = [value[::-1], value[1:], value[:-1], value + value[:1]]
        if not isinstance(value, str):
            for place, one in enumerate(value[:4]):
                for other in near(one)[:2]:
                    changed = list(value)
                    changed[place] = other
                    found.append(type(value)(changed) if type(value) in (list, tuple) else changed)
        return found
    return []


def altered():
    for given in GIVEN:
        for place, value in enumerate(given):
            for other in near(value):
                yield [*given[:place], other, *given[place + 1:]]


class {late}(BaseException):
    pass


def late(*_):
    raise {late}


def within(seconds, function, *given):
    before = signal.signal(signal.SIGVTALRM, late)
    # Again and again, as code that catches everything would go on.
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 0.1)
    try:
        return function(*given)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def result_of(function, *given):
    return within(0.1, function, *copy.deepcopy(given))


def alike(one, other):
    if isinstance(one, bool) is not isinstance(other, bool):
        return False
    if isinstance(one, float) and isinstance(other, (int, float)):
        return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-6)
    return said(one) == said(other) or bool(one == other)


def compare():
    """Altered calls, those of them that agree, and the reference's results."""
    names = {{"__name__": "reference"}}
    exec(compile(REFERENCE, "reference", "exec"), names)
    seen, agreed, results = set(), 0, set()
    for given in altered():
        asked = said(given)
        if asked in seen or len(seen) >= {most_calls}:
            continue
        try:
            wanted = result_of(names[ENTRY_POINT], *given)
        except (Exception, {late}):
            continue
        seen.add(asked)
        results.add(said(wanted))
        try:
            result = result_of(call, given, {{}})
            agreed += alike(wanted, result)
        except (Exception, {late}):
            pass
    return len(seen), agreed, len(results)


def run_tests():
    exec(compile(TESTS, "task", "exec"), {{"__name__": "task", ENTRY_POINT: candidate}})


def test_task():
    within(SECONDS, run_tests)
    assert CALLS, "the entry point was never called"
    PASSED.append(True)


def test_telling():
    assert PASSED
    if REFERENCE:
        asked, agreed, different = compare()
        if asked >= {asked} and different >= {results}:
            assert agreed >= {agreeing} * asked
            return
    results = set(text for text, _ in CALLS.values())
    assert len(results) >= {results} or TOLD
    assert len(CALLS) >= {truths} or not all(truth for _, truth in CALLS.values())
'''


def trial_text(
    task: BenchmarkTask, parameters: tuple[str, ...], alias: Alias, seconds: float
) -> str:
    """A test file of two tests: `TASK_TEST` runs the task's, the other asks what a pass is worth.

    Args:
        task: Has tests and an entry point.
        parameters: Names that the entry point takes by position, for calls that name them.
        alias: The function that stands in for the entry point.
        seconds: CPU time that the task's tests may take, after which they fail as `LATE`.
    """
    return _TEXT.format(
        reference=task.solution or "",
        tests=task.tests,
        entry_point=task.entry_point,
        parameters=parameters,
        order=alias.order,
        seconds=seconds,
        late=LATE,
        call=alias.call,
        length=LENGTH,
        most_calls=MOST_CALLS,
        asked=ASKED,
        agreeing=AGREEING,
        results=RESULTS,
        truths=TRUTHS,
    )
