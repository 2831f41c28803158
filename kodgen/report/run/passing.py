"""pass@k, from attempts that differ in number from question to question."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import comb

KS = (1, 5, 10)
"""Those of the paper's figure 2."""


@dataclass(frozen=True, slots=True)
class Bracket:
    """A share from 0 to 1 that lies between two bounds; both are the same where it is known."""

    low: float
    high: float


def pass_at_k(made: int, passed: int, k: int) -> float:
    """Chance that at least one of `k` attempts passes, without bias from `made` of them.

    Chen et al., 2021 ("Evaluating Large Language Models Trained on Code"), equation 1:
    `1 - C(made - passed, k) / C(made, k)`.

    Raises:
        ValueError: Fewer than `k` attempts were made.
    """
    if made < k:
        raise ValueError(f"pass@{k} needs {k} attempts, there are {made}")
    return 1.0 - comb(made - passed, k) / comb(made, k)


def brackets(
    sequences: Mapping[tuple[int, ...], int], certain: int, ks: Iterable[int] = KS
) -> dict[int, Bracket]:
    """pass@k over questions, each with the same weight.

    How many attempts a question gets depends on what its first ones said, and the formula is
    without bias only over a number that was fixed beforehand. So it is used on the first `certain`
    attempts, which every question gets. For a larger k a question counts by its first k attempts
    alone: 1 if one passed. Where it has fewer, and none passed, the rest is unknown: 0 in the
    lower bound, 1 in the upper.

    Args:
        sequences: 1 or 0 by attempt, in order, and how many questions have that sequence.
        certain: Attempts that every question gets, whatever they say.
        ks: Numbers of attempts.

    Returns:
        By k; empty without questions.
    """
    questions = sum(sequences.values())
    if not questions:
        return {}
    found = {}
    for k in ks:
        low = high = 0.0
        for sequence, times in sequences.items():
            one = _one(sequence, certain, k)
            low += times * one.low
            high += times * one.high
        found[k] = Bracket(low / questions, high / questions)
    return found


def _one(sequence: Sequence[int], certain: int, k: int) -> Bracket:
    prefix = sequence[:certain]
    if k <= len(prefix):
        rate = pass_at_k(len(prefix), sum(prefix), k)
        return Bracket(rate, rate)
    passed = float(any(sequence[:k]))
    return Bracket(passed, passed if len(sequence) >= k else 1.0)
