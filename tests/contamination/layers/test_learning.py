"""What is learned of each task by itself is all that layers need of it."""

import pytest

from kodgen.contamination.assembly import READING
from kodgen.contamination.layers.exact import ExactLayer
from kodgen.contamination.layers.learning import Learned, learned
from kodgen.contamination.layers.literals import LiteralsLayer
from kodgen.contamination.layers.structure import StructureLayer
from kodgen.contamination.row import AuditedRow
from kodgen.contamination.task import BenchmarkTask

TASK = BenchmarkTask(
    benchmark="own",
    task_id="0",
    views={"prompt": "Return the sum of a list of numbers, each of them times seven."},
    entry_point="times",
    solution="def times(numbers):\n    total = 0\n    for one in numbers:\n"
    "        total += one * 7\n    return total\n",
    tests="assert times([3, 41, 12, 77, 1000]) == 7931\nassert times([31, 415, 9]) == 3185\n",
)
ROW = AuditedRow("leak", TASK.text, TASK.solution, TASK.tests)


@pytest.mark.parametrize("kind", [ExactLayer, StructureLayer, LiteralsLayer])
def test_a_layer_finds_the_same_by_what_was_learned_before(
    kind: type[ExactLayer | StructureLayer | LiteralsLayer],
) -> None:
    hits = list(kind([TASK], [learned(TASK, READING)]).hits([ROW]))
    assert hits
    assert hits == list(kind([TASK]).hits([ROW]))


def test_only_what_is_asked_for_is_learned() -> None:
    assert learned(TASK, ("ngram",)) == Learned()
    assert learned(TASK, ("structure",)) == Learned(learned(TASK, READING).references)
