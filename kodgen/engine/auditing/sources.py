"""Opens what is audited, and what it is compared with."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from importlib import import_module
from itertools import islice
from pathlib import Path

from pydantic import ValidationError

from kodgen.config import Benchmark
from kodgen.contamination.benchmarks.loading import BenchmarkRows, LoadedBenchmark
from kodgen.contamination.layers.learning import Learned, learned
from kodgen.contamination.task import BenchmarkTask
from kodgen.engine.auditing.forked import made
from kodgen.errors import ConfigError, InputError
from kodgen.records import Triplet
from kodgen.tables.hub import PREFIX
from kodgen.tables.table import Table, open_table

RUN_RECORD = "pipeline.yaml"
"""What every run directory holds."""
PORTION = 32
"""Tasks that a process reads at a time: some 0.05 s, for which another may have to wait."""

_Told = list[tuple[BenchmarkTask, Learned]]


def open_dataset(source: str) -> Table:
    """A file, a folder of Parquet, a Hub dataset, or the verified rows of a run directory.

    Raises:
        InputError: There is none, it is of no known kind, or the run has no verified rows yet.
    """
    run = Path(source)
    if source.startswith(PREFIX) or not (run / RUN_RECORD).is_file():
        return open_table(source)
    # All stages of a run, which most datasets are none of.
    from kodgen.engine.latest import latest_rows

    verified = latest_rows(run, Triplet)
    if verified is not None:
        return open_table(str(verified))
    raise InputError(f"{run}: this run has no verified rows yet; run `kodgen build` on first")


def load_benchmarks(
    given: Sequence[str], layers: Collection[str] = ()
) -> tuple[list[LoadedBenchmark], list[Learned]]:
    """Benchmarks, and what layers learn of each of their tasks, one benchmark after the other.

    Args:
        given: As `-b` names them: `NAME`, `NAME=PATH` or `NAME=hf:ORG/NAME[@REVISION]`.
        layers: Names of the layers.

    Raises:
        ConfigError: One is not written so, or a name comes twice.
        InputError: One can't be read, or holds no tasks.
    """
    sections: list[Benchmark] = []
    for text in given:
        section = _section(text)
        if any(one.name == section.name for one in sections):
            raise ConfigError(f"-b {text}: there are two benchmarks {section.name!r}; rename one")
        sections.append(section)
    opened = [BenchmarkRows(section, Path()) for section in sections]
    works: list[Callable[[], _Told]] = [
        partial(_told, rows, range(start, min(start + PORTION, len(rows))), layers)
        for rows in opened
        for start in range(0, len(rows), PORTION)
    ]
    told = (one for some in made([*works, _ready]) for one in some)
    loaded, known = [], list[Learned]()
    for rows in opened:
        own = list(islice(told, len(rows)))
        loaded.append(rows.loaded([task for task, _ in own]))
        known += [of_task for _, of_task in own]
    return loaded, known


def _told(rows: BenchmarkRows, numbers: range, layers: Collection[str]) -> _Told:
    tasks = map(rows.task, numbers)
    return [(task, learned(task, layers)) for task in tasks]


def _ready() -> _Told:
    """Import what all layers need, while other processes have begun with the tasks."""
    import_module("numpy")
    return []


def _section(given: str) -> Benchmark:
    name, equals, place = given.partition("=")
    if not name or (equals and not place):
        raise ConfigError(
            f"-b {given}: give a benchmark as NAME=PATH, such as humaneval=he.jsonl; a known one "
            "by its name alone"
        )
    try:
        if place.startswith(PREFIX):
            return Benchmark(name=name, hub=place)
        return Benchmark(name=name, path=Path(place) if place else None)
    except ValidationError as error:
        said = error.errors(include_url=False)[0]["msg"]
        raise ConfigError(f"-b {given}: {said[:1].lower()}{said[1:]}") from error
