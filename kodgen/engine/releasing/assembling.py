"""Puts a release's folder together: everything but the rows, which are there already."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from kodgen.engine.releasing.auditing import Evidence, write_evidence
from kodgen.engine.releasing.opening import OpenRun
from kodgen.engine.releasing.provenance import (
    FOLDER,
    manifest,
    pathless,
    write_checksums,
    write_clusters,
    write_ids,
    write_manifest,
    write_pipeline,
    write_prompts,
)
from kodgen.engine.reporting.running import default_output, read_run
from kodgen.engine.store.files import explained, file_digest, write_whole
from kodgen.hub.card import card
from kodgen.hub.changelog import changelog, entry
from kodgen.hub.changes import changes
from kodgen.hub.croissant import croissant
from kodgen.hub.facts import Facts
from kodgen.hub.papers import citation, licence_text
from kodgen.hub.remote import Released
from kodgen.report.run.page import render


def assemble(
    folder: Path,
    run: OpenRun,
    facts: Facts,
    evidence: Evidence,
    base: Path,
    before: Released | None,
) -> list[str]:
    """Write everything beside the rows.

    Args:
        folder: Of the release, with its rows.
        run: Where they come from.
        facts: What is said of them.
        evidence: Their audit.
        base: Folder of the pipeline file.
        before: What was released last; None where nothing was, or nobody asked.

    Returns:
        What is not as it could be, in words.

    Raises:
        RunDirectoryError: A file can't be written, or one of the run is broken.
    """
    for name in (FOLDER, "audit"):
        with explained(folder / name):
            (folder / name).mkdir(exist_ok=True)
    write_evidence(evidence, folder / "audit")
    write_clusters(folder, run)
    write_pipeline(folder, run)
    missing = write_prompts(folder, run, base)
    found = manifest(facts, write_ids(folder, facts.configs))
    write_manifest(folder, found)
    told = _changes(folder, found, before, facts.version)
    write_whole(folder / "README.md", card(facts, told))
    write_whole(folder / "LICENSE", licence_text(facts))
    write_whole(folder / "CITATION.cff", citation(facts))
    digests = {
        file: file_digest(folder / file)
        for config in facts.configs
        for split in config.splits
        for file in split.files
    }
    text = json.dumps(croissant(facts, digests), indent=2, ensure_ascii=False)
    write_whole(folder / "croissant.json", text + "\n")
    if default_output(run.path).exists():
        _write_report(folder, run)
    write_checksums(folder)
    return [
        f"the prompt template {name!r} of this run is not at hand, so only its hash is released; "
        "keep the pipeline's `prompts` folder beside its file"
        for name in missing
    ]


def _changes(folder: Path, new: Mapping[str, Any], before: Released | None, version: str) -> str:
    """CHANGELOG.md, and this version's part of it; none where nothing was released before."""
    if before is None:
        return ""
    import pyarrow.parquet as pq

    rows = pq.read_table(folder / FOLDER / "ids.parquet")
    found = changes(before.manifest, new, old_rows=before.rows, new_rows=rows)
    write_whole(folder / "CHANGELOG.md", changelog(found, version, before.changelog))
    return f"{version}. {entry(found)}"


def _write_report(folder: Path, run: OpenRun) -> None:
    """The run's report without any row: rejected ones are copies, leaks, or seeds of others."""
    import yaml

    values = read_run(run.path)
    about = {"kodgen": dict(run.kodgen), "pipeline": pathless(run.pipeline)}
    shown = replace(
        values,
        pipeline=yaml.safe_dump(about, sort_keys=False, allow_unicode=True),
        about=pathless(values.about),
        samples=(),
        duplicates=None,
        slowest=(),
        failing=(),
    )
    with explained(folder / "report"):
        (folder / "report").mkdir(exist_ok=True)
    write_whole(folder / "report" / "index.html", render(shown))
