"""A preview: the whole pipeline on a few rows, shown and thrown away."""

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kodgen.config import Pipeline
from kodgen.engine.build import build
from kodgen.engine.funnel import funnel_lines
from kodgen.engine.latest import latest_rows
from kodgen.engine.stopping import Stop
from kodgen.engine.store.tables import read_records
from kodgen.errors import NothingKeptError
from kodgen.records import Rejected, Triplet

if TYPE_CHECKING:
    from kodgen.engine.building import Built

RULE = "-" * 72


async def preview(pipeline: Pipeline, rows: int, stop: Stop | None = None) -> list[str]:
    """Build `rows` questions of each subset in a folder that is deleted, and show all of them.

    Args:
        pipeline: The pipeline.
        rows: Questions of each subset.
        stop: Ends it early when it is told to.

    Returns:
        Lines for a terminal: every triplet whole, every reject with its reason, the funnel.

    Raises:
        KodgenError: As a build does.
    """
    with tempfile.TemporaryDirectory(prefix="kodgen-preview-") as folder:
        run = Path(folder) / pipeline.name
        built: Built | None = None
        # A preview of which nothing was kept is shown like any other.
        with suppress(NothingKeptError):
            built = await build(unserved(pipeline), run, limit=rows, stop=stop)
        lines = [*_triplets(run), *_rejects(run)]
        if built is not None:
            lines += [RULE, *funnel_lines(built.stages)]
        return lines


def unserved(pipeline: Pipeline) -> Pipeline:
    """The pipeline without its metrics: their port may be that of a build in progress."""
    engine = pipeline.engine.model_copy(update={"metrics_port": None})
    return pipeline.model_copy(update={"engine": engine})


def _triplets(run: Path) -> Iterator[str]:
    file = latest_rows(run, Triplet)
    for triplet in read_records(file, Triplet) if file is not None else ():
        passes = "".join(map(str, triplet.pass_sequence))
        yield RULE
        yield f"{triplet.id}  [{triplet.difficulty}, passes {passes}]"
        yield from ("", triplet.question, "", triplet.solution, "", triplet.test, "")


def _rejects(run: Path) -> Iterator[str]:
    for file in sorted(run.glob("*/rejected.parquet")):
        for rejected in read_records(file, Rejected):
            yield RULE
            yield f"{rejected.id}  rejected by {rejected.stage}: {rejected.reason}"
            yield f"  {rejected.evidence}"
