"""Exercises that everybody sets, so that meeting one of them is no sign of a benchmark."""

from functools import cache
from importlib.resources import files


@cache
def commonplace() -> tuple[str, ...]:
    """One-line statements, in our own words: palindromes, sorting, a bank account, a web form."""
    text = (files("kodgen.contamination.meaning") / "commonplace.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line)
