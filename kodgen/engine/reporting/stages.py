"""The sealed stages of a run, found by their folders' names."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from kodgen.engine.reporting.files import rows
from kodgen.engine.store.rundir import STAGES
from kodgen.engine.store.sealing import (
    KEPT,
    OBSERVATIONS,
    REJECTED,
    TRIALS,
    Sealed,
    read_sealed,
)
from kodgen.errors import RunDirectoryError
from kodgen.report.run.values import StageFacts


@dataclass(frozen=True, slots=True)
class Stage:
    """A sealed stage of a run."""

    folder: Path
    sealed: Sealed

    @property
    def name(self) -> str:
        """The stage's."""
        return self.sealed.stage

    @property
    def kept(self) -> Path:
        """The file of the rows that it kept."""
        return self.folder / KEPT

    @property
    def rejected(self) -> Path:
        """The file of the rows that it turned away."""
        return self.folder / REJECTED

    @property
    def trials(self) -> Path | None:
        """The file of its attempts; None if it makes none."""
        path = self.folder / TRIALS
        return path if path.exists() else None

    @property
    def observations(self) -> Path | None:
        """The file of what its attempts took; None if it makes none."""
        path = self.folder / OBSERVATIONS
        return path if path.exists() else None


def sealed_stages(run: Path) -> tuple[tuple[Stage, ...], tuple[str, ...]]:
    """Stages in order, and the folders of those that are not sealed, or left from an older build.

    An edited pipeline may put another stage under the same number; the one that was made from the
    rows of the stages before it is the run's.

    Raises:
        RunDirectoryError: This is no run directory, no stage is sealed, or sealed files changed.
    """
    folders = sorted(folder for folder in run.glob(STAGES) if folder.is_dir())
    found: list[Stage] = []
    left: list[str] = []
    digests: set[str] = set()
    for number in sorted({folder.name[:2] for folder in folders}):
        here = [folder for folder in folders if folder.name.startswith(number)]
        sealed = [one for one in map(_stage, here) if one is not None]
        sealed.sort(key=lambda one: (one.sealed.made_from not in digests, one.folder.name))
        if sealed:
            found.append(sealed[0])
            digests.add(sealed[0].sealed.kept_digest)
        left += [folder.name for folder in here if not sealed or folder != sealed[0].folder]
    if not found:
        raise RunDirectoryError(
            f"{run}: holds no finished stage to report on; give the directory of a run, such as "
            "runs/quickstart, whose build has come that far"
        )
    return tuple(found), tuple(left)


def _stage(folder: Path) -> Stage | None:
    sealed = read_sealed(folder)
    return None if sealed is None else Stage(folder, sealed)


def facts(stage: Stage) -> StageFacts:
    """What the manifest says, and the rows by subset."""
    sealed = stage.sealed
    kept = Counter(row.get("subset", "") for row in rows(stage.kept, ["subset"]))
    rejected: dict[str, Counter[str]] = {}
    for row in rows(stage.rejected, ["id", "reason"]):
        rejected.setdefault(row["reason"], Counter())[subset_of(row["id"])] += 1
    return StageFacts(
        name=sealed.stage,
        version=sealed.version,
        rows_in=sealed.rows_in,
        kept=sealed.kept,
        rejected=sealed.rejected,
        trials=sealed.trials,
        missing_modules=sealed.missing_modules,
        measured=sealed.measured,
        kept_by=kept,
        rejected_by=rejected,
    )


def subset_of(row_id: str) -> str:
    """The subset that an id of a question, or of what came of one, names; empty for others.

    A subset's name has no slash, so the id tells it without the row being read.
    """
    kind, _, rest = row_id.partition(":")
    return rest.partition("/")[0] if kind == "question" else ""
