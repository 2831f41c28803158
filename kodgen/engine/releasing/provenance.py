"""What lies in a release's `provenance/`, and the copies that were dropped, as evidence."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kodgen.engine.prompt_files import SUFFIX, load_prompts
from kodgen.engine.releasing.exported import with_content
from kodgen.engine.releasing.opening import OpenRun
from kodgen.engine.reporting.files import rows
from kodgen.engine.store.files import explained, file_digest, write_whole
from kodgen.engine.store.tables import ParquetSink
from kodgen.errors import ConfigError
from kodgen.hub.facts import Config, Facts
from kodgen.methods.registry import method_of
from kodgen.prompts import Prompt
from kodgen.resources import shipped

FOLDER = "provenance"
IDS, MANIFEST, CHECKSUMS = "ids.parquet", "manifest.json", "sha256.txt"
_ABSOLUTE = re.compile(r"^(/|~|[A-Za-z]:[\\/])")


def pathless(value: Any) -> Any:
    """Settings without folders of the machine: of an absolute path, the last part stays."""
    if isinstance(value, Mapping):
        return {pathless(key): pathless(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [pathless(inner) for inner in value]
    if isinstance(value, str) and _ABSOLUTE.match(value) and "\n" not in value:
        return re.split(r"[\\/]", value.rstrip("\\/"))[-1]
    return value


def write_pipeline(folder: Path, run: OpenRun) -> None:
    """`pipeline.yaml`: the run's record.

    Raises:
        RunDirectoryError: It can't be written.
    """
    import yaml

    content = {"kodgen": dict(run.kodgen), "pipeline": pathless(run.pipeline)}
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
    write_whole(folder / FOLDER / "pipeline.yaml", text)


def write_prompts(folder: Path, run: OpenRun, base: Path) -> list[str]:
    """`prompts/`: the templates that the run used, told by their content hash.

    Args:
        folder: Of the release.
        run: The run.
        base: Folder to look for templates of the user's own in, beside those of kodgen.

    Returns:
        Those that are not at hand any more.

    Raises:
        RunDirectoryError: One can't be written.
    """
    place = folder / FOLDER / "prompts"
    with explained(place):
        place.mkdir(parents=True, exist_ok=True)
    missing = []
    for name, version in sorted((run.pipeline.get("prompts") or {}).items()):
        for prompt in _candidates(name, base):
            if prompt.version == version:
                write_whole(place / f"{name}{SUFFIX}", prompt.text)
                break
        else:
            missing.append(name)
    return missing


def _candidates(name: str, base: Path) -> Iterator[Prompt]:
    for folder in (shipped("prompts"), base, base / "prompts", base.parent / "prompts"):
        if (folder / f"{name}{SUFFIX}").is_file():
            yield load_prompts(folder)[name]
    try:
        template = method_of(name).template
    except ConfigError:
        return
    if template is not None:
        yield Prompt(template, name)


def write_ids(folder: Path, configs: Sequence[Config]) -> str:
    """`ids.parquet`: each row's config, subset, id and SHA-256 of its content.

    Returns:
        SHA-256 of the sorted ids of the config that is shown first.

    Raises:
        RunDirectoryError: It can't be written.
    """
    import pyarrow as pa

    columns = ("config", "subset", "id", "sha256")
    schema = pa.schema([(name, pa.string()) for name in columns])
    sink = ParquetSink(folder / FOLDER / IDS, schema)
    first = []
    for config in configs:
        for row, name, digest in with_content(folder, config):
            subset = str(row.values.get("subset") or "")
            sink.add(dict(zip(columns, (config.name, subset, name, digest), strict=True)))
            if config is configs[0]:
                first.append(name)
    sink.close()
    return hashlib.sha256("\n".join(sorted(first)).encode()).hexdigest()


def manifest(facts: Facts, ids: str) -> dict[str, Any]:
    """`manifest.json`: what the next release is compared with."""
    return {
        "format": 1,
        "name": facts.name,
        "version": facts.version,
        "kodgen": dict(facts.kodgen),
        "rows": {
            config.name: {split.name: split.rows for split in config.splits}
            for config in facts.configs
        },
        "ids": ids,
        "licence": facts.license.id,
        "licences": dict(facts.license.by_rows),
        "benchmarks": {
            one.name: " ".join(f"{key} {value}" for key, value in sorted(one.identity.items()))
            for one in facts.audited.benchmarks
        },
        "models": {
            f"{model} ({role})": f"{count} rows"
            for role, of_it in sorted(facts.models.items())
            for model, count in sorted(of_it.items())
        },
        "pipeline": facts.pipeline,
    }


def write_manifest(folder: Path, found: Mapping[str, Any]) -> None:
    """Write it.

    Raises:
        RunDirectoryError: It can't be written.
    """
    text = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
    write_whole(folder / FOLDER / MANIFEST, text)


def write_checksums(folder: Path) -> None:
    """`sha256.txt` of every other file; `sha256sum -c` in the folder reads it.

    Raises:
        RunDirectoryError: It can't be written.
    """
    own = folder / FOLDER / CHECKSUMS
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path != own)
    lines = [f"{file_digest(path)}  {path.relative_to(folder).as_posix()}\n" for path in files]
    write_whole(own, "".join(lines))


def write_clusters(folder: Path, run: OpenRun) -> None:
    """`dedup/clusters.parquet`: which question was dropped as a copy of which.

    Raises:
        RunDirectoryError: It can't be written, or a sealed file is broken.
    """
    import pyarrow as pa

    stage = next((one for one in run.stages if one.name == "deduplicate"), None)
    if stage is None:
        return
    with explained(folder / "dedup"):
        (folder / "dedup").mkdir(exist_ok=True)
    names = ("kept_id", "dropped_id", "reason")
    schema = pa.schema([(name, pa.string()) for name in names])
    schema = schema.append(pa.field("score", pa.float64()))
    sink = ParquetSink(folder / "dedup" / "clusters.parquet", schema)
    for row in rows(stage.rejected, ["id", "reason", "evidence"]):
        try:
            evidence = json.loads(row["evidence"])
        except ValueError:
            continue
        if isinstance(evidence, dict) and "kept_id" in evidence:
            sink.add(
                {
                    "kept_id": evidence["kept_id"],
                    "dropped_id": row["id"],
                    "reason": row["reason"],
                    "score": evidence.get("score"),
                }
            )
    sink.close()
