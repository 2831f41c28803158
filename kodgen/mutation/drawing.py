"""The mutants of one solution that are worth a run."""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from kodgen.mutation.bytecode import fingerprint
from kodgen.mutation.candidates import Candidate, candidates, recorded
from kodgen.mutation.choice import in_turns
from kodgen.mutation.source import Source
from kodgen.records import Mutant
from kodgen.sandbox import testfile


@dataclass(frozen=True, slots=True)
class Runnable:
    """A mutant to be run: its whole text, and what a reader is told of it."""

    text: str
    record: Callable[[], Mutant]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What came of drawing.

    Args:
        mutants: To be run; no two compile to the same.
        equivalent: Looked at and found to compile to the same as the solution.
        not_run: Beyond the budget; not looked at.
    """

    mutants: tuple[Runnable, ...]
    equivalent: int
    not_run: int


def draw(solution: str, most: int, seed: int) -> Drawn | None:
    """Up to `most` mutants of a solution; None if it can't be parsed by kodgen's own Python.

    A change that does not compile is no mutant, nor is one that compiles to the same as another.
    """
    tree = testfile.parse(solution)
    if tree is None:
        return None
    source = Source(solution)
    found = _found(tree, source)
    if found is None:
        return None
    mutants: list[Runnable] = []
    equivalent = looked_at = 0
    originals: dict[int, bytes | None] = {}
    seen: set[tuple[int, bytes]] = set()
    for one in in_turns(found, source, seed):
        if len(mutants) == most:
            break
        looked_at += 1
        if one.start not in originals:
            whole = source.data[one.start : one.end].decode()
            originals[one.start] = fingerprint(whole)
        mark = fingerprint(source.edited(one.edit, one.start, one.end))
        if mark is None or (one.start, mark) in seen:
            continue
        if mark == originals[one.start]:
            equivalent += 1
            continue
        seen.add((one.start, mark))
        mutants.append(Runnable(source.edited(one.edit), partial(recorded, one, source)))
    return Drawn(tuple(mutants), equivalent, len(found) - looked_at)


def _found(tree: ast.Module, source: Source) -> list[Candidate] | None:
    try:
        return list(candidates(tree, source))
    except RecursionError:
        return None
