"""Layers made in processes of their own."""

import pytest

from kodgen.contamination.assembly import READING
from kodgen.contamination.layers.learning import learned
from kodgen.contamination.task import BenchmarkTask
from kodgen.engine.auditing.lexical import lexical_layers

TASKS = [BenchmarkTask(benchmark="own", task_id="0", views={"prompt": "Add two numbers."})]


@pytest.mark.parametrize(
    "names", [tuple(READING), ("structure", "literals"), ("ngram", "embedding"), ("judge",)]
)
def test_the_layers_named_are_made_in_the_order_in_which_they_are_applied(names):
    known = [learned(task, names) for task in TASKS]
    made = [layer.name for layer in lexical_layers(names, TASKS, known)]
    assert made == [name for name in READING if name in names]
