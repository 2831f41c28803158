"""Mutate: put small faults into each solution, and see whether its tests notice."""

from collections.abc import Sequence

from kodgen.config import Mutate, Pipeline
from kodgen.mutation import limit
from kodgen.mutation.drawing import Drawn, Runnable, draw
from kodgen.mutation.probe import digest, probing
from kodgen.mutation.strength import strength
from kodgen.records import Mutant, TestStrength, Triplet, Verdict, derived_seed
from kodgen.sandbox.scrutiny import Scrutiny
from kodgen.stages.base import Outcome, RowStage, Tools, reject
from kodgen.stages.together import together

FLAKY = "flaky"
WEAK = "weak_tests"
_SHOWN = 3
"""Survivors that the evidence of a rejection shows."""


class MutateStage(RowStage[Triplet, Triplet]):
    """Records how strong a triplet's tests are, `strength`.

    Rejects with `flaky` a triplet that does not pass again under other hash seeds, orders and
    clocks, and with `weak_tests` one whose score is below the threshold. A score that could not be
    had rejects nothing. A solution that kodgen's own Python can't parse passes on unmutated.
    """

    name = "mutate"
    version = 1
    consumes = Triplet
    produces = Triplet

    def __init__(self, pipeline: Pipeline) -> None:
        self._run_seed = pipeline.seed
        self._section = pipeline.mutate or Mutate()

    async def process(self, row: Triplet, tools: Tools) -> Outcome[Triplet]:
        """Run the triplet again, then its mutants, then those that were not noticed once more."""
        closely = Scrutiny(plain=True, reruns=self._section.reruns)
        again = await tools.verify(f"{row.id}/mutate/again", row.solution, row.test, closely)
        if not again.passed:
            return Outcome(rejected=(reject(self.name, row, FLAKY, _differing(again)),))
        seed = derived_seed(self._run_seed, self.name, row.id)
        drawn = draw(row.solution, self._section.mutants, seed)
        if drawn is None:
            return Outcome(kept=(row,))
        measured = await _measured(row, drawn, limit.seconds(again), tools)
        made = row.model_copy(update={"strength": measured})
        if measured.score is not None and measured.score < self._section.threshold:
            evidence = _survivors(measured, self._section.threshold)
            return Outcome(rejected=(reject(self.name, made, WEAK, evidence),))
        return Outcome(kept=(made,))


async def _measured(row: Triplet, drawn: Drawn, seconds: int, tools: Tools) -> TestStrength:
    scrutiny = Scrutiny(plain=True, reruns=0, cpu_seconds=seconds)
    verdicts = await together(
        tools.verify(f"{row.id}/mutate/{number}", mutant.text, row.test, scrutiny)
        for number, mutant in enumerate(drawn.mutants)
    )
    unnoticed = [
        mutant for mutant, verdict in zip(drawn.mutants, verdicts, strict=True) if verdict.passed
    ]
    differs = await _differ(row, unnoticed, limit.probe_seconds(seconds), tools)
    records: list[Mutant] = [mutant.record() for mutant in unnoticed]
    return strength(drawn, len(verdicts) - len(unnoticed), records, differs)


async def _differ(
    row: Triplet, mutants: Sequence[Runnable], seconds: int, tools: Tools
) -> list[bool | None]:
    """Of each mutant, whether its outputs differ from the solution's; None if it can't be told.

    The solution is run twice: outputs that differ of themselves tell nothing.
    """
    test = probing(row.test)
    if test is None or not mutants:
        return [None] * len(mutants)
    scrutiny = Scrutiny(plain=True, reruns=0, cpu_seconds=seconds)
    solutions = (row.solution, row.solution, *(mutant.text for mutant in mutants))
    verdicts = await together(
        tools.verify(f"{row.id}/mutate/probe/{number}", solution, test, scrutiny)
        for number, solution in enumerate(solutions)
    )
    first, second, *others = map(digest, verdicts)
    if first is None or first != second:
        return [None] * len(mutants)
    return [None if other is None else other != first for other in others]


def _differing(again: Verdict) -> str:
    # Not the message of the failure, which differs from run to run.
    return f"passed before, then {again.outcome} ({again.reason})"


def _survivors(measured: TestStrength, threshold: float) -> str:
    shown = "; ".join(
        f"line {one.line}: {one.original!r} as {one.mutated!r}"
        for one in measured.survived[:_SHOWN]
    )
    total = measured.killed + len(measured.survived)
    return (
        f"{measured.killed} of {total} mutants with other outputs were noticed, less than "
        f"{threshold:g}; not noticed: {shown}"
    )
