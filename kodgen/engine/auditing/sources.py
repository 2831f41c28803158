"""Opens what is audited, and what it is compared with."""

from collections.abc import Sequence
from functools import partial
from operator import itemgetter
from pathlib import Path

from pydantic import ValidationError

from kodgen.config import Benchmark
from kodgen.contamination.benchmarks.loading import LoadedBenchmark, open_benchmark
from kodgen.engine.auditing.forked import made
from kodgen.engine.latest import latest_rows
from kodgen.errors import ConfigError, InputError
from kodgen.records import Triplet
from kodgen.tables.hub import PREFIX
from kodgen.tables.table import Table, open_table

RUN_RECORD = "pipeline.yaml"
"""What every run directory holds."""


def open_dataset(source: str) -> Table:
    """A file, a folder of Parquet, a Hub dataset, or the verified rows of a run directory.

    Raises:
        InputError: There is none, it is of no known kind, or the run has no verified rows yet.
    """
    run = Path(source)
    if source.startswith(PREFIX) or not (run / RUN_RECORD).is_file():
        return open_table(source)
    verified = latest_rows(run, Triplet)
    if verified is not None:
        return open_table(str(verified))
    raise InputError(f"{run}: this run has no verified rows yet; run `kodgen build` on first")


def load_benchmarks(given: Sequence[str]) -> list[LoadedBenchmark]:
    """Benchmarks as `-b` names them: `NAME`, `NAME=PATH` or `NAME=hf:ORG/NAME[@REVISION]`.

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
    # The largest file first, so that none is begun when all others are done.
    order = sorted(range(len(sections)), key=lambda number: (-_size(sections[number]), number))
    loaded = made([partial(open_benchmark, sections[number], Path()) for number in order])
    return [one for _, one in sorted(zip(order, loaded, strict=True), key=itemgetter(0))]


def _size(section: Benchmark) -> int:
    path = section.path
    return path.stat().st_size if path is not None and path.is_file() else 0


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
