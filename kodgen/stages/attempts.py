"""How many attempts a question gets, and what its pass rate says of it: pure arithmetic.

A question's attempts are a prefix of an endless sequence; where it ends depends only on what the
attempts before the end said, so results don't depend on timing or on how many run at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

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


def attempts_wanted(results: Sequence[int | None], policy: Policy) -> int:
    """How many attempts are certain to be needed, given what some of them said.

    The shortest length at which the question could be decided whatever the unknown results are,
    so all attempts below it may run at once. Where all of these are known it is decided there.

    Args:
        results: 1 or 0 by attempt; None for one that is not known, as are all beyond the end.
        policy: The question's policy.
    """
    return _endings(tuple(results), policy)[0]


def attempts_possible(results: Sequence[int | None], policy: Policy) -> int:
    """The most attempts that can turn out to be needed, given what some of them said."""
    return _endings(tuple(results), policy)[-1]


@lru_cache(maxsize=4096)
def _endings(results: tuple[int | None, ...], policy: Policy) -> tuple[int, ...]:
    """Every length at which some way to fill in the unknown results decides, in order."""
    found = []
    undecided = {0}
    """Passes so far, over all ways that no shorter length decides."""
    made = 0
    while undecided:
        said = results[made] if made < len(results) else None
        made += 1
        if said is None:
            reached = undecided | {passed + 1 for passed in undecided}
        else:
            reached = {passed + said for passed in undecided}
        undecided = {passed for passed in reached if policy.total(passed, made) > made}
        if len(undecided) < len(reached):
            found.append(made)
    return tuple(found)


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
