"""Skeletons of reference functions, sought in code, so that little of it has to be parsed."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from kodgen.contamination.programs.likely import Likely
from kodgen.contamination.programs.skeleton import BREAK, DEFINITION, skeleton
from kodgen.contamination.words.words import distinct_words

SHORT = 14
"""Characters of a skeleton below which it begins too many others, so its end must fit as well."""
HEADS = (4, 8)
"""Characters by which a skeleton is sought first, the more the better; one that holds a function
has as many as the fewer."""

_DEFINED = re.compile(r"def(?=\s+(\w+))")
_IN_WORD = re.compile(r"\w")

_Needed = dict[str, set[frozenset[str]]]


class Skeletons:
    """Those of reference functions, sought in rows' code."""

    def __init__(
        self,
        anonymous: Iterable[tuple[str, frozenset[str]]],
        named: Iterable[tuple[str, frozenset[str]]] = (),
    ) -> None:
        """Take down what to look for.

        Args:
            anonymous: Skeletons that count under any name, each with words needed beside it.
            named: Names of functions that need no skeleton, each with words needed beside it.
        """
        self._whole: _Needed = {}
        self._beginnings: _Needed = {}
        for one, needed in anonymous:
            running = one.replace(BREAK, "")
            if len(running) < SHORT and BREAK not in one:
                self._whole.setdefault(one, set()).add(needed)
            else:
                self._beginnings.setdefault(running, set()).add(needed)
        self._lengths: dict[str, list[int]] = {}
        """Of the long ones, by what they begin with."""
        for length, head in sorted({(len(one), _head(one)) for one in self._beginnings}):
            self._lengths.setdefault(head, []).append(length)
        self._names: _Needed = {}
        for name, needed in named:
            self._names.setdefault(name, set()).add(needed)
        self._likely = Likely(self._beginnings, self._whole, SHORT)

    def holding(self, codes: Mapping[int, str]) -> set[int]:
        """Keys of the code in which parsing could show one of the functions."""
        defining = [number for number, code in codes.items() if "def" in code]
        likely = self._likely.among([codes[number] for number in defining])
        return {
            number
            for number, begins in zip(defining, likely, strict=True)
            if (begins or _meets(codes[number], self._defined(codes[number])))
            and self.may_be_in(codes[number])
        }

    def may_be_in(self, code: str) -> bool:
        """Whether parsing the code could show one of the functions."""
        if "def" not in code:
            return False
        running, starts, parts = _definitions(code)
        if not starts:
            return False
        likely = [self._whole[part] for part in self._whole.keys() & parts]
        for start in starts:
            for width in HEADS:
                for length in self._lengths.get(running[start : start + width], ()):
                    found = self._beginnings.get(running[start : start + length])
                    if found is not None:
                        likely.append(found)
        likely += self._defined(code)
        return _meets(code, likely)

    def _defined(self, code: str) -> Iterator[set[frozenset[str]]]:
        for found in _DEFINED.finditer(code) if self._names else ():
            needed, start = self._names.get(found[1]), found.start()
            if needed and (start == 0 or not _IN_WORD.match(code, start - 1)):
                yield needed


def _meets(code: str, likely: Iterable[Iterable[frozenset[str]]]) -> bool:
    """Whether the code holds the words of any."""
    return any(needed <= distinct_words(code) for found in likely for needed in found)


# Two layers ask, one after the other, for those of a block of rows.
@lru_cache(maxsize=4096)
def _definitions(code: str) -> tuple[str, tuple[int, ...], frozenset[str]]:
    """A skeleton without breaks, where functions begin there, and what is up to a break of each."""
    written = skeleton(code)
    running = written.replace(BREAK, "")
    starts = []
    start = running.find(DEFINITION)
    while start >= 0:
        starts.append(start)
        start = running.find(DEFINITION, start + 1)
    parts = frozenset(
        part[part.index(DEFINITION) :]
        for part in written.split(BREAK)
        if starts and DEFINITION in part
    )
    return running, tuple(starts), parts


def _head(skeleton: str) -> str:
    few, many = HEADS
    return skeleton[: many if len(skeleton) >= many else few]
