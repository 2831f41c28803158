"""What a run over a sample showed of each of its rows."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kodgen.engine.accounting import Effort, Efforts
from kodgen.engine.latest import latest_rows
from kodgen.engine.store.completions import Spent
from kodgen.engine.store.journal import FIELD
from kodgen.engine.store.rundir import STAGES
from kodgen.engine.store.sealing import KEPT
from kodgen.engine.store.tables import read_records
from kodgen.records import COMPLETED, Difficulty, Draw, Triplet


@dataclass(slots=True)
class Use:
    """What a row asked of a stage's model."""

    requests: int = 0
    prompt: int = 0
    completion: int = 0
    seconds: float = 0.0
    """Until the answers were there, summed over them."""


@dataclass(frozen=True, slots=True)
class SampledRow:
    """One draw's way through the stages."""

    subset: str
    survived: int
    """Stages that kept it."""
    uses: Mapping[str, Use] = field(default_factory=dict)
    """By stage; none for a stage that asked nothing for it."""
    difficulty: Difficulty | None = None
    """Of a verified row."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A finished run over a few rows of each subset."""

    rows: tuple[SampledRow, ...]
    stages: tuple[str, ...]
    """After the seeds, in order."""
    efforts: Mapping[str, Effort]
    seconds: float
    """On the clock, from the command to its end."""
    spent: Spent = field(default_factory=Spent)
    """What its answers took."""


def read_sample(run: Path, seconds: float) -> Sample:
    """Read a finished run directory.

    Raises:
        RunDirectoryError: It can't be read.
    """
    folders = sorted(run.glob(STAGES))[1:]
    stages = tuple(folder.name[3:] for folder in folders)
    kept = [_ids(folder / KEPT) for folder in folders]
    triplets = latest_rows(run, Triplet)
    assert triplets is not None, "every run has a stage that verifies"
    levels = {
        triplet.question_id: triplet.difficulty for triplet in read_records(triplets, Triplet)
    }
    spent = Spent()
    uses = _uses(run / "completions" / "completions.jsonl", spent)
    rows = tuple(
        SampledRow(
            subset=draw.subset,
            survived=sum(draw.id in ids for ids in kept),
            uses=uses[draw.id],
            difficulty=levels.get(draw.id),
        )
        for draw in read_records(run / "00-seeds" / KEPT, Draw)
    )
    efforts = Efforts(run / "effort.json")
    by_stage = {stage: efforts.of(stage) for stage in stages}
    return Sample(rows, stages, by_stage, seconds, spent)


def _ids(file: Path) -> set[str]:
    import pyarrow.parquet as pq

    schema = pq.read_schema(file)
    # What comes of a question has an id of its own, and the question's.
    column = "question_id" if "question_id" in schema.names else "id"
    return {str(name) for name in pq.read_table(file, columns=[column])[column].to_pylist()}


def _uses(completions: Path, spent: Spent) -> Mapping[str, Mapping[str, Use]]:
    """By row and stage; all of it is added to `spent`."""
    found: dict[str, dict[str, Use]] = defaultdict(lambda: defaultdict(Use))
    if not completions.exists():
        return found
    with completions.open(encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            stage, rest = line["custom_id"].split("/", 1)
            question = rest.rsplit("/", 1)[0].removesuffix(COMPLETED)
            use, note = found[question][stage], line[FIELD]["note"]
            spent.add(note)
            use.requests += 1
            use.prompt += note["prompt"] or 0
            use.completion += note["completion"] or 0
            use.seconds += note["seconds"] or 0.0
    return found
