"""Benchmark tasks to stay away from, read from a file or from the Hugging Face Hub."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kodgen.config import Benchmark
from kodgen.contamination.benchmarks.own import USUAL, OwnReader
from kodgen.contamination.benchmarks.registry import KNOWN
from kodgen.contamination.benchmarks.shape import Cells, Parts
from kodgen.contamination.benchmarks.source import BenchmarkSource, find_rows
from kodgen.contamination.task import BenchmarkTask
from kodgen.errors import InputError
from kodgen.tables.row import Row


@dataclass(frozen=True, slots=True)
class LoadedBenchmark:
    """A benchmark's tasks, in its order, and what a report says of where they come from."""

    tasks: tuple[BenchmarkTask, ...]
    source: BenchmarkSource


def load_benchmark(section: Benchmark, base: Path) -> list[BenchmarkTask]:
    """The tasks of a benchmark; see `open_benchmark`."""
    return list(open_benchmark(section, base).tasks)


def open_benchmark(section: Benchmark, base: Path) -> LoadedBenchmark:
    """All tasks of a benchmark, in its order, and its provenance.

    A benchmark must be whole, so anything wrong with it is an error and not a rejected row. Under
    a known name only that benchmark is read, unless columns are named. Without any usual column
    of ids, and none named, a task's id is its place in the file.

    Args:
        section: Where it is and which columns to read; without a place, a known name's on the Hub.
        base: Folder that a relative path starts from.

    Raises:
        InputError: It can't be read, is empty, has a broken line, no such column, an empty task
            or two of one id, or is another benchmark; the message names file and line.
    """
    rows = BenchmarkRows(section, base)
    return rows.loaded([rows.task(number) for number in range(len(rows))])


class BenchmarkRows:
    """A benchmark's rows, each of which can be read as a task by itself; see `open_benchmark`."""

    def __init__(self, section: Benchmark, base: Path) -> None:
        """Find the rows, and how they are to be read.

        Raises:
            InputError: They can't be read, there are none, or they are another benchmark's.
        """
        self._name = section.name
        self._found = find_rows(section, base)
        if not self._found.rows:
            raise InputError(
                f"{self._found.place}: benchmark {section.name!r} holds no tasks; fetch it again"
            )
        self._read = _reader(section, self._found.place, self._found.rows)

    def __len__(self) -> int:
        return len(self._found.rows)

    def task(self, number: int) -> BenchmarkTask:
        """The task of one row.

        Raises:
            InputError: The row is none.
        """
        parts = self._read(Cells(self._found.place, self._found.rows[number]))
        return BenchmarkTask(
            benchmark=self._name,
            task_id=parts.task_id.removeprefix(f"{self._name}/"),
            views=parts.views,
            entry_point=parts.entry_point,
            solution=parts.solution,
            tests=parts.tests,
        )

    def loaded(self, tasks: Sequence[BenchmarkTask]) -> LoadedBenchmark:
        """The benchmark, of the tasks of all rows in order.

        Raises:
            InputError: Two have one id.
        """
        found = self._found
        seen: dict[str, str] = {}
        for row, task in zip(found.rows, tasks, strict=True):
            if task.task_id in seen:
                raise InputError(
                    f"{found.place}, {row.place}: task {task.task_id!r} is already at "
                    f"{seen[task.task_id]}; remove one, or name another column with `id`"
                )
            seen[task.task_id] = row.place
        known = KNOWN.get(self._name)
        views = Counter(view for task in tasks for view in task.views)
        source = BenchmarkSource(
            name=self._name,
            place=found.place,
            sha256=found.sha256,
            revision=found.revision,
            rows=len(tasks),
            expected=known.rows if known else None,
            views=dict(sorted(views.items())),
            with_solution=sum(task.solution is not None for task in tasks),
            with_tests=sum(task.tests is not None for task in tasks),
        )
        return LoadedBenchmark(tuple(tasks), source)


def _reader(section: Benchmark, place: str, rows: Sequence[Row]) -> Callable[[Cells], Parts]:
    known = KNOWN.get(section.name)
    if known is None or any(getattr(section, key) is not None for key in USUAL):
        return OwnReader(section, place, rows)
    for shape in known.shapes:
        if shape.fits(rows):
            return shape.read
    columns = sorted({column for row in rows for column in row.values})
    others = [
        other.name
        for other in KNOWN.values()
        if other is not known and any(shape.fits(rows) for shape in other.shapes)
    ]
    advice = (
        f"it looks like {' or '.join(others)}: give it that name"
        if others
        else "give the file of that benchmark, another name, or name its columns"
    )
    raise InputError(
        f"{place}: is not {section.name}, whose columns are "
        f"{' or '.join(', '.join(shape.columns) for shape in known.shapes)}; this has "
        f"{', '.join(columns)}; {advice}"
    )
