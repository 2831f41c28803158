"""A user's own benchmark, of any name: columns as named, or guessed by their usual names."""

from collections.abc import Sequence

from kodgen.config import Benchmark
from kodgen.contamination.benchmarks.shape import Cells, Parts
from kodgen.contamination.benchmarks.standalone import entry_point_of, runnable
from kodgen.contamination.views import python_signature, task_views
from kodgen.errors import InputError
from kodgen.parse.python import is_python
from kodgen.tables.row import Row, nearest_column

USUAL = {
    "text": (
        "instruct_prompt",  # BigCodeBench
        "question_content",  # LiveCodeBench
        "prompt",  # HumanEval, MBPP sanitized
        "text",  # MBPP
        "question",
        "description",
    ),
    "id": ("task_id", "question_id", "id", "name"),
    "solution": ("canonical_solution", "reference_solution", "solution", "code"),
    "tests": ("test", "tests", "test_code", "test_list", "assertion"),
    "entry_point": ("entry_point", "function_name", "test_entry_point"),
}
"""Columns that each setting is guessed from, the first that there is."""


class OwnReader:
    """Reads the rows of one benchmark.

    Args:
        section: Columns to read; those not named are guessed.
        place: Of the benchmark, for messages.
        rows: All of it.

    Raises:
        InputError: No column is the task's text, or one that was named is not there.
    """

    def __init__(self, section: Benchmark, place: str, rows: Sequence[Row]) -> None:
        columns = list(dict.fromkeys(column for row in rows for column in row.values))
        self._columns = {key: _column(section, place, key, columns) for key in USUAL}
        self._named = section.model_fields_set
        if self._columns["text"] is None:
            raise InputError(
                f"{place}: can't tell which column is the task's text; name one with `text`; the "
                f"columns are {', '.join(map(repr, columns))}"
            )

    def __call__(self, cells: Cells) -> Parts:
        """One task.

        Raises:
            InputError: A cell is empty that may not be.
        """
        text, key = self._columns["text"], self._columns["id"]
        assert text is not None
        prompt = cells.text(text)
        solution = _whole(prompt, self._maybe(cells, "solution"))
        written = self._tests(cells)
        name = self._maybe(cells, "entry_point")
        if name is None and solution and written:
            name = entry_point_of(solution, [written])
        tests = None
        if written and name:
            tests = runnable(written, name, solution or prompt)
        return Parts(
            task_id=cells.row.place.replace(" ", "-") if key is None else cells.key(key),
            views=task_views(prompt, signature=python_signature(solution, name)),
            entry_point=name,
            solution=solution,
            tests=tests,
        )

    def _maybe(self, cells: Cells, key: str) -> str | None:
        column = self._columns[key]
        return None if column is None else cells.maybe(column)

    def _tests(self, cells: Cells) -> str | None:
        """Tests that are Python: a text, or a list of them."""
        column = self._columns["tests"]
        if column is None:
            return None
        try:
            written = "\n".join(cells.lines(column))
        except InputError:
            if "tests" in self._named:
                raise
            return None
        return written if is_python(written) and written.strip() else None


def _column(section: Benchmark, place: str, key: str, columns: Sequence[str]) -> str | None:
    """The column to read: the one named, or the first usual one there is; None without either."""
    named: str | None = getattr(section, key)
    if named is None:
        return next((column for column in USUAL[key] if column in columns), None)
    if named in columns:
        return named
    raise InputError(
        f"{place}: has no column {named!r}, which `{key}` names" + nearest_column(named, columns)
    )


def _whole(prompt: str, solution: str | None) -> str | None:
    """A solution as a module: put behind the prompt where it only goes on with it."""
    if solution is None or is_python(solution) or not is_python(prompt + solution):
        return solution
    return prompt + solution
