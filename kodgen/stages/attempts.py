"""How many attempts a question gets, and what its pass rate says of it: pure arithmetic.

A question's attempts are a prefix of an endless sequence; where it ends depends only on what the
attempts before the end said, so results don't depend on timing or on how many run at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kodgen.records import Difficulty, Trial


@dataclass(frozen=True, slots=True)
class Policy:
    """Attempts before a difficulty is read off, and attempts in all for each difficulty."""

    probe: int
    easy: int
    medium: int
    hard: int

    @classmethod
    def of(cls, attempts: Mapping[str, int]) -> "Policy":
        """From `kodgen.config.attempts_of`."""
        return cls(**attempts)

    def total(self, passed: int, made: int) -> int:
        """Attempts in all, as far as `passed` of `made` tell."""
        if made < self.probe:
            return self.probe
        budgets = {"easy": self.easy, "medium": self.medium, "hard": self.hard}
        return budgets[difficulty(passed, made)]


def difficulty(passed: int, made: int) -> Difficulty:
    """Label by pass rate: easy from 2/3, medium from 1/3, hard below.

    The bounds are those of KodCode's released labels (its code counts exactly 2/3 as easy; the
    paper's text, section 2.2, says above 2/3). Integers, so that 2 of 3 is never a rounding error.

    Raises:
        ValueError: Nothing was attempted.
    """
    if made < 1:
        raise ValueError("no attempt was made, so there is no pass rate")
    if 3 * passed >= 2 * made:
        return "easy"
    return "medium" if 3 * passed >= made else "hard"


def attempts_wanted(sequence: Sequence[int], policy: Policy) -> int:
    """How many attempts are certain to be needed, given what the first ones said.

    Equal to `len(sequence)` when the question is decided. Otherwise the shortest length at which
    it could be decided whatever the next attempts say, so all attempts below it may run at once.
    """
    made, passed = len(sequence), sum(sequence)
    length = made
    while True:
        reachable = range(passed, passed + length - made + 1)
        if length > 0 and any(policy.total(p, length) <= length for p in reachable):
            return length
        length += 1


def chosen_trial(trials: Sequence[Trial]) -> Trial | None:
    """The passing trial with the highest coverage, the earliest of equals; None if none passed.

    Highest coverage is KodCode's rule (section 2.2); a pass whose coverage was not measured
    comes after every measured one.
    """
    passing = [trial for trial in trials if trial.verdict.passed]

    def rank(trial: Trial) -> tuple[bool, float, int]:
        coverage = trial.verdict.coverage
        return (coverage is None, -(coverage or 0.0), trial.attempt)

    return min(passing, key=rank, default=None)
