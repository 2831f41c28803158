"""BigCodeBench (arXiv 2406.15877): 1,140 tasks that call on libraries, and its hard 148."""

from kodgen.contamination.benchmarks.shape import Cells, HubPlace, KnownBenchmark, Parts, Shape
from kodgen.contamination.benchmarks.standalone import runnable
from kodgen.contamination.views import python_signature, task_views
from kodgen.parse.python import python_tree

COLUMNS = (
    "task_id",
    "complete_prompt",
    "instruct_prompt",
    "canonical_solution",
    "test",
    "entry_point",
)
HARD_COLUMNS = ("q_idx", "score")
"""Columns that the hard subset adds."""


def _read(cells: Cells) -> Parts:
    """A task; the instruction is its prompt, the docstring to complete the view `complete`."""
    complete, name = cells.text("complete_prompt"), cells.text("entry_point")
    solution = complete + cells.text("canonical_solution")
    # The tests ask for the solution's tree as well.
    begun = solution if python_tree(solution) is not None else f"{complete}    pass\n"
    return Parts(
        task_id=cells.key("task_id"),
        views=task_views(
            cells.text("instruct_prompt"),
            complete=complete,
            signature=python_signature(begun, name, complete.count("\n") + 1),
        ),
        entry_point=name,
        solution=solution,
        tests=runnable(cells.text("test"), name, solution),
    )


BIGCODEBENCH = KnownBenchmark(
    name="bigcodebench",
    hub=HubPlace(
        "bigcode/bigcodebench", "b74c0d0bf70d2c0bc459be537895cca163007f1a", splits=("v0.1.4",)
    ),
    shapes=(Shape(COLUMNS, _read, without=HARD_COLUMNS),),
    rows=1140,
)
BIGCODEBENCH_HARD = KnownBenchmark(
    name="bigcodebench_hard",
    hub=HubPlace(
        "bigcode/bigcodebench-hard", "298d2cc7b96612e15e47313c3603ee124cee0c1f", splits=("v0.1.4",)
    ),
    shapes=(Shape((*COLUMNS, *HARD_COLUMNS), _read),),
    rows=148,
)
