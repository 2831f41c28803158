"""Makes the layers that need nothing but the tasks, several at once."""

from collections.abc import Sequence
from functools import partial

from kodgen.contamination.assembly import READING
from kodgen.contamination.layer import Layer
from kodgen.contamination.task import BenchmarkTask
from kodgen.engine.auditing.forked import made

TOGETHER = (("literals",), ("exact", "structure"), ("ngram",))
"""Layers by the process that makes them, the longest first; two read the same of a solution."""


def lexical_layers(names: Sequence[str], tasks: Sequence[BenchmarkTask]) -> list[Layer]:
    """Those of `READING` that are among some names, in the order in which they are applied."""
    wanted = [[name for name in group if name in names] for group in TOGETHER]
    works = [partial(_made, group, tasks) for group in wanted if group]
    layers = {layer.name: layer for some in made(works, tasks) for layer in some}
    return [layers[name] for name in READING if name in names]


def _made(names: Sequence[str], tasks: Sequence[BenchmarkTask]) -> list[Layer]:
    return [READING[name](tasks) for name in names]
