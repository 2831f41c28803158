"""Measures right answers to one question against each other, in the sandbox."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Literal

from kodgen.preference.bench_file import names_timed, probing_file, timing_file
from kodgen.preference.candidates import Candidate, distinct
from kodgen.preference.runtime import Timing, order
from kodgen.preference.units import Probed, Unit, choose, may_differ, probed
from kodgen.records import Triplet, Verdict

Run = Callable[[str, str, str], Awaitable[Verdict]]
"""Run a test file against a solution, under a name of its own: name, solution, test."""

MOST_TIMED = 6
"""Solutions of a question that are timed against each other: the first of the best."""

Timings = tuple[tuple[Candidate, Timing], ...]
"""At least two answers, and how long they took."""


class Untimed(Exception):
    """Answers could not be timed against each other.

    Args:
        reason: `no_second_answer`, `not_timed` or `no_difference`.
        detail: Why, in words.
    """

    def __init__(
        self, reason: Literal["no_second_answer", "not_timed", "no_difference"], detail: str
    ) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


async def measure(
    triplet: Triplet, right: Sequence[Candidate], repeats: int, speedup: float, run: Run
) -> Timings:
    """Time answers on inputs grown from those of the tests.

    First each is probed once, alone, on every size that it can do; then all are timed on what all
    of them did alike, one process for each answer and round, in turns.

    Args:
        triplet: Its solution says what is right, its tests where inputs come from.
        right: Answers that pass its tests.
        repeats: Rounds.
        speedup: How much faster is worth a pair; a probe without hope of it ends the matter.
        run: Runs a test file once; each call is made after the one before has ended.

    Raises:
        Untimed: There is nothing to compare, or no way to.
    """
    chosen = sorted(right, key=lambda one: (-one.score, one.order))
    rivals = distinct(chosen)[:MOST_TIMED]
    if len(rivals) < 2:
        raise Untimed("no_second_answer", f"{len(rivals)} of another form")
    if not names_timed(triplet):
        raise Untimed("not_timed", "the tests call no function that can be called alone")
    file = probing_file(triplet)
    if file is None:
        raise Untimed("not_timed", "solution and tests are too long")
    probes = [probed(await run(f"probe/{one.order}", one.code, file)) for one in rivals]
    able = [(one, probe) for one, probe in zip(rivals, probes, strict=True) if probe]
    if len(able) < 2:
        raise Untimed("not_timed", f"{len(able)} can be run on the tests' inputs")
    units = choose([probe for _, probe in able])
    if not units:
        detail = "no inputs that all take alike are large enough to tell their times"
        raise Untimed("not_timed", detail)
    if not may_differ([probe for _, probe in able], units, speedup):
        raise Untimed("no_difference", f"{len(able)} take about as long")
    return await _timed(triplet, able, units, repeats, run)


async def _timed(
    triplet: Triplet,
    able: Sequence[tuple[Candidate, Probed]],
    units: Sequence[Unit],
    repeats: int,
    run: Run,
) -> Timings:
    file = timing_file(triplet, [(unit.name, unit.copies) for unit in units])
    if file is None:
        raise Untimed("not_timed", "solution and tests are too long")
    rounds: list[list[dict[str, float]]] = [[] for _ in able]
    for number in range(repeats):
        for index in order(len(able), number):
            one = able[index][0]
            verdict = await run(f"time/{one.order}/{number}", one.code, file)
            rounds[index].append(probed(verdict))
    whole = {unit.name for unit in units}
    timings = tuple(
        (candidate, Timing(tuple(took)))
        for (candidate, _), took in zip(able, rounds, strict=True)
        if all(one.keys() == whole for one in took)
    )
    if len(timings) < 2:
        raise Untimed("not_timed", f"{len(timings)} came through all rounds")
    return timings
