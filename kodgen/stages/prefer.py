"""Prefer: make pairs of a chosen and a rejected answer to one question."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kodgen.config import Pipeline
from kodgen.config.posttraining import Criterion, Prefer
from kodgen.preference import chance, correctness, length, mix, runtime
from kodgen.preference.candidates import Candidate, Match, answers
from kodgen.preference.judging import Told, told_apart
from kodgen.preference.measuring import Untimed, measure
from kodgen.records import Answered, Pair, Rejected, Triplet, Verdict
from kodgen.sandbox.scrutiny import PLAIN, Scrutiny
from kodgen.stages.base import Outcome, RowStage, TableStage, Tools, reject

_RUNS: dict[str, Any] = {"__all__": {"verdict": {"observed"}}}


@dataclass(frozen=True, slots=True)
class _Nothing:
    """Why a criterion makes no pair."""

    reason: str
    detail: str = ""


class PreferStage(RowStage[Answered, Pair]):
    """Pairs of one criterion for each question, drawn by weight.

    Where the criterion drawn makes no pair, the others are tried. Rejects with `no_right_answer`,
    or else with the reason of the criterion that was drawn: `no_wrong_answer`; `no_second_answer`,
    where there is no other right one; `no_difference`, where answers differ too little to tell;
    `not_timed`, where run times could not be compared.
    """

    name = "prefer"
    version = 1
    consumes = Answered
    produces = Pair

    def __init__(self, pipeline: Pipeline) -> None:
        self._seed = pipeline.seed
        self._section = pipeline.prefer or Prefer()

    async def process(self, row: Answered, tools: Tools) -> Outcome[Pair]:
        """Tell right answers from wrong ones, then try criteria until one makes pairs."""

        async def run(name: str, solution: str, scrutiny: Scrutiny) -> Verdict:
            trial = f"{row.id}/prefer/{name}"
            return await tools.verify(trial, solution, row.triplet.test, scrutiny)

        told = await told_apart(row.triplet, answers(row, self._section.source), run)
        if not told.right:
            return _rejected(row, "no_right_answer", str(told))
        why: dict[Criterion, _Nothing] = {}
        for criterion in mix.order(self._section.criteria, self._seed, row.id):
            found = await self._matches(criterion, row, told, tools)
            if not isinstance(found, _Nothing):
                return Outcome(kept=_pairs(row.triplet, criterion, found))
            why[criterion] = found
        said = [
            f"{criterion}: {nothing.reason}" + (f" ({nothing.detail})" if nothing.detail else "")
            for criterion, nothing in why.items()
        ]
        drawn = next(iter(why.values()))
        return _rejected(row, drawn.reason, "; ".join([str(told), *said]))

    async def _matches(
        self, criterion: Criterion, row: Answered, told: Told, tools: Tools
    ) -> tuple[Match, ...] | _Nothing:
        section, most = self._section, self._section.pairs
        if criterion == "runtime":
            return await self._by_runtime(row, told.right, tools)
        if criterion == "length":
            found = length.matches(told.right, section.longer, most)
            return found or _Nothing("no_difference" if len(told.right) > 1 else "no_second_answer")
        if criterion == "random":
            found = chance.matches(told.right, told.wrong, self._seed, most)
        else:
            found = correctness.matches(told.right, told.wrong, most)
        return found or _Nothing("no_difference" if told.wrong else "no_wrong_answer")

    async def _by_runtime(
        self, row: Answered, right: Sequence[Candidate], tools: Tools
    ) -> tuple[Match, ...] | _Nothing:
        section = self._section

        async def run(name: str, solution: str, test: str) -> Verdict:
            return await tools.verify(f"{row.id}/prefer/{name}", solution, test, PLAIN)

        try:
            timings = await measure(row.triplet, right, section.repeats, section.speedup, run)
        except Untimed as untimed:
            return _Nothing(untimed.reason, untimed.detail)
        found = runtime.matches(timings, section.speedup, section.pairs)
        return found or _Nothing("no_difference", f"{len(timings)} were timed")


class MixStage(TableStage[Pair, Pair]):
    """Drops pairs of those criteria that made more than their weight, as `over_weight`.

    Its facts hold the number of pairs by criterion, made and kept.
    """

    name = "mix"
    version = 1
    consumes = Pair
    produces = Pair

    def __init__(self, pipeline: Pipeline) -> None:
        self._seed = pipeline.seed
        self._section = pipeline.prefer or Prefer()

    def beside(self) -> int | None:
        """Nothing: it looks at its rows alone."""
        return 0

    def process(self, rows: Sequence[Pair]) -> Outcome[Pair]:
        """Keep as many of each criterion as the scarcest one allows."""
        if not self._section.keep_weights:
            return Outcome(kept=tuple(rows))
        weights = self._section.criteria
        stay = mix.trimmed(rows, weights, self._seed)
        kept = tuple(pair for pair in rows if pair.id in stay)
        made, left = (Counter(pair.criterion for pair in pairs) for pairs in (rows, kept))
        evidence = {
            name: f"{left[name]} of {count} `{name}` pairs go with the weights"
            for name, count in made.items()
        }
        rejected = tuple(
            reject(self.name, pair, "over_weight", evidence[pair.criterion])
            for pair in rows
            if pair.id not in stay
        )
        counts = {name: {"made": made[name], "kept": left[name]} for name in sorted(weights)}
        return Outcome(kept=kept, rejected=rejected, facts={"criteria": counts})


def _pairs(triplet: Triplet, criterion: str, matches: Sequence[Match]) -> tuple[Pair, ...]:
    return tuple(
        Pair(
            id=f"{triplet.id}/pair/{criterion}/{number}",
            triplet_id=triplet.id,
            question_id=triplet.question_id,
            subset=triplet.subset,
            style=triplet.style,
            question=triplet.question,
            chosen=match.chosen.text,
            rejected=match.rejected.text,
            chosen_id=match.chosen.id,
            rejected_id=match.rejected.id,
            criterion=criterion,
            margin=match.margin,
            difficulty=triplet.difficulty,
            licenses=triplet.licenses,
        )
        for number, match in enumerate(matches)
    )


def _rejected(row: Answered, reason: str, evidence: str) -> Outcome[Pair]:
    """Turn a question away; what its runs happened to show is left out, as it differs each time."""
    return Outcome(
        rejected=(
            Rejected(
                id=row.id,
                stage=PreferStage.name,
                reason=reason,
                evidence=evidence,
                row=row.model_dump_json(exclude={"trials": _RUNS, "responses": _RUNS}),
            ),
        )
    )
