"""The layer of behaviour: a row whose solution passes a task's own tests solves that task.

Pure: it writes what the sandbox is to run and reads what came of it. A trial is the row's
solution as it is, and a test file that runs the task's tests in a namespace of their own, in
which the entry point is a function of the solution. No search for similar text finds what was
rewritten in full; this does.

A pass counts in full if it says something (`trial_text`): on altered arguments too the function
does as the reference solution does, or else, where these can't be had, the tests ask for enough.
Nor does it count in full that a helper passes, which another function of the solution uses: the
row then asks for more than the task, and holds the task's solution as a part.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kodgen.config import Sandbox
from kodgen.contamination.behaviour.aliasing import Alias, Parameters, aliases, entry_parameters
from kodgen.contamination.behaviour.owncode import OwnCode, code_of
from kodgen.contamination.behaviour.trialtext import LATE, TASK_TEST, trial_text
from kodgen.contamination.compared import Compared
from kodgen.contamination.layer import Hit
from kodgen.contamination.row import AuditedRow
from kodgen.contamination.task import BenchmarkTask
from kodgen.records import Verdict

NAME: Final = "behaviour"
MOST_TASKS = 3
"""Tasks of each benchmark that a row's solution is run against: those it is nearest to. What one
benchmark finds does not depend on the others."""
CPU_SECONDS = 4
"""Most CPU time of a trial, what it imports and what a pass is worth included."""
LEAST_SECONDS, SLOWER = 0.5, 10.0
"""CPU time that a task's tests may take with a row's solution: so much, or that many times what
they take with the reference. A function of another purpose may never end on a task's inputs."""
MOST_TIMEOUTS = 2
"""Trials of a row and a task that may run out of time before the rest are left."""
CUT_SHORT = frozenset({"failed", "timeout", "crash", "oom", "limit"})
"""Outcomes of a trial after which a test that passed before has passed all the same."""
FULL, WEAK = 1.0, 0.5
"""Scores of a pass, and of one that says too little by the rules above."""

_SURROUNDINGS = (
    "import bisect, collections, functools, heapq, itertools, math, re, string\n"
    "from collections import Counter, OrderedDict, defaultdict, deque\n"
    "from typing import *\n\n"
)
"""What judges of programming tasks have imported, so that solutions written for them lack it."""


@dataclass(frozen=True, slots=True)
class Run:
    """One trial for the sandbox, and the way of calling the solution that it tries."""

    alias: Alias
    field: str
    """Part of the row that the solution is from."""
    solution: str
    task: BenchmarkTask
    parameters: tuple[str, ...]
    """Names that the entry point takes by position."""

    def test(self, seconds: float) -> str:
        """The test file, whose tests of the task may take so much CPU time."""
        return trial_text(self.task, self.parameters, self.alias, seconds)


def tasks_to_run(
    names: Iterable[str], tasks: Mapping[str, BenchmarkTask], most: int = MOST_TASKS
) -> list[BenchmarkTask]:
    """Tasks to run a row's solution against.

    Args:
        names: `<benchmark>/<task id>` of those near it, the nearest first; repeated ones count
            once.
        tasks: All tasks, by that name.
        most: Tasks of each benchmark to stop at.

    Returns:
        The first ones that have tests.
    """
    taken: list[BenchmarkTask] = []
    counts: Counter[str] = Counter()
    for name in dict.fromkeys(names):
        task = tasks.get(name)
        if task and task.tests and task.entry_point and counts[task.benchmark] < most:
            counts[task.benchmark] += 1
            taken.append(task)
    return taken


def limits_of(limits: Sandbox) -> Sandbox:
    """Settings of the sandbox for these trials: without what tells whether tests are worth it.

    Nobody gains by forging a pass here, the tests are the benchmark's own, and what they are
    worth is asked of the reference solution and of `test_telling`.
    """
    return limits.model_copy(
        update={
            "coverage": False,
            "control": False,
            "stubs": False,
            "reruns": 0,
            "strict": False,
            "cpu_seconds": min(limits.cpu_seconds, CPU_SECONDS),
        }
    )


def reference_run(task: BenchmarkTask) -> Run | None:
    """The trial that a task's reference solution has to pass, for others' failures to say anything.

    None where there is no such solution.
    """
    if task.solution is None or task.entry_point is None:
        return None
    takes = entry_parameters(task.solution or task.text, task.entry_point)
    return _run(OwnCode("solution", task.solution), task, Alias(task.entry_point, ()), takes)


def runs(row: AuditedRow, task: BenchmarkTask) -> list[Run] | str:
    """The trials of a row's own code against a task's tests, the likeliest to pass first.

    Returns:
        At least one; or why there is none, as a reason code.
    """
    if not task.tests or not task.entry_point:
        return "no_task_tests"
    own = code_of(row)
    if own is None:
        return "no_solution"
    takes = entry_parameters(task.solution or task.text, task.entry_point)
    found = aliases(own.code, takes, task.entry_point)
    if found is None:
        return "solution_unparsed"
    if not found:
        return "no_function_fits"
    return [_run(own, task, alias, takes) for alias in found]


def _run(own: OwnCode, task: BenchmarkTask, alias: Alias, takes: Parameters | None) -> Run:
    return Run(alias, own.field, _surrounded(own.code), task, takes.names if takes else ())


def _surrounded(solution: str) -> str:
    """The solution where judges run it; as it is where something has to stand at its start."""
    return solution if "__future__" in solution else _SURROUNDINGS + solution


def allowed(reference: Verdict | None) -> float:
    """CPU seconds that a task's tests may take, by the verdict of its reference solution."""
    if reference is None or reference.observed is None:
        return float(CPU_SECONDS)
    names = [test.name for test in reference.tests]
    taken = dict(zip(names, reference.observed.test_cpu_seconds, strict=False))
    return max(LEAST_SECONDS, SLOWER * taken.get(TASK_TEST, CPU_SECONDS))


def decided(verdicts: Sequence[Verdict]) -> bool:
    """Whether no further trial of a row and a task is worth its time."""
    timeouts = sum(blind(verdict) == "timeout" for verdict in verdicts)
    return timeouts >= MOST_TIMEOUTS or any(passed(verdict) == FULL for verdict in verdicts)


def passed(verdict: Verdict) -> float | None:
    """Score of a trial; None where the tests did not pass."""
    said = {test.name: test.outcome for test in verdict.tests}
    if verdict.outcome == "passed":
        return FULL
    if verdict.outcome in CUT_SHORT and said.get(TASK_TEST) == "passed":
        return WEAK
    return None


def blind(verdict: Verdict) -> str:
    """Why a trial that did not pass says nothing of the solution; empty where tests failed."""
    errors = {test.error for test in verdict.tests}
    if "MemoryError" in errors:
        return "oom"
    if LATE in errors:
        return "timeout"
    if verdict.outcome in ("failed", "passed"):
        return ""
    if verdict.outcome == "error":
        return verdict.reason
    return verdict.outcome


def compared(row_runs: Sequence[Run], verdicts: Sequence[Verdict], task: BenchmarkTask) -> Compared:
    """What trials say together, as many of them as were run.

    The best pass is a hit; without any, a trial that was cut short leaves it open.
    """
    best: tuple[float, Run] | None = None
    reasons = []
    for run, verdict in zip(row_runs, verdicts, strict=False):
        score = passed(verdict)
        if score is not None and run.alias.helper:
            score = WEAK
        if score is not None and (best is None or score > best[0]):
            best = score, run
        reasons.append(blind(verdict))
    if best is None:
        return Compared(unseen=next(filter(None, reasons), ""))
    score, run = best
    evidence = {
        "function": run.alias.call,
        "order": list(run.alias.order),
        "helper": run.alias.helper,
        "tried": len(reasons),
    }
    hit = Hit(
        layer=NAME,
        benchmark=task.benchmark,
        task_id=task.task_id,
        field=run.field,
        view="tests",
        score=score,
        evidence=evidence,
    )
    return Compared(hit)
