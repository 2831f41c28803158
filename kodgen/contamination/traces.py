"""What any text that writes a pair of arguments and result out must hold, found without parsing.

The words of a pair's arguments stand in one order, whatever else is between them: names of
parameters, brackets, `approx`. So a text's words are thinned to numbers and rare words, and the
arguments are a run in what is left; arguments of common words alone are a run in the whole text.
The words of the result have to be in the text somewhere. What pairs are found so would bring is
summed up for each task, and only texts that could share enough are worth parsing.
"""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from keyword import iskeyword
from typing import TYPE_CHECKING, NamedTuple

from kodgen.contamination.numbering import Numbered, numbered, numbered_runs
from kodgen.contamination.numberset import NumberSet
from kodgen.contamination.pairs import Pair
from kodgen.contamination.sieve import Sieve
from kodgen.contamination.words import distinct_words, words
from kodgen.contamination.worth import Worth

if TYPE_CHECKING:
    from kodgen.contamination.numbering import Places

NEAR = 8
"""Words of a pair on either side of its middle that are looked for."""
LONG_ENOUGH = 8
"""Digits and letters of words that are looked for without the common ones between them."""
ALONE_NUMBER = 0.2
"""Weight at most of a number that is all that there is to look for: three are not enough."""
ALONE_WORD = 0.37
"""Of a word likewise: two are not enough."""
LEAST_DIGITS = 3
"""Digits of a number that is looked for alone in brackets."""
TELLING = 30.0
"""Bits of arguments, or of a result, that are looked for without the other next to them."""
LEAST_LETTERS = 5
"""Letters of a word that isn't likely to be a variable's name too."""
MOST_PAIRS = 5
"""Pairs that may hold a rare word."""

_TRUTHS = {
    "True": None,
    "False": frozenset({"false", "not", "assertfalse"}),
    "None": frozenset({"none", "assertisnone"}),
}
"""Results that tests may tell without their word, as in `assert f(2)`, and the words of which they
hold one at least."""
_NUMBER = re.compile(r"\(\s*(?:\w+\s*=\s*)?(-?\d[\d_.]*)\s*[),]")
"""A number that is the first argument."""
_EMPTY = re.compile(r"\{\s*(?:#[^\n]*\s*)*\}")
_SHORTENED = "...#"
"""In a spelling, where a long one was cut."""
_PLAIN = re.compile(r"""[^'"\\\x00-\x1f\x7f-\U0010ffff]+""")
"""A text that needs no escapes and stays as it is, whatever stands next to it."""
_SIGNS = re.compile(r"""['"]([^\w'"\n]{3,})['"]""")
"""A text without words, such as brackets."""


class _Trace(NamedTuple):
    needed: frozenset[str]
    """Words that a text with the pair has somewhere."""
    told: frozenset[str]
    """Further ones that it has where the result is always told."""
    hinted: frozenset[str] | None
    """Words of which it has one at least; None if it need not."""
    weights: Mapping[int, float]
    """What the pair brings, by task."""
    run: tuple[str, ...] = ()
    """Words that it has in a row; none if what is quoted is enough."""
    thinned: bool = False
    """Whether they are in a row among kept words; if not, among all words."""
    quoted: str = ""
    """What it has between two quotes; empty if there is a run."""
    number: str = ""
    """Its first argument, if it is asked for whether that stands behind a bracket."""
    empties: bool = False
    """Whether its result is of nothing but `{}`, for which there is no other spelling."""
    otherwise: float = 1.0
    """What it brings at most where that does not."""

    def worded(self, distinct: AbstractSet[str], tests: bool) -> bool:
        """Whether a text of these words, tests or not, may hold it."""
        return (
            self.needed <= distinct
            and (tests or self.told <= distinct)
            and (self.hinted is None or not self.hinted.isdisjoint(distinct))
        )


class Traces:
    """Those of many pairs, sought in many texts at once."""

    def __init__(self, pairs: Iterable[tuple[Pair, Mapping[int, float]]], least: float) -> None:
        """Take down pairs to look for.

        Args:
            pairs: Each with the weight that it has in each of its tasks.
            least: Weight of what a text shares with one task from which on it is looked at.
        """
        # A little less, for sums of fractions in another order.
        self._least = least - 1e-6
        told = [
            (pair, words(pair.written()[0]), words(pair.written()[1]), weights)
            for pair, weights in pairs
        ]
        self._kept = _kept({*arguments, *result} for _, arguments, result, _ in told)
        self._kept_numbers = NumberSet(numbered_runs([sorted(self._kept)]).words)
        self._traces = self._with_lost([self._trace(*one) for one in told])
        # Of a trace without a run, what is in any text.
        self._written = [_spaced(trace.run) if trace.run else "" for trace in self._traces]
        self._worth = Worth([trace.weights for trace in self._traces])
        self._thin = _Runs(self._traces, thinned=True)
        self._plain = _Runs(self._traces, thinned=False)
        self._quoted: dict[str, list[int]] = defaultdict(list)
        for number, trace in enumerate(self._traces):
            if trace.quoted:
                self._quoted[trace.quoted].append(number)

    def holding(self, texts: tuple[str, ...], *, tests: bool) -> list[int]:
        """Numbers, ascending, of texts in which a look at their own pairs could show enough.

        By the windows of runs alone, a text seems to hold all the pairs that it does hold, and
        others; so if those together are not worth enough, it does not hold enough.

        Args:
            texts: Of many rows.
            tests: Whether they are tests; if not, they show each pair with its result.
        """
        told = numbered(texts)
        met = [
            self._thin.met(told.thinned(self._kept_numbers.places(told.words))),
            self._plain.met(told),
            self._quoting(texts),
        ]
        likely: dict[int, list[int]] = defaultdict(list)
        for text, trace in self._worth.enough(met, self._least):
            likely[text].append(trace)
        return [text for text in sorted(likely) if self._holds(texts[text], likely[text], tests)]

    def _holds(self, text: str, likely: Sequence[int], tests: bool) -> bool:
        if text.isascii():
            # A word of such a text is a part of it: that is seen without making its words.
            has = text.lower().__contains__
            likely = [number for number in likely if all(map(has, self._traces[number].needed))]
            if not self._suffice(dict.fromkeys(likely, 1.0)):
                return False
        distinct = distinct_words(text)
        worded = [number for number in likely if self._traces[number].worded(distinct, tests)]
        # The words alone rule most texts out, and are quickly looked at.
        if not self._suffice(dict.fromkeys(worded, 1.0)):
            return False
        told = words(text)
        rows = {True: _spaced(self._thinned(told)), False: _spaced(told)}
        numbers = {"", *_NUMBER.findall(text)}
        empties = _EMPTY.search(text) is not None
        found: dict[int, float] = {}
        for number in worded:
            trace = self._traces[number]
            if self._written[number] in rows[trace.thinned] and (empties or not trace.empties):
                found[number] = 1.0 if trace.number in numbers else trace.otherwise
        return self._suffice(found)

    def _suffice(self, traces: Mapping[int, float]) -> bool:
        """Whether traces are enough for a task, each with what it brings at most."""
        sums: dict[int, float] = defaultdict(float)
        for number, most in traces.items():
            for task, weight in self._traces[number].weights.items():
                sums[task] += min(weight, most)
        return max(sums.values(), default=0.0) > self._least

    def _trace(
        self,
        pair: Pair,
        arguments: Sequence[str],
        result: Sequence[str],
        weights: Mapping[int, float],
    ) -> _Trace:
        told = frozenset(result)
        hinted = _TRUTHS.get(pair.result.spelling)
        if pair.result.spelling in _TRUTHS:
            result = ()
        empties = not result and "{:]" in pair.result.spelling
        needed = frozenset([*arguments, *result])
        trace = _Trace(needed, told, hinted, weights, empties=empties)
        # Long arguments are enough, wherever their result stands; it is asked for all the same.
        own = self._rare(pair)
        long = len("".join(own)) >= LONG_ENOUGH
        if not long:
            own = self._thinned(arguments[-NEAR:])
            long = len("".join(own)) >= LONG_ENOUGH and 2 * len(own) > len(arguments[-NEAR:])
        whole = _together(pair, arguments, result)
        number = _number(pair)
        if not arguments and (signs := _signs(pair)):
            trace = trace._replace(quoted=signs)
        elif text := _text(pair):
            trace = trace._replace(quoted=text)
        elif long:
            trace = trace._replace(run=own, thinned=True)
        elif len(whole) > 1 and len(self._thinned(whole)) == len(whole):
            trace = trace._replace(run=whole, thinned=True)
        elif sum(map(str.isdigit, number)) >= LEAST_DIGITS:
            trace = trace._replace(run=tuple(words(number)), number=number, otherwise=0.0)
        elif len(whole) > 1:
            trace = trace._replace(run=whole)
        elif arguments:
            least = ALONE_NUMBER if whole[0].isdigit() else ALONE_WORD
            trace = trace._replace(run=whole, number=number or whole[0], otherwise=least)
        return trace

    def _rare(self, pair: Pair) -> tuple[str, ...]:
        """Rare words of the argument that has most of them: names may stand between arguments."""
        given = pair.sources[0] if pair.sources is not None else None
        found = [
            tuple(filter(str.isalpha, self._thinned(words(ast.unparse(one))[-NEAR:])))
            for one in (given.elts if isinstance(given, ast.Tuple) else ())
        ]
        return max(found, key=len, default=())

    def _with_lost(self, traces: Iterable[_Trace]) -> list[_Trace]:
        """Those that can be looked for; what the others of a task bring is taken to be there.

        Nothing is left to look for of `f([]) == []`, so its task needs that much less of the rest.
        """
        traces = list(traces)
        lost: dict[int, float] = defaultdict(float)
        for trace in traces:
            if not trace.run and not trace.quoted:
                for task, weight in trace.weights.items():
                    lost[task] += weight
        return [
            trace._replace(
                weights={
                    # Nothing else is needed where all but some hair is lost.
                    task: weight * self._least / max(self._least - lost[task], weight or 1.0)
                    if lost[task]
                    else weight
                    for task, weight in trace.weights.items()
                }
            )
            for trace in traces
            if trace.run or trace.quoted
        ]

    def _thinned(self, told: Iterable[str]) -> tuple[str, ...]:
        return tuple(filter(self._kept.__contains__, told))

    def _quoting(self, texts: Sequence[str]) -> tuple["Places", "Places"]:
        """Texts, and traces that are quoted in each."""
        import numpy as np

        found = [
            (number, trace)
            for number, text in enumerate(texts)
            # Between any two quotes, since who knows which of them opens.
            for quoted in self._quoted.keys() & text.replace('"', "'").split("'")
            for trace in self._quoted[quoted]
        ]
        told = np.array(found, np.int64).reshape(-1, 2)
        return told[:, 0], told[:, 1]


class _Runs:
    """Runs of some of the traces, by the traces' numbers."""

    def __init__(self, traces: Sequence[_Trace], *, thinned: bool) -> None:
        import numpy as np

        chosen = [
            number for number, trace in enumerate(traces) if trace.run and trace.thinned == thinned
        ]
        self._sieve = Sieve([traces[number].run for number in chosen])
        self._numbers = np.array(chosen, np.int64)

    def met(self, texts: Numbered) -> tuple["Places", "Places"]:
        where, which = self._sieve.met(texts)
        return where, self._numbers[which]


def _together(pair: Pair, arguments: Sequence[str], result: Sequence[str]) -> tuple[str, ...]:
    """Words of arguments and result that stand next to each other wherever the pair is told."""
    # What has a name stands where it got it, and not next to the rest.
    apart = pair.sources is None
    if (apart or pair.arguments.bits >= TELLING) and len(arguments) > 1:
        return tuple(arguments[-NEAR:])
    if (apart or pair.result.bits >= TELLING) and len(result) > 1:
        return tuple(result[:NEAR])
    return (*arguments[-NEAR:], *result[:NEAR])


def _signs(pair: Pair) -> str:
    """The longest text of signs alone among the arguments, if it is a long one; else empty."""
    return max(_SIGNS.findall(pair.written()[0]), key=len, default="")


def _text(pair: Pair) -> str:
    """The longest text among the arguments that is hardly written otherwise, but for its quotes.

    Empty if there is none of two letters.
    """
    spelling = pair.arguments.spelling
    if pair.sources is not None:
        constants = (node for node in ast.walk(pair.sources[0]) if isinstance(node, ast.Constant))
        found = [one.value for one in constants if isinstance(one.value, str)]
    elif _SHORTENED in spelling or "\\" in spelling or '"' in spelling:
        found = []
    else:
        found = spelling.split("'")[1::2]
    likely = [one for one in found if len(one) > 1 and words(one) and _PLAIN.fullmatch(one)]
    return max(likely, key=len, default="")


def _number(pair: Pair) -> str:
    """The first argument, if it is a number; else empty."""
    written = pair.written()[0]
    found = _NUMBER.match(written if written.startswith("(") else f"({written[1:]}")
    return found[1] if found else ""


def _kept(pairs: Iterable[set[str]]) -> frozenset[str]:
    """Numbers, and words that few pairs hold."""
    seen = Counter(word for told in pairs for word in told)
    return frozenset(
        word
        for word, count in seen.items()
        if word[0].isdigit()
        or (len(word) >= LEAST_LETTERS and count <= MOST_PAIRS and not iskeyword(word))
    )


def _spaced(told: Iterable[str]) -> str:
    return f" {' '.join(told)} "
