"""Where a run directory has its latest rows of a kind."""

from pathlib import Path

from kodgen.engine.steps import STEPS
from kodgen.engine.store.rundir import sealed_folders
from kodgen.engine.store.sealing import KEPT
from kodgen.records import Record


def latest_rows(run: Path, record: type[Record]) -> Path | None:
    """The file of the rows that the last sealed stage kept which makes such rows.

    Returns:
        None where no such stage is sealed yet.
    """
    made = {step.name for step in STEPS if step.kind.produces is record}
    folders = [folder for folder in sealed_folders(run) if folder.name[3:] in made]
    return folders[-1] / KEPT if folders else None
