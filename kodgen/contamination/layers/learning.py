"""What layers learn of each task by itself, before they put together what they know of all.

One task at a time, so that processes can share the tasks among them, and so that what its reader
has just parsed is not parsed again.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from kodgen.contamination.pairs.task_pairs import TaskPairs, task_pairs
from kodgen.contamination.programs.asserts import long_asserts
from kodgen.contamination.programs.shapes import Shape
from kodgen.contamination.programs.sought import Sought, references
from kodgen.contamination.task import BenchmarkTask

_OF_SOLUTION = frozenset({"exact", "structure"})


class Learned(NamedTuple):
    """Of one task; empty is what no layer asked for."""

    references: tuple[tuple[Shape, Sought], ...] = ()
    """Of its solution."""
    asserts: tuple[str, ...] = ()
    """Long ones of its tests."""
    pairs: TaskPairs = TaskPairs((), (), ())


def learned(task: BenchmarkTask, layers: Collection[str]) -> Learned:
    """What layers of some names learn of one task."""
    return Learned(
        () if _OF_SOLUTION.isdisjoint(layers) else references(task.solution or ""),
        long_asserts(task) if "exact" in layers else (),
        task_pairs(task) if "literals" in layers else TaskPairs((), (), ()),
    )


def learned_of_all(tasks: Sequence[BenchmarkTask], layer: str) -> list[Learned]:
    """What one layer learns of each of some tasks."""
    return [learned(task, (layer,)) for task in tasks]
