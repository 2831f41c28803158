"""HumanEval (arXiv 2107.03374): 164 prompts to complete, each with a function `check`."""

from kodgen.contamination.benchmarks.shape import Cells, HubPlace, KnownBenchmark, Parts, Shape
from kodgen.contamination.benchmarks.standalone import runnable
from kodgen.contamination.views import python_signature, task_views

COLUMNS = ("task_id", "prompt", "canonical_solution", "test", "entry_point")
PLUS_COLUMNS = ("plus_input", "base_input", "contract")
"""Columns that the releases of HumanEval+ add."""


def read_row(cells: Cells) -> Parts:
    """A task; what tests use of its prompt besides the entry point comes with them."""
    prompt, name = cells.text("prompt"), cells.text("entry_point")
    test = runnable(cells.text("test"), name, f"{prompt}    pass\n")
    return Parts(
        task_id=cells.key("task_id"),
        views=task_views(prompt, signature=python_signature(f"{prompt}    pass\n", name)),
        entry_point=name,
        solution=prompt + cells.text("canonical_solution"),
        tests=test,
    )


HUMANEVAL = KnownBenchmark(
    name="humaneval",
    hub=HubPlace("openai/openai_humaneval", "7dce6050a7d6d172f3cc5c32aa97f52fa1a2e544"),
    shapes=(
        Shape(
            COLUMNS,
            read_row,
            without=(*PLUS_COLUMNS, "complete_prompt"),
            marked=lambda row: "results = [" not in str(row["test"]),
        ),
    ),
    rows=164,
)
