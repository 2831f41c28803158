"""Which right answers of a question are kept: all, the one most thought over, or those that differ.

Pure functions over answers in attempt order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kodgen.parse.approach import approach
from kodgen.parse.diversity import apart, most_different
from kodgen.records import Response

Recipe = Literal["all", "deep", "diverse"]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a recipe chose, and why it left out each of the others."""

    kept: tuple[Response, ...]
    left_out: tuple[tuple[Response, str], ...]


def choose(recipe: Recipe, right: Sequence[Response], keep: int) -> Kept:
    """Choose among right answers.

    Args:
        recipe: By what.
        right: In attempt order.
        keep: How many `diverse` keeps at most.
    """
    if recipe == "deep":
        return _deep(right)
    if recipe == "diverse":
        return _diverse(right, keep)
    return Kept(tuple(right), ())


def thought(response: Response) -> tuple[int, int]:
    """Characters of the reasoning, then of the answer: servers count no tokens of the former."""
    return len(response.reasoning or ""), len(response.answer)


def _deep(right: Sequence[Response]) -> Kept:
    if not right:
        return Kept((), ())
    longest = max(right, key=lambda r: (*thought(r), -r.attempt))
    most = thought(longest)[0]
    return Kept(
        (longest,),
        tuple(
            (r, f"{thought(r)[0]} characters of reasoning, {most} in attempt {longest.attempt}")
            for r in right
            if r is not longest
        ),
    )


def _diverse(right: Sequence[Response], keep: int) -> Kept:
    codes = [r.code or "" for r in right]
    told = [
        r.model_copy(update={"approach": ", ".join(sorted(approach(code)))})
        for r, code in zip(right, codes, strict=True)
    ]
    chosen = most_different(codes, keep)
    left_out = []
    for n, response in enumerate(told):
        if n not in chosen:
            nearest = min(chosen, key=lambda m: (apart(codes[n], codes[m]).total, m))
            found = apart(codes[n], codes[nearest])
            left_out.append((response, f"{found} to attempt {told[nearest].attempt}"))
    return Kept(tuple(told[n] for n in chosen), tuple(left_out))
