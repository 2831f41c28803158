"""What changed between two releases of a dataset, from the manifests and rows they carry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

ROW_COLUMNS = ("config", "subset", "id", "sha256")
"""Columns of `provenance/ids.parquet`; `sha256` is of the row's content. The first two may be left
out: all rows are then of one config, or of no subset."""

DEFAULT_CONFIG = "default"


@dataclass(frozen=True, slots=True)
class RowCounts:
    """How rows differ between two releases, by their ids."""

    added: int
    removed: int
    changed: int
    """Same id, other content."""
    same: int


@dataclass(frozen=True, slots=True)
class Named:
    """How a set of names (licences, benchmarks, models) differs."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[tuple[str, str, str], ...] = ()
    """(name, detail before, detail now)."""

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


@dataclass(frozen=True, slots=True)
class Changes:
    """What a release changed; against nothing, for the first one."""

    before: str | None
    """Version it is compared with; None for the first release."""
    counts: Mapping[tuple[str, str], tuple[int | None, int | None]]
    """Rows before and now by (config, split); None where there was, or is, no such split."""
    rows: Mapping[tuple[str, str], RowCounts] | None
    """By (config, subset); None where either release has no list of its rows."""
    licences: Named = field(default_factory=Named)
    benchmarks: Named = field(default_factory=Named)
    models: Named = field(default_factory=Named)
    pipeline: Named = field(default_factory=Named)
    """Keys of the pipeline, dotted, with their values as details."""


def changes(
    old: Mapping[str, Any] | None,
    new: Mapping[str, Any],
    *,
    old_rows: Any = None,
    new_rows: Any = None,
) -> Changes:
    """Work out what changed from one release's `provenance/manifest.json` to the next's.

    Args:
        old: Manifest of the released version; None for a first release.
        new: Manifest of the version to be released.
        old_rows: pyarrow table of the released `provenance/ids.parquet`, columns `ROW_COLUMNS`.
        new_rows: The same of the version to be released.
    """
    before: Mapping[str, Any] = old if old is not None else {}
    was, now = _splits(before), _splits(new)
    both = sorted(was.keys() | now.keys())
    told = old is not None and old_rows is not None and new_rows is not None
    return Changes(
        before=str(old["version"]) if old is not None else None,
        counts={key: (was.get(key), now.get(key)) for key in both},
        rows=compare_rows(old_rows, new_rows) if told else None,
        licences=compare_names(_named(before.get("licences")), _named(new.get("licences"))),
        benchmarks=compare_names(_named(before.get("benchmarks")), _named(new.get("benchmarks"))),
        models=compare_names(_named(before.get("models")), _named(new.get("models"))),
        pipeline=compare_names(_keys(before.get("pipeline")), _keys(new.get("pipeline"))),
    )


def compare_names(old: Mapping[str, str], new: Mapping[str, str]) -> Named:
    """Compare details by name; each list of the answer is sorted by name."""
    return Named(
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        changed=tuple(
            (name, old[name], new[name])
            for name in sorted(old.keys() & new.keys())
            if old[name] != new[name]
        ),
    )


def compare_rows(old: Any, new: Any) -> dict[tuple[str, str], RowCounts]:
    """Compare rows of two releases by (config, id), counted by (config, subset).

    A row whose subset changed is counted as changed, under the subset it has now.

    Args:
        old: pyarrow table with `ROW_COLUMNS`.
        new: pyarrow table with `ROW_COLUMNS`.
    """
    import pyarrow.compute as pc

    was = _whole(old).rename_columns(["config", "subset_was", "id", "was"])
    now = _whole(new).rename_columns(["config", "subset_now", "id", "now"])
    joined = was.join(now, keys=["config", "id"], join_type="full outer")
    subset = pc.coalesce(joined["subset_now"], joined["subset_was"])
    moved = pc.and_(
        pc.equal(joined["was"], joined["now"]),
        pc.equal(joined["subset_was"], joined["subset_now"]),
    )
    kind = pc.case_when(
        pc.make_struct(pc.is_null(joined["was"]), pc.is_null(joined["now"]), moved),
        "added",
        "removed",
        "same",
        "changed",
    )
    counted = (
        joined.select(["config"])
        .append_column("subset", subset)
        .append_column("kind", kind)
        .group_by(["config", "subset", "kind"])
        .aggregate([([], "count_all")])
    )
    found: dict[tuple[str, str], dict[str, int]] = {}
    for row in counted.to_pylist():
        of = found.setdefault((row["config"], row["subset"]), {})
        of[row["kind"]] = row["count_all"]
    return {
        key: RowCounts(
            added=of.get("added", 0),
            removed=of.get("removed", 0),
            changed=of.get("changed", 0),
            same=of.get("same", 0),
        )
        for key, of in sorted(found.items())
    }


def _whole(table: Any) -> Any:
    """The table with every one of `ROW_COLUMNS`, none of them null but by a mistake."""
    import pyarrow as pa

    for column, value in (("config", DEFAULT_CONFIG), ("subset", "")):
        if column not in table.column_names:
            table = table.append_column(column, pa.array([value] * len(table), pa.string()))
    return table.select(list(ROW_COLUMNS)).cast(
        pa.schema([(column, pa.string()) for column in ROW_COLUMNS])
    )


def _splits(manifest: Mapping[str, Any]) -> dict[tuple[str, str], int]:
    rows: Mapping[str, Mapping[str, int]] = manifest.get("rows", {})
    return {(config, split): n for config, of in rows.items() for split, n in of.items()}


def _named(value: Any) -> dict[str, str]:
    """Names with a detail each ('' for none), from a mapping, a list or one name."""
    if value is None:
        return {}
    if isinstance(value, Mapping):
        return {str(name): _text(detail) for name, detail in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return {str(name): "" for name in value}
    return {str(value): ""}


def _keys(value: Any, prefix: str = "") -> dict[str, str]:
    """Leaves of nested mappings by dotted key; a list is a leaf."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        return {prefix or "digest": _text(value)}
    found: dict[str, str] = {}
    for key, of in value.items():
        dotted = f"{prefix}.{key}" if prefix else str(key)
        if isinstance(of, Mapping):
            found.update(_keys(of, dotted))
        else:
            found[dotted] = _text(of)
    return found


def _text(value: Any) -> str:
    import json

    if isinstance(value, str):
        return value
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
