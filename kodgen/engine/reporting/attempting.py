"""What the attempts at questions said: pass sequences, reasons, times, and the worst of them."""

import heapq
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from kodgen.engine.reporting.files import rows, rows_at
from kodgen.engine.reporting.stages import Stage, subset_of
from kodgen.report.run.passing import brackets
from kodgen.report.run.values import Extreme, Spent, SubsetAttempts

DECIDED = frozenset({"never_passed", "missing_dependency"})
"""Reasons for which the solve stage rejects a question that it has made all attempts at."""
SHOWN = 20
"""Questions listed as slowest, and as failing most often."""
EXCERPT = 300
"""Characters of a question in a list."""
COLUMNS = (
    "question_id",
    "completion_tokens",
    "verdict.outcome",
    "verdict.reason",
)

Worst = list[tuple[float, str, "_Question"]]


@dataclass(frozen=True, slots=True)
class _Question:
    sequence: tuple[int, ...]
    reasons: Mapping[str, int]

    def __lt__(self, other: "_Question") -> bool:
        return False


@dataclass(slots=True)
class Attempts:
    """All that is kept of a stage's attempts."""

    kept: dict[str, int]
    """Questions that passed: the row's number, by id."""
    rejected: dict[str, tuple[int, str]]
    """The others: the row's number and the reason, by id."""
    sequences: dict[str, Counter[tuple[int, ...]]] = field(default_factory=dict)
    outcomes: dict[str, Counter[str]] = field(default_factory=dict)
    tokens: dict[str, "array[int]"] = field(default_factory=dict)
    verified: Counter[int] = field(default_factory=Counter)
    never: Counter[int] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)
    """Of a question's slowest attempt, on the clock."""
    slowest: Worst = field(default_factory=list)
    failing: Worst = field(default_factory=list)

    def by_subset(self, certain: Mapping[str, int]) -> dict[str, SubsetAttempts]:
        """pass@k and totals.

        Args:
            certain: Attempts that every question of a subset gets; where that is not known, as
                many as the one with the fewest got.
        """
        found = {}
        for subset, sequences in self.sequences.items():
            fewest = min(map(len, sequences))
            sure = min(certain.get(subset, fewest), fewest)
            found[subset] = SubsetAttempts(
                questions=sequences.total(),
                at=brackets(sequences, sure),
                certain=sure,
                made=sum(len(one) * times for one, times in sequences.items()),
                passed=sum(sum(one) * times for one, times in sequences.items()),
            )
        return found

    def spent(self) -> Spent:
        """Questions by how many attempts were made."""
        return Spent(self.verified, self.never)

    def extremes(self, stage: Stage) -> tuple[tuple[Extreme, ...], tuple[Extreme, ...]]:
        """The slowest questions, and those that failed most often, the worst first."""
        ranked = [sorted(worst, reverse=True) for worst in (self.slowest, self.failing)]
        texts = self._texts(stage, {one for worst in ranked for _, one, _ in worst})
        slowest, failing = (
            tuple(
                Extreme(
                    id=one,
                    text=texts.get(one, ""),
                    kept=one in self.kept,
                    attempts=len(about.sequence),
                    passed=sum(about.sequence),
                    seconds=self.seconds.get(one),
                    reasons=about.reasons,
                )
                for _, one, about in worst
            )
            for worst in ranked
        )
        return slowest, failing

    def _texts(self, stage: Stage, wanted: set[str]) -> dict[str, str]:
        numbers = {self.kept[one]: one for one in wanted if one in self.kept}
        found = {
            numbers[number]: row["question"][:EXCERPT]
            for number, row in rows_at(stage.kept, numbers).items()
        }
        turned = {self.rejected[one][0]: one for one in wanted if one in self.rejected}
        for number, row in rows_at(stage.rejected, turned).items():
            found[turned[number]] = str(parsed(row["row"]).get("text", ""))[:EXCERPT]
        return found


def parsed(row: str) -> dict[str, Any]:
    """A rejected row; empty where it was not a row."""
    import json

    try:
        value = json.loads(row)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def read_attempts(stage: Stage) -> Attempts:
    """Of the stage that makes attempts at questions.

    Raises:
        RunDirectoryError: A file is missing or broken.
    """
    ids = (row["id"] for row in rows(stage.kept, ["id"]))
    turned = enumerate(rows(stage.rejected, ["id", "reason"]))
    made = Attempts(
        kept={one: number for number, one in enumerate(ids)},
        rejected={row["id"]: (number, row["reason"]) for number, row in turned},
    )
    if stage.observations is not None:
        for row in rows(stage.observations, ["id", "wall_seconds"]):
            question = row["id"].rpartition("/")[0]
            made.seconds[question] = max(made.seconds.get(question, 0.0), row["wall_seconds"])
    for question, trials in _by_question(stage):
        _add(made, question, trials)
    return made


def _by_question(stage: Stage) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    assert stage.trials is not None, "only a stage that makes attempts is asked for them"
    for question, group in groupby(rows(stage.trials, COLUMNS), lambda row: row["question_id"]):
        yield question, list(group)


def _add(made: Attempts, question: str, trials: list[dict[str, Any]]) -> None:
    subset = subset_of(question)
    said = [trial["verdict"] for trial in trials]
    outcomes = made.outcomes.setdefault(subset, Counter())
    outcomes.update(why(one) for one in said)
    tokens = made.tokens.setdefault(subset, array("q"))
    tokens.extend(t["completion_tokens"] for t in trials if t["completion_tokens"] is not None)
    if question not in made.kept and made.rejected.get(question, (0, ""))[1] not in DECIDED:
        # Its attempts ended before they said enough.
        return
    sequence = tuple(int(one["outcome"] == "passed") for one in said)
    made.sequences.setdefault(subset, Counter())[sequence] += 1
    (made.verified if question in made.kept else made.never)[len(sequence)] += 1
    failed = len(sequence) - sum(sequence)
    reasons = Counter(why(one) for one in said if one["outcome"] != "passed")
    about = _Question(sequence, reasons)
    if question in made.seconds:
        _hold(made.slowest, (made.seconds[question], question, about))
    if failed:
        _hold(made.failing, (failed, question, about))


def _hold(worst: Worst, one: tuple[float, str, _Question]) -> None:
    (heapq.heappush if len(worst) < SHOWN else heapq.heappushpop)(worst, one)


def why(verdict: Mapping[str, Any]) -> str:
    """What a verdict says, in short: `passed`, or the outcome and its reason."""
    outcome, reason = verdict["outcome"], verdict["reason"]
    return outcome if outcome == "passed" or not reason else f"{outcome}: {reason}"
