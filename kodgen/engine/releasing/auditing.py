"""The audit of a release: of all its texts as they stand in its files, and what of it goes out."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kodgen.contamination.summary import AuditReport
from kodgen.engine.auditing.request import AuditRequest
from kodgen.engine.auditing.running import audit as run_audit
from kodgen.engine.auditing.writing import PAGE, REPORT, ROWS
from kodgen.engine.releasing.stopping import Failed
from kodgen.engine.releasing.texts import PART
from kodgen.engine.store.files import file_digest, write_whole
from kodgen.engine.store.tables import ParquetSink
from kodgen.errors import InputError
from kodgen.hub.facts import Audited, BenchmarkFound
from kodgen.report.audit_page import render

CHECK = "audited, and clean"
COLUMNS = (
    "row",
    "id",
    "subset",
    "benchmark_similarity",
    "benchmark_task_id",
    "contamination_status",
    "contamination_layers",
)
"""Of `rows.parquet` in a release: evidence quotes tasks, and benchmark text does not go out."""
TEXTS = "the distinct texts of this release"
MOST = 1000


@dataclass(frozen=True, slots=True)
class Evidence:
    """An audit, and where it lies in full."""

    report: AuditReport
    folder: Path


async def audit_texts(
    texts: Path, folder: Path, benchmarks: Sequence[str], embedder: str
) -> Evidence:
    """Audit a table of texts.

    Raises:
        ConfigError: A benchmark is not named as it should be.
        InputError: A benchmark or the embedder can't be read.
        RunDirectoryError: The folder can't be written.
    """
    request = AuditRequest(
        source=str(texts), benchmarks=tuple(benchmarks), output=folder, embedder=embedder
    )
    return Evidence(await run_audit(request), folder)


def read_audit(folder: Path) -> Evidence:
    """An audit that was made before.

    Raises:
        InputError: There is none.
    """
    path = folder / REPORT
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        data.pop("pairs", None)
        report = AuditReport.model_validate(data)
    except (OSError, ValueError, ValidationError) as error:
        raise InputError(
            f"{path}: no report of `kodgen audit` ({error}); give its folder"
        ) from error
    if not (folder / ROWS).is_file():
        raise InputError(f"{folder}: {ROWS} is missing there; audit again")
    return Evidence(report, folder)


def check_audit(
    evidence: Evidence, accepted: Sequence[str], benchmarks: Sequence[str]
) -> Iterator[Failed]:
    """What of an audit stops a release.

    Args:
        evidence: The audit.
        accepted: SHA-256 of tables that are exactly what goes out.
        benchmarks: That it must have compared with, as `-b` has them.
    """
    report = evidence.report
    digests = list(report.provenance.dataset_identity.values())
    if len(digests) != 1 or digests[0] not in accepted:
        what = (
            f"{evidence.folder / REPORT} is of other bytes than those that go out; leave --audit "
            "out to have them audited now"
        )
        yield Failed(CHECK, what, (report.provenance.dataset,))
    compared = {one.name for one in report.provenance.benchmarks}
    missing = sorted({text.partition("=")[0] for text in benchmarks} - compared)
    if missing:
        what = f"the audit did not compare with {', '.join(missing)}; audit again with it"
        yield Failed(CHECK, what)
    for status, what in (
        ("contaminated", "benchmark text in rows"),
        ("error", "texts that no layer could look at"),
    ):
        named = [
            row["id"] + _why(row)
            for row in _rows(evidence.folder / ROWS)
            if row["contamination_status"] == status and not by_chance(row)
        ]
        if named:
            way = f"{what}; leave the rows out (`release.leave_out`)"
            yield Failed(CHECK, way, tuple(named[:MOST]), len(named))


def by_chance(row: Mapping[str, Any]) -> bool:
    """Whether a row of an audit is an attempt that merely does what some task asks.

    Of whole rows that is a leak: the question asks for the same. A wrong attempt at another
    question may do so by chance, such as one that swaps a text's case where lower case was asked.
    """
    return PART in row["id"] and row["contamination_layers"] == ["behaviour"]


def _why(row: Mapping[str, Any]) -> str:
    if row["contamination_status"] != "contaminated":
        return ""
    return f": {row['benchmark_task_id']} ({', '.join(row['contamination_layers'])})"


def audited(evidence: Evidence) -> Audited:
    """What the card says of it, once it is checked."""
    report = evidence.report
    flagged = {
        one.name: [
            sum(getattr(cell, kind) for cell in report.matrix if cell.benchmark == one.name)
            for kind in ("contaminated", "review")
        ]
        for one in report.provenance.benchmarks
    }
    return Audited(
        texts=report.totals.rows,
        review=report.totals.review,
        by_chance=sum(
            row["contamination_status"] == "contaminated" for row in _rows(evidence.folder / ROWS)
        ),
        layers=tuple(one.layer for one in report.layers if one.ran),
        not_run={one.layer: one.why_not for one in report.layers if not one.ran},
        embedder=str(report.provenance.embedder.get("name", "none")),
        benchmarks=tuple(
            BenchmarkFound(one.name, one.tasks, one.identity, *flagged[one.name])
            for one in report.provenance.benchmarks
        ),
    )


def write_evidence(evidence: Evidence, folder: Path) -> None:
    """Write what goes out: report and page without times, paths, and texts of benchmarks.

    Raises:
        RunDirectoryError: It can't be written.
    """
    report = _published(evidence.report)
    data = report.model_dump(mode="json", exclude={"measured"})
    write_whole(folder / REPORT, json.dumps(data, indent=2, ensure_ascii=False) + "\n")
    write_whole(folder / PAGE, render(report, ()))
    _copy_rows(evidence.folder / ROWS, folder / ROWS)


def _published(report: AuditReport) -> AuditReport:
    about = report.provenance
    benchmarks = tuple(
        one.model_copy(update={"source": _public(one.source)}) for one in about.benchmarks
    )
    identity = dict.fromkeys(["texts.parquet"], ", ".join(about.dataset_identity.values()))
    cleared = about.model_copy(
        update={"dataset": TEXTS, "dataset_identity": identity, "benchmarks": benchmarks}
    )
    return report.model_copy(update={"provenance": cleared, "measured": {}})


def _public(source: str) -> str:
    """A place without folders of this machine."""
    return source if source.startswith("hf:") else Path(source).name


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(columns=list(COLUMNS)):
            yield from batch.to_pylist()


def _copy_rows(source: Path, target: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pq.read_schema(source)
    sink = ParquetSink(target, pa.schema([schema.field(name) for name in COLUMNS]))
    for row in _rows(source):
        sink.add(row)
    sink.close()


def digest_of(texts: Path) -> str:
    """What tells a table of texts from any other."""
    return file_digest(texts)
