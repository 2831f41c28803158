"""Layer: the same solution, but for names, layout and comments."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from kodgen.contamination.layer import Hit
from kodgen.contamination.layers.learning import Learned, learned_of_all
from kodgen.contamination.programs.shapes import Shape, shapes
from kodgen.contamination.programs.skeletons import Skeletons
from kodgen.contamination.programs.trees import is_python
from kodgen.contamination.row import AuditedRow
from kodgen.contamination.task import BenchmarkTask

LEAST_SIZE = 20
"""Nodes of a function from which on its shape alone tells where it is from."""
LEAST_SHARE = 0.2
"""Share of a reference below which a function in common is no hit: a helper that anyone writes."""


@dataclass(frozen=True, slots=True)
class _Reference:
    task: BenchmarkTask
    functions: tuple[Shape, ...]
    size: int


class StructureLayer:
    """Compares every function of a row's solution with those of the references.

    A function of fewer than `LEAST_SIZE` nodes says too little by its shape (`return x + y`), so
    such a one is the same only with the same names and annotations. The score is the share of
    the reference's nodes whose functions the row has, 1 where it has all of them.
    """

    name: ClassVar[str] = "structure"

    def __init__(
        self, tasks: Sequence[BenchmarkTask], learned: Sequence[Learned] | None = None
    ) -> None:
        """Take down the references' shapes; tasks without a Python solution are passed over.

        Args:
            tasks: Tasks to look for.
            learned: Of each what `learning` tells, if that is known.
        """
        learned = learned_of_all(tasks, self.name) if learned is None else learned
        self.unseen: Counter[str] = Counter()
        self._by_shape: dict[str, list[_Reference]] = defaultdict(list)
        anonymous: list[tuple[str, frozenset[str]]] = []
        named: list[tuple[str, frozenset[str]]] = []
        for task, of_task in zip(tasks, learned, strict=True):
            # One that is defined twice runs as the last says.
            known = {one.name: (one, told) for one, told in of_task.references if _counts(one)}
            if not known:
                continue
            last = tuple(one for one, _ in known.values())
            reference = _Reference(task, last, sum(one.size for one in last))
            for key in dict.fromkeys(_key(one) for one in last):
                self._by_shape[key].append(reference)
            for one, told in known.values():
                if one.size < LEAST_SIZE:
                    named.append((told.name, told.words))
                else:
                    anonymous += [(written, told.kept) for written in told.skeletons]
        self._skeletons = Skeletons(anonymous, named)

    def hits(self, rows: Sequence[AuditedRow]) -> Iterator[tuple[int, Hit]]:
        """See `Layer.hits`; in `unseen`: `no_solution`, `not_python`.

        Code that doesn't parse is still told to be clean where its words alone, read one by one,
        hold no reference's skeleton.
        """
        solved = {number: row.solution for number, row in enumerate(rows) if row.solution}
        likely = self._skeletons.holding(solved)
        for number, row in enumerate(rows):
            if not row.solution or not row.solution.strip():
                self.unseen["no_solution"] += 1
            elif number in likely:
                known = shapes(row.solution)
                if known is None:
                    self.unseen["not_python"] += 1
                else:
                    for hit in self._matches(known):
                        yield number, hit
            elif "def " not in row.solution and not is_python(row.solution):
                # Another language: no definition of it was looked for.
                self.unseen["not_python"] += 1

    def _matches(self, known: Sequence[Shape]) -> Iterator[Hit]:
        there = {_key(one): one for one in reversed(known)}
        found: dict[str, _Reference] = {}
        for key in there:
            for reference in self._by_shape.get(key, ()):
                found[reference.task.name] = reference
        for name in sorted(found):
            reference = found[name]
            pairs = [
                (there[key], one) for one in reference.functions if (key := _key(one)) in there
            ]
            score = sum(one.size for _, one in pairs) / reference.size
            if score >= LEAST_SHARE:
                yield Hit(
                    layer=self.name,
                    benchmark=reference.task.benchmark,
                    task_id=reference.task.task_id,
                    field="solution",
                    view="solution",
                    score=score,
                    evidence={"functions": [_told(mine, theirs) for mine, theirs in pairs]},
                )


def _counts(one: Shape) -> bool:
    """Whether a function of a reference is one to look for."""
    # A small `__init__` is everyone's.
    own = one.name.rpartition(".")[2]
    return one.size >= LEAST_SIZE or not own.startswith("__")


def _key(one: Shape) -> str:
    return one.shape if one.size >= LEAST_SIZE else one.verbatim


def _told(mine: Shape, theirs: Shape) -> dict[str, object]:
    return {
        "row": mine.name,
        "row_lines": list(mine.lines),
        "task": theirs.name,
        "task_lines": list(theirs.lines),
        "nodes": theirs.size,
    }
