"""Finds everything that a run directory holds of one question."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kodgen.engine.store.rundir import completions_file, pipeline_record, sealed_folders
from kodgen.engine.store.sealing import KEPT, OBSERVATIONS, REJECTED, TRIALS
from kodgen.errors import InputError
from kodgen.records import COMPLETED

if TYPE_CHECKING:
    import pyarrow as pa

KODCODE_INSTRUCT = "_I"
"""Ends an instruct row's id where it was released (KodCode-V1)."""
PARTS = ("/response/", "/pair/")
"""Begin the part of an id that is of a row made from a triplet."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What one sealed stage did with a question. Rows are as they are in its files."""

    stage: str
    kept: Sequence[Mapping[str, Any]]
    rejected: Sequence[Mapping[str, Any]]
    trials: Sequence[Mapping[str, Any]] = ()
    observed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By id of what ran."""


def question_of(name: str) -> str:
    """The question that any id of a run is of: of a row of the dataset, a trial, an answer, a pair.

    A seed's id is returned as it is.
    """
    for part in PARTS:
        name = name.split(part, 1)[0]
    name = name.removesuffix(COMPLETED).removesuffix(KODCODE_INSTRUCT)
    if name.startswith("question:"):
        # question:<subset>/<method>/<seeds>/<sample>, and a trial's attempt.
        name = "/".join(name.split("/")[:4])
    return name


def find_run(name: str, runs: Path) -> Path:
    """The run directory, of those in a folder, that has a question.

    Raises:
        InputError: None has it, or several have.
    """
    question = question_of(name)
    places = [record.parent for record in sorted(runs.glob("*/pipeline.yaml"))]
    found = [place for place in places if has(place, question)]
    if not found:
        raise InputError(
            f"{name}: no run in {runs} has it; ids are in the columns `question_id` of a dataset "
            "and `id` of a run's Parquet files. Name another run with --run"
        )
    if len(found) > 1:
        names = ", ".join(str(run) for run in found)
        raise InputError(f"{name}: several runs have it ({names}); name one with --run")
    return found[0]


def has(run: Path, question: str) -> bool:
    """Whether a question was drawn in a run."""
    return any(_rows(run / "00-seeds" / name, question).num_rows for name in (KEPT, REJECTED))


def passages(run: Path, question: str) -> list[Passage]:
    """What every sealed stage of a run did with a question, in their order.

    Raises:
        InputError: This is no run directory, or it does not have the question.
    """
    if not pipeline_record(run).is_file():
        raise InputError(f"{run}: not a run directory; give one that `kodgen build` made")
    if not has(run, question):
        raise InputError(f"{question}: {run} does not have it; leave --run out to search all runs")
    found = []
    for folder in sealed_folders(run):
        observed = _rows(folder / OBSERVATIONS, question).to_pylist()
        found.append(
            Passage(
                folder.name[3:],
                _rows(folder / KEPT, question).to_pylist(),
                _rows(folder / REJECTED, question).to_pylist(),
                _rows(folder / TRIALS, question).to_pylist(),
                {row["id"]: row for row in observed},
            )
        )
    return found


def drawn_from(run: Path, seed: str) -> list[str]:
    """The questions that were drawn from a seed."""
    import pyarrow.parquet as pq

    table = pq.read_table(run / "00-seeds" / KEPT, columns=["id", "seeds"])
    return [
        row["id"] for row in table.to_pylist() if any(one["id"] == seed for one in row["seeds"])
    ]


def raw_answers(run: Path, question: str) -> Iterator[tuple[str, str]]:
    """Request id and text of every stored answer about a question, as they were stored."""
    file = completions_file(run)
    if not file.exists():
        return
    mark = json.dumps(question)[1:-1].encode()
    with file.open("rb") as lines:
        for line in lines:
            if mark not in line:
                continue
            row = json.loads(line)
            name = row["custom_id"].split("/", 1)[1].rsplit("/", 1)[0]
            if name.removesuffix(COMPLETED) == question:
                message = row["response"]["body"]["choices"][0]
                text = message["message"]["content"] if "message" in message else message["text"]
                yield row["custom_id"], text


def _rows(file: Path, question: str) -> "pa.Table":
    """Rows of a file that are of a question; an empty table where there is no such file."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    if not file.exists():
        return pa.table({})
    name = pc.field("id")
    mine = (name == question) | (name == question + COMPLETED)
    for begin in (f"{question}/", f"{question}{COMPLETED}/"):
        mine |= pc.starts_with(name, begin)
    return pq.read_table(file, filters=mine)
