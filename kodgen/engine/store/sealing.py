"""Seals a finished stage: its journal becomes Parquet files and a manifest.

Rows come in the order of the stage's input, never of arrival, and what differs from run to run
(times, memory, messages) goes to `observations.parquet`, so the other files of two runs on the
same completions are the same byte for byte. The manifest is written last: a stage with a manifest
is done.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kodgen import __version__
from kodgen.engine.store.files import explained, file_digest, write_whole
from kodgen.engine.store.rundir import MANIFEST
from kodgen.engine.store.tables import ParquetSink, arrow_schema
from kodgen.engine.targets import BEYOND
from kodgen.engine.verify.missing import missing_in
from kodgen.errors import RunDirectoryError
from kodgen.records import Record, Rejected, Trial
from kodgen.stages.base import Outcome

if TYPE_CHECKING:
    import pyarrow as pa

KEPT, REJECTED, TRIALS = "kept.parquet", "rejected.parquet", "trials.parquet"
"""Files of a sealed stage; the last of one that made attempts."""
OBSERVATIONS = "observations.parquet"


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a manifest says of a finished stage."""

    stage: str
    version: int
    """The stage's."""
    rows_in: int
    kept: int
    rejected: Mapping[str, int]
    """Rejected rows by reason code."""
    trials: Mapping[str, int]
    """Trials by outcome; empty for a stage that makes none."""
    missing_modules: Mapping[str, int]
    """Trials that lacked a module, by its name."""
    measured: Mapping[str, float]
    """Seconds and tokens; they differ from run to run."""
    made_from: str
    """SHA-256 of the rows it was made from; empty for seeds."""
    made_by: str
    """Fingerprint of all else that decided its rows, as `kodgen.engine.fingerprints` has it."""
    digests: Mapping[str, str]
    """SHA-256 of each of its files, by name."""
    target: Mapping[str, Any]
    """What of a target was met, as `kodgen.engine.targets` reports it; empty without one."""
    facts: Mapping[str, Any]
    """What a table stage said of its table as a whole; empty for other stages."""

    @property
    def kept_digest(self) -> str:
        """SHA-256 of the rows it kept."""
        return self.digests[KEPT]


@dataclass(frozen=True, slots=True)
class Work:
    """What is known of a stage's work but its rows; the manifest repeats it."""

    stage: str
    version: int
    rows_in: int
    measured: Mapping[str, float]
    made_from: str = ""
    made_by: str = ""


def seal(
    folder: Path,
    work: Work,
    produces: type[Record],
    outcomes: Iterable[Outcome[Any]],
    *,
    with_trials: bool = False,
    target: Callable[[], Mapping[str, Any]] = dict,
) -> Sealed:
    """Write `kept`, `rejected` (and `trials`, `observations`) and the manifest of one stage.

    A manifest of an earlier sealing goes first: a kill in between leaves a stage that is not
    sealed, never one whose manifest speaks of other files. `target` is asked once all outcomes
    are written.
    """
    with explained(folder):
        (folder / MANIFEST).unlink(missing_ok=True)
    files = _Files(folder, produces, with_trials=with_trials)
    facts: dict[str, Any] = {}
    for outcome in outcomes:
        facts.update(outcome.facts)
        files.add(outcome)
    files.close()
    manifest = {
        "stage": work.stage,
        "stage_version": work.version,
        "kodgen_version": __version__,
        "made_from": work.made_from,
        "made_by": work.made_by,
        "rows_in": work.rows_in,
        "kept": files.kept.rows,
        "rejected": dict(sorted(files.reasons.items())),
        "trials": dict(sorted(files.said.items())),
        "missing_modules": dict(sorted(files.missing.items())),
        "target": dict(target()),
        "facts": facts,
        "files": {
            path.name: {"sha256": file_digest(path), "bytes": path.stat().st_size}
            for path in sorted(folder.glob("*.parquet"))
        },
        "measured": {
            **work.measured,
            **_yield(files.kept.rows, work.rows_in - files.reasons[BEYOND]),
        },
    }
    write_whole(folder / MANIFEST, json.dumps(manifest, indent=2) + "\n")
    return _sealed(manifest)


class _Files:
    """The Parquet files of a stage, and counts of what went into them."""

    def __init__(self, folder: Path, produces: type[Record], *, with_trials: bool) -> None:
        self.kept = ParquetSink(folder / KEPT, _stable_schema(produces))
        self._rejected = ParquetSink(folder / REJECTED, arrow_schema(Rejected))
        self._sinks = [self.kept, self._rejected]
        self._trials = self._observations = None
        if with_trials:
            self._trials = ParquetSink(folder / TRIALS, _stable_schema(Trial))
            self._sinks.append(self._trials)
        if with_trials or "verdict" in produces.model_fields:
            self._observations = ParquetSink(folder / OBSERVATIONS, _observation_schema())
            self._sinks.append(self._observations)
        self.reasons: Counter[str] = Counter()
        self.said: Counter[str] = Counter()
        self.missing: Counter[str] = Counter()

    def add(self, outcome: Outcome[Any]) -> None:
        """What became of a row or a table."""
        for row in outcome.kept:
            self.kept.add(_stable(row))
            self._observe(row)
        for turned_away in outcome.rejected:
            self._rejected.add(turned_away.model_dump(mode="json"))
            self.reasons[turned_away.reason] += 1
        if self._trials is None:
            return
        for trial in outcome.trials:
            self._trials.add(_stable(trial))
            self._observe(trial)
            self.said[trial.verdict.outcome] += 1
            module = missing_in(trial.verdict)
            if module is not None:
                self.missing[module] += 1

    def _observe(self, row: Any) -> None:
        verdict = getattr(row, "verdict", None)
        if self._observations is not None and verdict is not None and verdict.observed is not None:
            self._observations.add({"id": row.id, **verdict.observed.model_dump()})

    def close(self) -> None:
        """Let the files appear."""
        for sink in self._sinks:
            sink.close()


def _yield(kept: int, judged: int) -> dict[str, float]:
    return {"yield": round(kept / judged, 6)} if judged else {}


def _stable(record: Record) -> dict[str, Any]:
    """A record without what differs from run to run."""
    row = record.model_dump(mode="json")
    if "verdict" in row:
        del row["verdict"]["observed"]
    return row


def _stable_schema(model: type[Record]) -> "pa.Schema":
    import pyarrow as pa

    schema = arrow_schema(model)
    at = schema.get_field_index("verdict")
    if at < 0:
        return schema
    stable = [field for field in schema.field(at).type if field.name != "observed"]
    return schema.set(at, pa.field("verdict", pa.struct(stable)))


def _observation_schema() -> "pa.Schema":
    import pyarrow as pa

    from kodgen.records import Observation

    return pa.schema([pa.field("id", pa.string()), *arrow_schema(Observation)])


def read_sealed(folder: Path) -> Sealed | None:
    """What the manifest says; None if the stage is not sealed.

    Raises:
        RunDirectoryError: The manifest is broken, or a sealed file was changed or lost since.
    """
    path = folder / MANIFEST
    if not path.exists():
        return None
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        sealed = _sealed(manifest)
        files = manifest["files"].items()
        broken = [n for n, about in files if _digest_or_none(folder / n) != about["sha256"]]
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise RunDirectoryError(
            f"{path}: not a manifest of kodgen; delete it to have the stage sealed again"
        ) from error
    if broken:
        raise RunDirectoryError(
            f"{folder}: {', '.join(broken)} changed since the stage was sealed; delete "
            f"{path.name} there to have it sealed again from the journal"
        )
    return sealed


def read_matching(folder: Path, made_from: str, made_by: str) -> Sealed | None:
    """A stage as sealed before, from this input and in this way; None if it was not.

    Raises:
        RunDirectoryError: As `read_sealed` does.
    """
    sealed = read_sealed(folder)
    if sealed is None or (sealed.made_from, sealed.made_by) != (made_from, made_by):
        return None
    return sealed


def _digest_or_none(path: Path) -> str | None:
    return file_digest(path) if path.exists() else None


def _sealed(manifest: Mapping[str, Any]) -> Sealed:
    return Sealed(
        stage=manifest["stage"],
        version=manifest["stage_version"],
        rows_in=manifest["rows_in"],
        kept=manifest["kept"],
        rejected=manifest["rejected"],
        trials=manifest["trials"],
        missing_modules=manifest.get("missing_modules", {}),
        measured=manifest["measured"],
        made_from=manifest["made_from"],
        made_by=manifest.get("made_by", ""),
        digests={name: file["sha256"] for name, file in manifest["files"].items()},
        target=manifest.get("target", {}),
        facts=manifest.get("facts", {}),
    )
