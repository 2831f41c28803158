"""Crosscheck: every trial's solution under every trial's tests, and what they agree on."""

from collections.abc import Sequence
from dataclasses import dataclass

from kodgen.config import Crosscheck as Section
from kodgen.config import Pipeline
from kodgen.consensus.doubt import Claim
from kodgen.consensus.entrants import Comparison, Run, entrants_of
from kodgen.consensus.finding import Finding, find
from kodgen.consensus.matrix import assemble
from kodgen.consensus.trimming import without_tests
from kodgen.parse.functions import function_infos
from kodgen.records import Difficulty, Trial, Tried, Triplet, Verdict
from kodgen.sandbox.scrutiny import PLAIN
from kodgen.stages.attempts import difficulty
from kodgen.stages.base import Outcome, RowStage, Tools, reject
from kodgen.stages.together import together

SUSPECT = "suspect"
"""Flag, and reason of a rejection: other trials contradict the chosen one, and may be right."""
TRIMMED = "tests_dropped"
"""Flag: the tests are the chosen trial's without those that all trusted solutions fail."""
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class _Choice:
    """A trial, and the tests it is taken with."""

    trial: Trial
    test: str
    verdict: Verdict
    doubt: str
    """Why it is suspect; empty if it is not."""


class CrosscheckStage(RowStage[Tried, Triplet]):
    """Ranks a question's trials by each other, and takes the best of those that passed.

    A question of which fewer than two trials can be compared stays as it is. With
    `reject_suspect`, triplets that other trials contradict are rejected with `suspect`; else they
    are flagged so.
    """

    name = "crosscheck"
    version = 1
    consumes = Tried
    produces = Triplet

    def __init__(self, pipeline: Pipeline) -> None:
        self._section = pipeline.crosscheck or Section()

    async def process(self, row: Tried, tools: Tools) -> Outcome[Triplet]:
        """Run what is not known yet, then choose."""
        entrants = entrants_of(row.trials, self._section.trials)
        comparison = Comparison(entrants)
        if len(entrants) < 2 or not comparison.judges:
            return Outcome(kept=(row.triplet,))
        runs = comparison.runs()
        verdicts = await together(_run(row, run, tools) for run in runs)
        said = {run.key: verdict for run, verdict in zip(runs, verdicts, strict=True)}
        solutions = [one.trial.id for one in entrants]
        files = [one.trial.id for one in comparison.judges]
        matrix = assemble(solutions, files, comparison.cells(said))
        finding = find(row.trials, matrix, self._section.damping, self._section.rounds)
        if not finding.preferred:
            return Outcome(kept=(row.triplet,))
        choice = await _choose(row, finding, tools)
        triplet = _triplet(row, finding, choice)
        if choice.doubt and self._section.reject_suspect:
            return Outcome(rejected=(reject(self.name, triplet, SUSPECT, choice.doubt),))
        return Outcome(kept=(triplet,))


async def _run(row: Tried, run: Run, tools: Tools) -> Verdict:
    solution, test = run.solution.trial, run.test.trial
    name = f"{row.id}/crosscheck/{solution.attempt}/{test.attempt}"
    assert test.test is not None
    return await tools.verify(name, run.source, test.test, PLAIN)


async def _choose(row: Tried, finding: Finding, tools: Tools) -> _Choice:
    """The first of the preferred trials whose tests are worth something without the dropped ones.

    Where there is none, the first of all, which is suspect.
    """
    for trial in finding.preferred:
        assert trial.solution is not None
        assert trial.test is not None
        doubt = _told(finding, finding.claims_against(trial.id))
        names = finding.dropped_functions(trial.id)
        if not names:
            return _Choice(trial, trial.test, trial.verdict, doubt)
        test = without_tests(trial.test, names)
        if test is not None:
            name = f"{row.id}/crosscheck/{trial.attempt}/dropped"
            verdict = await tools.verify(name, trial.solution, test)
            if verdict.passed:
                return _Choice(trial, test, verdict, doubt)
    first = finding.preferred[0]
    assert first.test is not None
    names = finding.dropped_functions(first.id)
    against = f"all trusted solutions fail {_few(sorted(names))} of trial {first.attempt}"
    return _Choice(first, first.test, first.verdict, f"{against}, and little else is tested")


def _triplet(row: Tried, finding: Finding, choice: _Choice) -> Triplet:
    trial, verdict = choice.trial, choice.verdict
    assert trial.solution is not None
    flags = {*verdict.flags}
    if choice.doubt:
        flags.add(SUSPECT)
    if choice.test != trial.test:
        flags.add(TRIMMED)
    return row.triplet.model_copy(
        update={
            "solution": trial.solution,
            "test": choice.test,
            "test_info": function_infos(trial.solution, choice.test),
            "chosen_trial": trial.id,
            "coverage": verdict.coverage,
            "isolation": verdict.isolation,
            "flags": tuple(sorted(flags)),
            "solution_model": trial.model,
            "solution_prompt_version": trial.prompt_version,
            "consensus": finding.scores.solutions[finding.at(trial.id)],
            "consensus_difficulty": _difficulty(row.trials, finding, trial),
            "crosscheck": finding.record(),
        }
    )


def _difficulty(trials: Sequence[Trial], finding: Finding, chosen: Trial) -> Difficulty:
    """By attempts whose solution is right; as their verdicts say where none can be compared."""
    said = finding.right(chosen.id)

    def right(trial: Trial) -> bool:
        told = said.get(trial.id)
        return trial.verdict.passed if told is None else told

    return difficulty(sum(map(right, trials)), len(trials))


def _told(finding: Finding, claims: Sequence[Claim]) -> str:
    """Who disagrees on which test."""
    attempts = {trial: trial.rsplit("/", 1)[-1] for trial in finding.matrix.solutions}

    def who(solutions: Sequence[int]) -> str:
        return ", ".join(attempts[finding.matrix.solutions[one]] for one in solutions)

    told = [
        f"{test.name} of trial {attempts[test.trial]} is passed by the solutions of "
        f"{who(claim.supported)} and failed by those of {who(claim.opposed)}"
        for claim in claims[:_SHOWN]
        for test in (finding.matrix.tests[claim.test],)
    ]
    more = f"; and {len(claims) - _SHOWN} more" if len(claims) > _SHOWN else ""
    return "; ".join(told) + more


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
