"""Makes the layers that need nothing but the tasks, several at once."""

from collections.abc import Callable, Sequence
from functools import partial

from kodgen.contamination.assembly import READING
from kodgen.contamination.layer import Layer
from kodgen.contamination.layers.exact import ExactLayer
from kodgen.contamination.layers.learning import Learned
from kodgen.contamination.layers.literals import LiteralsLayer
from kodgen.contamination.layers.structure import StructureLayer
from kodgen.contamination.task import BenchmarkTask
from kodgen.engine.auditing.forked import made

TOGETHER = (("literals",), ("exact", "structure"), ("ngram",))
"""Layers by the process that makes them, the longest first; this one the last, the largest."""
_LEARNING: dict[str, Callable[[Sequence[BenchmarkTask], Sequence[Learned]], Layer]] = {
    "exact": ExactLayer,
    "structure": StructureLayer,
    "literals": LiteralsLayer,
}


def lexical_layers(
    names: Sequence[str], tasks: Sequence[BenchmarkTask], learned: Sequence[Learned]
) -> list[Layer]:
    """Those of `READING` that are among some names, in the order in which they are applied.

    Args:
        names: Of layers.
        tasks: Tasks to look for.
        learned: Of each task what these layers learn of it.
    """
    wanted = [[name for name in group if name in names] for group in TOGETHER]
    works = [partial(_made, group, tasks, learned) for group in wanted if group]
    layers = {layer.name: layer for some in made(works, tasks) for layer in some}
    return [layers[name] for name in READING if name in names]


def _made(
    names: Sequence[str], tasks: Sequence[BenchmarkTask], learned: Sequence[Learned]
) -> list[Layer]:
    return [
        _LEARNING[name](tasks, learned) if name in _LEARNING else READING[name](tasks)
        for name in names
    ]
