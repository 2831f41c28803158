"""MBPP+ (arXiv 2305.01210): 378 tasks of MBPP with corrected solutions and many more inputs.

The inputs that it adds are megabytes for some tasks; the asserts that it shows alone are run.
"""

from kodgen.contamination.benchmarks import mbpp_sanitized
from kodgen.contamination.benchmarks.shape import Cells, HubPlace, KnownBenchmark, Parts, Shape
from kodgen.contamination.benchmarks.standalone import standalone
from kodgen.contamination.prose.prose import prose
from kodgen.contamination.views import python_signature, task_views


def _read(cells: Cells) -> Parts:
    """A task of the JSONL release, whose prompt is a docstring with one of the asserts."""
    prompt, name = cells.text("prompt"), cells.text("entry_point")
    solution = cells.text("canonical_solution")
    signature = python_signature(solution, name)
    statement = prose(prompt) or prompt
    return Parts(
        task_id=cells.key("task_id"),
        views=task_views(
            prompt,
            statement=statement,
            signature=signature,
            instruct=signature and f"{statement}\n{signature}",
        ),
        entry_point=name,
        solution=solution,
        tests=standalone(cells.text("assertion"), solution, name),
    )


MBPP_PLUS = KnownBenchmark(
    name="mbpp_plus",
    hub=HubPlace("evalplus/mbppplus", "b2d74c91837c3f2a20c1299ae98133cbe7cfa077"),
    shapes=(
        Shape(
            ("task_id", "prompt", "entry_point", "canonical_solution", "assertion", "plus_input"),
            _read,
        ),
        Shape((*mbpp_sanitized.COLUMNS, "test"), mbpp_sanitized.read_row),
    ),
    rows=378,
)
