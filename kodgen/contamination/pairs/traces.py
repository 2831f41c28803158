"""Traces of many pairs sought in many texts at once, so that few texts are worth parsing.

What the pairs that a text may hold would bring is summed up for each task, first of all texts by
the runs of words alone, then of the few that are left by all that a trace asks for.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from kodgen.contamination.pairs.number_lists import WrittenLists
from kodgen.contamination.pairs.pairs import Pair
from kodgen.contamination.pairs.trace import Trace, thinned
from kodgen.contamination.pairs.trace_weights import HAIR, traces_of
from kodgen.contamination.pairs.worth import Worth
from kodgen.contamination.words.numbering import Numbered, numbered, numbered_runs
from kodgen.contamination.words.numberset import NumberSet
from kodgen.contamination.words.sieve import Sieve
from kodgen.contamination.words.whole_runs import WholeRuns
from kodgen.contamination.words.words import distinct_words, words

if TYPE_CHECKING:
    from kodgen.contamination.words.numbering import Places

_EMPTY = re.compile(r"\{\s*(?:#[^\n]*\s*)*\}")


class Traces:
    """Those of many pairs."""

    def __init__(self, pairs: Iterable[tuple[Pair, Mapping[int, float]]], least: float) -> None:
        """Take down pairs to look for.

        Args:
            pairs: Each with the weight that it has in each of its tasks.
            least: Weight of what a text shares with one task from which on it is looked at.
        """
        self._least = least - HAIR
        self._traces, self._kept = traces_of(pairs, least)
        self._kept_numbers = NumberSet(numbered_runs([sorted(self._kept)]).words)
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
        # From what is quickly looked at to what takes the words: each rules most texts out.
        if _EMPTY.search(text) is None:
            likely = [number for number in likely if not self._traces[number].empties]
        if not self._suffice(likely):
            return False
        likely = self._listed(text, likely)
        if not self._suffice(likely):
            return False
        distinct = distinct_words(text)
        likely = [number for number in likely if self._traces[number].worded(distinct, tests)]
        if not self._suffice(likely):
            return False
        told = words(text)
        rows = {True: _spaced(thinned(told, self._kept)), False: _spaced(told)}
        return self._suffice(
            number
            for number in likely
            if self._written[number] in rows[self._traces[number].thinned]
        )

    def _listed(self, text: str, likely: Sequence[int]) -> Sequence[int]:
        """Those traces whose lists the text may have."""
        written = WrittenLists(text)
        listed = [number for number in likely if written.hold(self._traces[number].lists)]
        return likely if len(listed) < len(likely) and written.may_differ() else listed

    def _suffice(self, traces: Iterable[int]) -> bool:
        """Whether traces are enough for a task."""
        sums: dict[int, float] = defaultdict(float)
        for number in traces:
            for task, weight in self._traces[number].weights.items():
                sums[task] += weight
        return max(sums.values(), default=0.0) > self._least

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

    def __init__(self, traces: Sequence[Trace], *, thinned: bool) -> None:
        import numpy as np

        chosen = [
            number for number, trace in enumerate(traces) if trace.run and trace.thinned == thinned
        ]
        runs = [traces[number].run for number in chosen]
        self._runs = WholeRuns(runs) if thinned else Sieve(runs)
        self._numbers = np.array(chosen, np.int64)

    def met(self, texts: Numbered) -> tuple["Places", "Places"]:
        where, which = self._runs.met(texts)
        return where, self._numbers[which]


def _spaced(told: Iterable[str]) -> str:
    return f" {' '.join(told)} "
