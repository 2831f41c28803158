"""Targets: which verified rows count, decided in the order of the input, and what is missing.

Rows are taken in the order of the stage's input, never of arrival: a row counts where a cell of
the target still needs it after every row before it, so the same rows are taken whatever the
timing. All arithmetic here is pure.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from kodgen.config import Target
from kodgen.records import Record
from kodgen.stages.base import Outcome, reject

In = TypeVar("In", bound=Record)
Out = TypeVar("Out", bound=Record)

BEYOND = "beyond_target"
LEVELS = ("easy", "medium", "hard")
NOTHING = 1e-9
"""What is left of a cell below this is a rounding error of the expected yields."""


@dataclass(slots=True)
class Quota:
    """What a target still needs.

    `weight` is 1 for a row that was verified, and the chance of it for one still open.

    A row of which a subset and a difficulty are known serves the cell of each. Where `rows` is
    given too it is the number of rows in all: as many places as the other cells still need at
    the least are kept free for rows that serve them.
    """

    rows: float | None
    subsets: dict[str, float]
    levels: dict[str, float]

    @classmethod
    def of(cls, target: Target) -> "Quota":
        """Everything is needed yet."""
        return cls(
            None if target.rows is None else float(target.rows),
            {name: float(count) for name, count in target.per_subset.items()},
            {str(name): float(count) for name, count in target.per_difficulty.items()},
        )

    def copy(self) -> "Quota":
        """Another one, to count expected rows in."""
        return Quota(self.rows, dict(self.subsets), dict(self.levels))

    def needed(self) -> float:
        """Rows that it takes at the least to fill all cells."""
        return max(self.rows or 0.0, sum(self.subsets.values()), sum(self.levels.values()))

    def full(self) -> bool:
        """Whether no row whatever is needed."""
        if self.rows is not None:
            return self.rows <= NOTHING
        return self.needed() <= NOTHING

    def takes(self, subset: str, level: str) -> bool:
        """Whether a row is needed."""
        serves_subset = self.subsets.get(subset, 0.0) > NOTHING
        serves_level = self.levels.get(level, 0.0) > NOTHING
        if self.rows is None:
            return serves_subset or serves_level
        if self.rows <= NOTHING:
            return False
        by_subset, by_level = sum(self.subsets.values()), sum(self.levels.values())
        tight_subset = by_subset >= self.rows - NOTHING
        tight_level = by_level >= self.rows - NOTHING
        return (serves_subset or not tight_subset) and (serves_level or not tight_level)

    def closed(self, subset: str) -> bool:
        """Whether no row of a subset is needed, whatever its difficulty turns out to be."""
        return not any(self.takes(subset, level) for level in LEVELS)

    def take(self, subset: str, level: str, weight: float = 1.0) -> bool:
        """Count a row in if it is needed; whether it is."""
        if not self.takes(subset, level):
            return False
        if self.rows is not None:
            self.rows = max(self.rows - weight, 0.0)
        for cells, name in ((self.subsets, subset), (self.levels, level)):
            if name in cells:
                cells[name] = max(cells[name] - weight, 0.0)
        return True


@dataclass(slots=True)
class Settling(Generic[In, Out]):
    """What of a stage's outcomes the target takes, in the order of the input, for sealing.

    Without a target that is all of it. A row that no cell needed is rejected with
    `beyond_target`: where it was known before its attempts that none does, these are left out,
    since how many were made by then is chance. Its answers and trials stay in the stores.
    """

    target: Target | None
    stage: str
    taken: int = 0
    _quota: Quota | None = None
    _seen: dict[str, Counter[str]] = field(default_factory=dict)
    _rejected: dict[str, Counter[str]] = field(default_factory=dict)

    def outcomes(
        self, rows: Iterable[In], outcome_of: Callable[[In], Outcome[Out]]
    ) -> Iterator[Outcome[Out]]:
        """The outcome to seal of each row; `outcome_of` is asked for needed rows alone."""
        if self.target is None:
            yield from map(outcome_of, rows)
            return
        self._quota = quota = Quota.of(self.target)
        for row in rows:
            subset = str(row.subset)  # type: ignore[attr-defined]
            if quota.closed(subset):
                why = "not needed: the target's rows were verified without it"
                yield Outcome(rejected=(reject(self.stage, row, BEYOND, why),))
                continue
            yield self._settled(subset, outcome_of(row), quota)

    def _settled(self, subset: str, outcome: Outcome[Out], quota: Quota) -> Outcome[Out]:
        kept, rejected = [], list(outcome.rejected)
        reasons = self._rejected.setdefault(subset, Counter())
        reasons.update(one.reason for one in outcome.rejected)
        for one in outcome.kept:
            level = str(one.difficulty)  # type: ignore[attr-defined]
            self._seen.setdefault(subset, Counter())[level] += 1
            if quota.take(subset, level):
                kept.append(one)
                self.taken += 1
            else:
                why = f"verified, {level}: the target's cells need no other such row"
                rejected.append(reject(self.stage, one, BEYOND, why))
                reasons[BEYOND] += 1
        return Outcome(kept=tuple(kept), rejected=tuple(rejected), trials=outcome.trials)

    def report(self) -> dict[str, Any]:
        """For the manifest: rows taken, and each cell that is short, with what there was instead.

        Empty without a target.
        """
        if self.target is None or self._quota is None:
            return {}
        return {"taken": self.taken, "missing": list(self._missing(self.target, self._quota))}

    def _missing(self, target: Target, left: Quota) -> Iterator[dict[str, Any]]:
        cells = [("rows", "", target.rows or 0, left.rows or 0.0)]
        cells += [
            ("subset", name, count, left.subsets[name]) for name, count in target.per_subset.items()
        ]
        cells += [
            ("difficulty", name, count, left.levels[name])
            for name, count in target.per_difficulty.items()
        ]
        for kind, name, wanted, missing in cells:
            if missing > NOTHING:
                only = name if kind == "subset" else None
                yield {
                    "cell": f"{kind} {name}".strip(),
                    "wanted": wanted,
                    "missing": round(missing),
                    "verified": _summed(self._seen, only),
                    "rejected": _summed(self._rejected, only),
                }


def _summed(counts: Mapping[str, Counter[str]], only: str | None) -> dict[str, int]:
    total: Counter[str] = Counter()
    for subset, counted in counts.items():
        if only is None or subset == only:
            total.update(counted)
    return dict(sorted(total.items(), key=lambda item: (-item[1], item[0])))


def shortfall_lines(report: Mapping[str, Any]) -> list[str]:
    """What a target lacks, a line for each cell; none where it is met."""
    lines = []
    for cell in report.get("missing", ()):
        verified = ", ".join(f"{count} {level}" for level, count in cell["verified"].items())
        rejected = ", ".join(f"{reason} {count}" for reason, count in cell["rejected"].items())
        lines.append(
            f"target {cell['cell']}: {cell['missing']} of {cell['wanted']} missing, and every "
            f"question that could fill it was tried (verified: {verified or 'none'}; rejected: "
            f"{rejected or 'none'}); add seeds or questions, or lower the target"
        )
    return lines
