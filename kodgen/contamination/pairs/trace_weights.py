"""Traces of many pairs with what each brings, without what can bring nothing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from keyword import iskeyword

from kodgen.contamination.pairs.pairs import Pair
from kodgen.contamination.pairs.trace import Trace, trace_of
from kodgen.contamination.words.words import words

LEAST_LETTERS = 5
"""Letters of a word that isn't likely to be a variable's name too."""
MOST_PAIRS = 5
"""Pairs that may hold a rare word."""
HAIR = 1e-6
"""By which a sum of fractions may be less in another order."""


def traces_of(
    pairs: Iterable[tuple[Pair, Mapping[int, float]]], least: float
) -> tuple[list[Trace], frozenset[str]]:
    """Traces of pairs, each with its weights by task, and the words that thinned texts keep.

    Left out are traces of tasks alone that all their pairs together don't bring to `least`.
    """
    told = list(pairs)
    kept = _kept({word for text in pair.written() for word in words(text)} for pair, _ in told)
    traces = [trace_of(pair, weights, kept) for pair, weights in told]
    return _within_reach(_with_lost(traces, least), least), kept


def _with_lost(traces: Iterable[Trace], least: float) -> list[Trace]:
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
                task: weight * least / max(least - lost[task], weight or 1.0)
                if lost[task]
                else weight
                for task, weight in trace.weights.items()
            }
        )
        for trace in traces
        if trace.run or trace.quoted
    ]


def _within_reach(traces: Sequence[Trace], least: float) -> list[Trace]:
    """Those that some task counts that they can bring to `least`, with such tasks alone."""
    sums: dict[int, float] = defaultdict(float)
    for trace in traces:
        for task, weight in trace.weights.items():
            sums[task] += weight
    told = [
        trace._replace(
            weights={
                task: weight
                for task, weight in trace.weights.items()
                if weight and sums[task] > least - HAIR
            }
        )
        for trace in traces
    ]
    return [trace for trace in told if trace.weights]


def _kept(pairs: Iterable[set[str]]) -> frozenset[str]:
    """Numbers, and words that few pairs hold."""
    seen = Counter(word for told in pairs for word in told)
    return frozenset(
        word
        for word, count in seen.items()
        if word[0].isdigit()
        or (len(word) >= LEAST_LETTERS and count <= MOST_PAIRS and not iskeyword(word))
    )
