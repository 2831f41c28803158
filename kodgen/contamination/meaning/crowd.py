"""Clean requests of our own, to learn from how near a benchmark lies to what anybody asks for.

Of two kinds: the exercises that everybody sets, in a line each, and statements as contest sites
pose them, put together by rule, so that what each asks for is met nowhere.
"""

from collections.abc import Sequence
from typing import NamedTuple

from kodgen.contamination.meaning.commonplace import commonplace

MADE_UP_SHARE = 0.02
"""Of the statements made by rule, the share that may score above a benchmark's limit: what is
promised of clean rows."""
GIVEN = (
    "You are given a string `s` consisting of lowercase English letters.",
    "You are given a binary string `s` and an integer `k`.",
    "Given two strings `s` and `t` of the same length,",
    "You are given an array of integers `nums`.",
    "Given an integer array `nums` and a positive integer `k`,",
    "You are given two integer arrays `a` and `b` of length `n`.",
    "You are given an `m x n` matrix `grid` of integers.",
    "You are given a tree of `n` nodes numbered from 0 and an array `edges`.",
    "You are given a list of intervals `[start, end]`.",
    "Given a positive integer `n`,",
)
RULES = (
    (
        "In one operation you can choose any index `i` and replace the element there by one of its "
        "neighbours. You may do this any number of times."
    ),
    (
        "A part of it is called beautiful if no two adjacent elements of it are equal. A part is a "
        "contiguous sequence of elements."
    ),
    (
        "You can perform the following operation at most `k` times: remove the first or the last "
        "element and add its value to your score."
    ),
    (
        "Call a pair of positions `(i, j)` with `i < j` good if what lies between them is smaller "
        "than both ends."
    ),
)
WANTED = (
    (
        "Return the minimum number of operations needed to make all of its elements equal, or `-1` "
        "if it is impossible."
    ),
    "Return the length of the longest part that satisfies this condition.",
    (
        "Return the number of such parts. Since the answer may be very large, return it modulo "
        "`10^9 + 7`."
    ),
    "Return the maximum possible sum of the elements that are chosen.",
    "Determine whether this is possible; return `true` if it is, and `false` otherwise.",
    "Return the lexicographically smallest result that can be obtained.",
)


class Crowd(NamedTuple):
    """Clean requests of one kind."""

    texts: Sequence[str]
    exercises: bool
    """They are the commonplace exercises themselves, in their order."""


def exercises() -> Crowd:
    """What everybody asks for; some of it is what tasks of a benchmark ask for."""
    return Crowd(commonplace(), exercises=True)


def made_up() -> Crowd:
    """Statements as contest sites pose them: each `GIVEN` with each of `RULES` and `WANTED`."""
    texts = [f"{given} {rule} {want}" for given in GIVEN for rule in RULES for want in WANTED]
    return Crowd(texts, exercises=False)
