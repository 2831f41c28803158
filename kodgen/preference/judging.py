"""Says of each answer whether it is right, by the triplet's tests, running what is not known."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from kodgen.preference.candidates import (
    Answer,
    Candidate,
    offers_the_same,
    share_passed,
    standing,
)
from kodgen.records import Crosscheck, Triplet, Verdict
from kodgen.sandbox.scrutiny import FULL, PLAIN, Scrutiny

Run = Callable[[str, str, Scrutiny], Awaitable[Verdict]]
"""Run the triplet's tests against a solution, under a name of its own: name, solution, how."""

_SPOILT = frozenset({"tampered", "infra", "unportable"})
"""Outcomes of an answer's own run after which it is used for nothing."""


@dataclass(frozen=True, slots=True)
class Told:
    """The answers to one question, told apart; the rest could not be used."""

    right: tuple[Candidate, ...]
    wrong: tuple[Candidate, ...]
    unusable: int

    def __str__(self) -> str:
        return f"{len(self.right)} right, {len(self.wrong)} wrong, {self.unusable} unusable"


async def told_apart(triplet: Triplet, answers: Sequence[Answer], run: Run) -> Told:
    """Judge answers one after the other."""
    judged = [await _judged(triplet, answer, run) for answer in answers]
    usable = [candidate for candidate in judged if candidate is not None]
    return Told(
        right=tuple(one for one in usable if one.right),
        wrong=tuple(one for one in usable if not one.right),
        unusable=len(judged) - len(usable),
    )


async def _judged(triplet: Triplet, answer: Answer, run: Run) -> Candidate | None:
    own = answer.verdict
    if own.outcome in _SPOILT or own.reason == "missing_dependency":
        return None
    if not offers_the_same(answer.code, triplet):
        return None
    if not answer.is_trial:
        return _by_verdict(answer, own)
    if triplet.crosscheck is not None:
        return await _by_consensus(triplet, triplet.crosscheck, answer, run)
    if answer.id == triplet.chosen_trial:
        return _by_verdict(answer, own)
    return _by_verdict(answer, await _tested(answer, run))


async def _by_consensus(
    triplet: Triplet, crosscheck: Crosscheck, answer: Answer, run: Run
) -> Candidate | None:
    """By the matrix; one that was left out of it has no score that others could be held to."""
    entry = next((one for one in crosscheck.solutions if one.trial == answer.id), None)
    if entry is None:
        return None
    asked = [
        passed
        for test, passed in zip(crosscheck.tests, entry.passed, strict=True)
        if test.trial == triplet.chosen_trial and not test.dropped
    ]
    right: bool | None = None
    if 0 in asked:
        right = False
    elif asked and None not in asked:
        right = True
    # The matrix is of plain runs: what no run in full has passed yet has to pass one.
    if right is None or (right and not answer.verdict.passed):
        candidate = _by_verdict(answer, await _tested(answer, run))
        right = None if candidate is None else candidate.right
    return None if right is None else answer.as_candidate(right=right, score=entry.score)


async def _tested(answer: Answer, run: Run) -> Verdict:
    """What the triplet's tests say, looked at closely where no own pass speaks for the code."""
    return await run(f"judge/{answer.order}", answer.code, PLAIN if answer.verdict.passed else FULL)


def _by_verdict(answer: Answer, verdict: Verdict) -> Candidate | None:
    stands = standing(verdict)
    if stands == "unusable":
        return None
    if stands == "right":
        return answer.as_candidate(right=True, score=1.0)
    return answer.as_candidate(right=False, score=share_passed(verdict))
