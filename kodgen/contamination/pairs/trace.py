"""What a text must hold that writes a pair of arguments and result out, so that it can be sought.

The words of a pair's arguments stand in one order, whatever else is between them: names of
parameters, brackets, `approx`. So a text's words are thinned to numbers and rare words, and the
arguments are a run in what is left; arguments of common words alone are a run in the whole text.
The words of the result have to be in the text somewhere.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from kodgen.contamination.pairs.number_lists import NumberList
from kodgen.contamination.pairs.pairs import Pair
from kodgen.contamination.words.words import words

NEAR = 8
"""Words of a pair on either side of its middle that are looked for."""
LONG_ENOUGH = 8
"""Digits and letters of words that are looked for without the common ones between them."""
LEAST_DIGITS = 3
"""Digits of a first argument that is looked for without the others and the result."""
TELLING = 30.0
"""Bits of arguments, or of a result, that are looked for without the other next to them."""

_FIRST_NUMBER = re.compile(r"\(\s*(?:\w+\s*=\s*)?(-?\d[\d_.]*)\s*[),]")
"""A number that is the first argument."""

_TRUTHS = {
    "True": None,
    "False": frozenset({"false", "not", "assertfalse"}),
    "None": frozenset({"none", "assertisnone"}),
}
"""Results that tests may tell without their word, as in `assert f(2)`, and the words of which they
hold one at least."""
_SHORTENED = "...#"
"""In a spelling, where a long one was cut."""
_PLAIN = re.compile(r"""[^'"\\\x00-\x1f\x7f-\U0010ffff]+""")
"""A text that needs no escapes and stays as it is, whatever stands next to it."""
_SIGNS = re.compile(r"""['"]([^\w'"\n]{3,})['"]""")
"""A text without words, such as brackets."""


class Trace(NamedTuple):
    """Of one pair."""

    needed: frozenset[str]
    """Words that a text with the pair has somewhere."""
    told: frozenset[str]
    """Further ones that it has where the result is always told."""
    hinted: frozenset[str] | None
    """Words of which it has one at least; None if it need not."""
    weights: Mapping[int, float]
    """What the pair brings, by task."""
    lists: tuple[NumberList, ...] = ()
    """Lists of numbers that it has."""
    run: tuple[str, ...] = ()
    """Words that it has in a row; none if what is quoted is enough."""
    thinned: bool = False
    """Whether they are in a row among kept words; if not, among all words."""
    quoted: str = ""
    """What it has between two quotes; empty if there is a run."""
    empties: bool = False
    """Whether its result is of nothing but `{}`, for which there is no other spelling."""

    def worded(self, distinct: AbstractSet[str], tests: bool) -> bool:
        """Whether a text of these words, tests or not, may hold it."""
        return (
            self.needed <= distinct
            and (tests or self.told <= distinct)
            and (self.hinted is None or not self.hinted.isdisjoint(distinct))
        )


def thinned(told: Iterable[str], kept: AbstractSet[str]) -> tuple[str, ...]:
    """The kept words."""
    return tuple(filter(kept.__contains__, told))


def trace_of(pair: Pair, weights: Mapping[int, float], kept: AbstractSet[str]) -> Trace:
    """The trace of a pair, in texts that are thinned to some words."""
    told_arguments, told_result = pair.written()
    arguments: Sequence[str] = words(told_arguments)
    result: Sequence[str] = words(told_result)
    told = frozenset(result)
    hinted = _TRUTHS.get(pair.result.spelling)
    if pair.result.spelling in _TRUTHS:
        result = ()
    empties = not result and "{:]" in pair.result.spelling
    needed = frozenset([*arguments, *result])
    lists = () if pair.spelt is None else pair.spelt.lists
    trace = Trace(needed, told, hinted, weights, lists, empties=empties)
    # Long arguments are enough, wherever their result stands; it is asked for all the same.
    own = _rare(pair, kept)
    long = len("".join(own)) >= LONG_ENOUGH
    if not long:
        own = thinned(arguments[-NEAR:], kept)
        long = len("".join(own)) >= LONG_ENOUGH and 2 * len(own) > len(arguments[-NEAR:])
    whole = _together(pair, arguments, result)
    number = _number(told_arguments)
    if not arguments and (signs := _signs(told_arguments)):
        trace = trace._replace(quoted=signs)
    elif text := _text(pair):
        trace = trace._replace(quoted=text)
    elif long:
        trace = trace._replace(run=own, thinned=True)
    elif len(whole) > 1 and len(thinned(whole, kept)) == len(whole):
        trace = trace._replace(run=whole, thinned=True)
    elif sum(map(str.isdigit, number)) >= LEAST_DIGITS:
        trace = trace._replace(run=tuple(words(number)))
    elif arguments or len(whole) > 1:
        trace = trace._replace(run=whole)
    return trace


def _rare(pair: Pair, kept: AbstractSet[str]) -> tuple[str, ...]:
    """Rare words of the argument that has most of them: names may stand between arguments."""
    found = [
        tuple(filter(str.isalpha, thinned(words(one)[-NEAR:], kept)))
        for one in (() if pair.spelt is None else pair.spelt.each)
    ]
    return max(found, key=len, default=())


def _together(pair: Pair, arguments: Sequence[str], result: Sequence[str]) -> tuple[str, ...]:
    """Words of arguments and result that stand next to each other wherever the pair is told."""
    # What has a name stands where it got it, and not next to the rest.
    apart = pair.spelt is None
    if (apart or pair.arguments.bits >= TELLING) and len(arguments) > 1:
        return tuple(arguments[-NEAR:])
    if (apart or pair.result.bits >= TELLING) and len(result) > 1:
        return tuple(result[:NEAR])
    return (*arguments[-NEAR:], *result[:NEAR])


def _signs(arguments: str) -> str:
    """The longest text of signs alone among the arguments, if it is a long one; else empty."""
    return max(_SIGNS.findall(arguments), key=len, default="")


def _text(pair: Pair) -> str:
    """The longest text among the arguments that is hardly written otherwise, but for its quotes.

    Empty if there is none of two letters.
    """
    spelling = pair.arguments.spelling
    found: Sequence[str]
    if pair.spelt is not None:
        found = pair.spelt.texts
    elif _SHORTENED in spelling or "\\" in spelling or '"' in spelling:
        found = []
    else:
        found = spelling.split("'")[1::2]
    likely = [one for one in found if len(one) > 1 and words(one) and _PLAIN.fullmatch(one)]
    return max(likely, key=len, default="")


def _number(arguments: str) -> str:
    """The first argument, if it is a number; else empty."""
    found = _FIRST_NUMBER.match(arguments if arguments.startswith("(") else f"({arguments[1:]}")
    return found[1] if found else ""
